package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import picocli.CommandLine.Command;

/** Shows how the system is: a line per service with what its checks found, then everything else that was measured. */
@Command(name = "status", header = "Show each service, the servers in use and the machine.")
final class StatusCommand extends ClientCommand {

    private static final String BYTES = "_bytes";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    /** Told in the first lines. */
    private static final Set<String> TOLD = Set.of("status", "version", "time", "services", "score");

    StatusCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        return answer(api.get("/v2/system/status"), status -> {
            console()
                    .out()
                    .println("Tradewind " + text(status, "version") + " at " + api.url() + " is "
                            + text(status, "status") + ", score "
                            + status.path("score").path("points").asText("?"));
            status.path("score").path("reasons").forEach(reason -> console()
                    .out()
                    .println("  - " + (reason.isTextual() ? reason.asText() : reason)));
            console().out().println();
            print(services(status.path("services")), "The server names no services.");
            console().out().println();
            print(rest(status), "");
        });
    }

    private static Table services(JsonNode services) {
        Table table = new Table().text("SERVICE").text("STATE").text("INSTANCE").text("DETAILS");
        services.forEach(service -> {
            StringJoiner details = new StringJoiner(" ");
            for (Map.Entry<String, JsonNode> check : service.path("details").properties()) {
                String state = text(check.getValue(), "status");
                if (!state.equals("up")) {
                    details.add(check.getKey() + "=" + state);
                }
                check.getValue()
                        .path("details")
                        .properties()
                        .forEach(detail ->
                                details.add(detail.getKey() + "=" + value(detail.getKey(), detail.getValue())));
            }
            table.row(List.of(
                    text(service, "name"), text(service, "state"), text(service, "instance"), details.toString()));
        });
        return table;
    }

    private static Table rest(JsonNode status) {
        Table table = new Table().text("MEASURED").number("VALUE");
        status.properties().stream()
                .filter(field -> !TOLD.contains(field.getKey()))
                .forEach(field -> flatten(table, field.getKey(), field.getValue()));
        return table;
    }

    private static void flatten(Table table, String path, JsonNode value) {
        if (value.isObject()) {
            value.properties().forEach(field -> flatten(table, path + "." + field.getKey(), field.getValue()));
        } else {
            table.row(List.of(
                    path.endsWith(BYTES) ? path.substring(0, path.length() - BYTES.length()) : path,
                    value(path, value)));
        }
    }

    private static String value(String key, JsonNode value) {
        if (key.endsWith(BYTES) && value.isNumber()) {
            return size(value.asLong());
        }
        return value.isContainerNode() ? value.toString() : value.asText();
    }

    /** Bytes for people, to three digits. */
    static String size(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1000 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        int decimals = unit == 0 || amount >= 100 ? 0 : amount >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", amount, UNITS[unit]);
    }
}
