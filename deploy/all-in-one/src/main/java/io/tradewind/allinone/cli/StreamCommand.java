package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradewind.allinone.cli.ApiClient.Reply;
import io.tradewind.allinone.cli.EventReader.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Prints events as they happen until it is interrupted. When the connection is lost it resumes after the last event
 * that it printed.
 */
@Command(
        name = "stream",
        header = "Follow what happens, live; Ctrl-C ends it.",
        description = "With --json each line is {\"id\",\"event\",\"data\"}; an id can be given to --since later.")
final class StreamCommand extends ClientCommand {

    private static final int MAX_ERROR_BYTES = 64 * 1024;
    private static final long MAX_BACKOFF_MS = 5_000;
    private static final long FIRST_BACKOFF_MS = 100;

    /** What a person wants to see of an event, as far as it has them. */
    private static final List<String> SHOWN = List.of(
            "symbol",
            "side",
            "type",
            "qty",
            "limit_price",
            "status",
            "filled_qty",
            "filled_avg_price",
            "avg_entry_price",
            "price",
            "bid_price",
            "ask_price",
            "last_price",
            "cash",
            "equity",
            "id");

    @Option(
            names = "--topics",
            paramLabel = "T,...",
            description = "orders, positions, account, activities, market, ... Default: orders,positions,account")
    private String topics = "orders,positions,account";

    @Option(names = "--since", paramLabel = "CURSOR", description = "Resume after this event id.")
    private String since;

    @Option(names = "--count", paramLabel = "N", description = "End after N events.")
    private long count = Long.MAX_VALUE;

    private String cursor;
    private long printed;

    StreamCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        cursor = since;
        long backoffMs = FIRST_BACKOFF_MS;
        boolean connected = false;
        while (true) {
            try {
                HttpResponse<InputStream> response =
                        api.open("/v2/events?topics=" + encode(topics).replace("%2C", ","), cursor);
                refuseErrors(response);
                connected = true;
                long before = printed;
                if (follow(response.body())) {
                    return ExitCode.OK;
                }
                backoffMs = printed > before ? FIRST_BACKOFF_MS : backoffMs;
            } catch (IOException e) {
                if (!connected) {
                    throw api.failure(e, false);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.OK;
            }
            console().err().println("Connection lost; resuming ...");
            pause(backoffMs);
            backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS);
        }
    }

    private static void refuseErrors(HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                String text = new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
                throw new CommandFailure(
                        ExitCode.FAILED,
                        ApiClient.message(new Reply(response.statusCode(), text, ApiClient.parse(text))));
            }
        }
    }

    /** Prints until the response ends (false) or enough was printed (true). */
    private boolean follow(InputStream body) throws IOException {
        EventReader events = new EventReader(body);
        try (events) {
            for (Event event = events.next(); event != null; event = events.next()) {
                print(event);
                if (++printed >= count) {
                    return true;
                }
            }
            return false;
        } finally {
            cursor = events.lastId() == null ? cursor : events.lastId();
        }
    }

    private void print(Event event) {
        JsonNode data = ApiClient.parse(event.data());
        if (json()) {
            var line = object().put("id", event.id()).put("event", event.name());
            line.set("data", data.isMissingNode() ? line.textNode(event.data()) : data);
            console().out().println(line);
        } else {
            console().out().printf(Locale.ROOT, "%-10s %s%n", event.name(), summary(data, event.data()));
        }
        console().out().flush();
        if (event.name().equals("reset")) {
            console()
                    .err()
                    .println("The server no longer has the events since that cursor: some were missed, ask for the"
                            + " current state.");
        }
    }

    private static String summary(JsonNode data, String raw) {
        JsonNode entity = data.path("data").isObject() ? data.path("data") : data;
        String summary = SHOWN.stream()
                .filter(entity::hasNonNull)
                .flatMap(field -> Stream.of(field + "=" + entity.path(field).asText()))
                .collect(Collectors.joining(" "));
        return summary.isEmpty() ? raw : summary;
    }

    private static void pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
