package io.tradewind.allinone.up;

import io.tradewind.servicekit.ServiceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What {@code up} tells when it is ready. The secret is not in it, on a terminal or not: output is logged, scrolled back
 * and shared. The first order takes it out of the credentials file, so that the lines work as they stand all the same.
 *
 * @param dashboard address with a ticket that lets one browser in, once
 */
record Summary(
        String version,
        Duration readyAfter,
        List<ServiceStatus> services,
        String gateway,
        String dashboard,
        String admin,
        String keyId,
        Path credentials,
        List<ServerFacts> servers,
        Path data,
        Path log) {

    String render() {
        StringBuilder text = new StringBuilder();
        line(text, "Tradewind %s is ready after %s s", version, seconds(readyAfter));
        line(text, "");
        for (ServiceStatus service : services) {
            line(
                    text,
                    "  %-18s %-9s %6d ms",
                    service.service(),
                    service.state().name().toLowerCase(Locale.ROOT),
                    service.startDuration() == null
                            ? 0
                            : service.startDuration().toMillis());
        }
        line(text, "");
        line(text, "  Dashboard  %s  (the ticket lets one browser in, once)", dashboard);
        line(text, "  API key    %s  (its secret is in %s)", keyId, credentials);
        servers.forEach(server -> line(text, "  %-9s  %s", server.name(), describe(server)));
        line(text, "  Admin      %s  (/health, /metrics)", admin);
        line(text, "  Data       %s", data);
        line(text, "  Log        %s", log);
        line(text, "");
        line(text, "A first order:");
        line(text, "");
        line(text, "  curl -sS %s/v2/orders \\", gateway);
        line(text, "    -H 'APCA-API-KEY-ID: %s' \\", keyId);
        line(text, "    -H \"APCA-API-SECRET-KEY: $(%s)\" \\", secretCommand());
        line(text, "    -H 'Content-Type: application/json' \\");
        line(
                text,
                "    -d '{\"symbol\":\"AAPL\",\"qty\":\"10\",\"side\":\"buy\",\"type\":\"market\","
                        + "\"time_in_force\":\"day\"}'");
        line(text, "");
        line(text, "or ./tradewind order buy AAPL 10. Ctrl-C stops everything; the next up finds it all again.");
        return text.toString();
    }

    private String secretCommand() {
        String quoted = "'" + credentials.toString().replace("'", "'\\''") + "'";
        return "sed -n 's/.*\"secret_key\" *: *\"\\([^\"]*\\)\".*/\\1/p' " + quoted;
    }

    private static String describe(ServerFacts facts) {
        String settings = facts.settings().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
        return facts.version() + " at " + facts.address() + "  " + settings
                + (facts.weak().isEmpty() ? "" : "  WEAKER THAN PROMISED");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
