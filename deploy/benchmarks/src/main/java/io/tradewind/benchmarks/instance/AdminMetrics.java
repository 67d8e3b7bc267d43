package io.tradewind.benchmarks.instance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What the running Tradewind says of itself in {@code /metrics}. Blocking, used by one thread. */
public final class AdminMetrics {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpRequest request;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** @param admin such as {@code http://127.0.0.1:9090} */
    public AdminMetrics(String admin) {
        this.request = HttpRequest.newBuilder(URI.create(admin + "/metrics"))
                .timeout(TIMEOUT)
                .build();
    }

    /** One look: every figure of the same moment. */
    public Look look() throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " was answered with " + response.statusCode());
        }
        return new Look(response.body());
    }

    /**
     * The figures of one moment.
     *
     * @param text in the text format of Prometheus
     */
    public record Look(String text) {

        /** The sum over all series of that name; NaN when there is none. */
        public double sum(String name) {
            return sum(name, "");
        }

        /** The sum over the series of that name with {@code label} among their labels; NaN when there is none. */
        public double sum(String name, String label) {
            double sum = Double.NaN;
            for (String line : text.lines().toList()) {
                boolean named = line.startsWith(name)
                        && line.length() > name.length()
                        && (line.charAt(name.length()) == ' ' || line.charAt(name.length()) == '{');
                if (named && line.contains(label)) {
                    double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                    sum = Double.isNaN(sum) ? value : sum + value;
                }
            }
            return sum;
        }
    }
}
