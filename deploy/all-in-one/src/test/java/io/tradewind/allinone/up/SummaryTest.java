package io.tradewind.allinone.up;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.ServiceState;
import io.tradewind.servicekit.ServiceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    @Test
    void shouldTellEverythingAUserNeeds() {
        String text = summary(List.of()).render();
        assertTrue(text.contains("Tradewind 0.1.0 is ready after 2.5 s"), text);
        assertTrue(text.contains("  gateway            up            12 ms"), text);
        assertTrue(text.contains("http://127.0.0.1:8080/?ticket=T"), text);
        assertTrue(text.contains("6.2.11 at redis://127.0.0.1:1  appendfsync=always"), text);
        assertTrue(text.contains("curl -sS http://127.0.0.1:8080/v2/orders"), text);
    }

    @Test
    void shouldQuoteThePathOfTheCredentialsForTheShell() {
        String text = summary(List.of()).render();
        assertTrue(text.contains("'/it'\\''s here/credentials.json'"), text);
    }

    @Test
    void shouldMarkAServerThatKeepsLessThanPromised() {
        assertTrue(summary(List.of("appendfsync=no")).render().contains("WEAKER THAN PROMISED"));
    }

    private static Summary summary(List<String> weak) {
        ServerFacts redis =
                new ServerFacts("Redis", "6.2.11", "redis://127.0.0.1:1", Map.of("appendfsync", "always"), weak);
        ServerFacts postgres =
                new ServerFacts("Postgres", "17.6", "postgresql://127.0.0.1:2/x", Map.of("fsync", "on"), List.of());
        return new Summary(
                "0.1.0",
                Duration.ofMillis(2500),
                List.of(new ServiceStatus("gateway", ServiceState.UP, Instant.EPOCH, Duration.ofMillis(12), null)),
                "http://127.0.0.1:8080",
                "http://127.0.0.1:8080/?ticket=T",
                "http://127.0.0.1:9090",
                "TW1",
                Path.of("/it's here/credentials.json"),
                List.of(redis, postgres),
                Path.of("/it's here"),
                Path.of("/it's here/logs/tradewind.log"));
    }
}
