package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the changes of one entity, newest first, as far back as log and archive reach. */
@Command(
        name = "history",
        header = "Show every change of an entity, newest first.",
        description = "Goes back through the log and its archive in Postgres; one answer does a bounded amount of work,"
                + " and this asks on until enough was found or nothing older is there."
                + " With --json: an answer per line.")
final class StateHistoryCommand extends ClientCommand {

    private static final String MORE = "more";

    @Parameters(index = "0", paramLabel = "DOMAIN", description = "Such as order, position, account.")
    private String domain;

    @Parameters(index = "1", paramLabel = "ID", description = "Of the entity: an order's id, a position's symbol.")
    private String id;

    @Option(names = "--partition-key", description = "Partition key, mostly the account. Default: that of the API key.")
    private String key;

    @Option(names = "--limit", defaultValue = "50", description = "Changes, 1..500 (default ${DEFAULT-VALUE}).")
    private int limit;

    StateHistoryCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        Table table = new Table()
                .number("VERSION")
                .text("AT")
                .text("ACTOR")
                .text("TRANSACTION")
                .text("DOCUMENT");
        int found = 0;
        long before = 0;
        while (true) {
            ApiClient.Reply reply = api.get(path(limit - found, before));
            answer(reply, all -> all.path("changes").forEach(change -> table.row(row(change))));
            JsonNode answer = reply.json();
            found += answer.path("changes").size();
            String end = answer.path("end").asText();
            before = answer.path("looked_back_to").asLong();
            if (found >= limit || !end.equals(MORE)) {
                if (!json()) {
                    print(table, "No change is known of " + domain + " " + id + ".");
                    explain(end, before, answer.path("reason").asText());
                }
                return ExitCode.OK;
            }
        }
    }

    private static List<String> row(JsonNode change) {
        return List.of(
                text(change, "version"),
                text(change, "at"),
                text(change, "actor"),
                text(change, "transaction_id"),
                text(change, "type").equals("put") ? change.path("data").toString() : "deleted");
    }

    private void explain(String end, long lookedBackTo, String reason) {
        switch (end) {
            case "not_kept" ->
                console().out().println("What is older than version " + lookedBackTo + " is no longer kept.");
            case "out_of_reach" ->
                console().out().println("Looked back to version " + lookedBackTo + " only: " + reason);
            default -> {
                // The beginning, or as many as were asked for: nothing to explain.
            }
        }
    }

    private String path(int count, long before) {
        return "/v2/state/" + encoded(domain) + "/" + encoded(id) + "/history?limit=" + count
                + (key == null ? "" : "&key=" + encoded(key))
                + (before == 0 ? "" : "&before=" + before);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
