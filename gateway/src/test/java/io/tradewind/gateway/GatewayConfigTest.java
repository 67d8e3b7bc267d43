package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.DataSize;
import io.tradewind.servicekit.config.KeyInfo;
import io.tradewind.servicekit.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigTest {

    @Test
    void shouldHaveTheseDefaults() {
        GatewayConfig config = Settings.defaults(GatewayConfig.class);

        assertEquals(
                new GatewayConfig(
                        "127.0.0.1",
                        8080,
                        false,
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        Path.of("keys.json"),
                        DataSize.ofKiB(64),
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(3),
                        Duration.ofHours(12),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10),
                        10_000,
                        512,
                        20_000,
                        4_096,
                        DataSize.ofMiB(8),
                        true,
                        1_000,
                        Duration.ofSeconds(15),
                        DataSize.ofMiB(4),
                        Duration.ofSeconds(10),
                        2_000,
                        DataSize.ofKiB(64)),
                config);
    }

    @Test
    void shouldExplainEveryKey() {
        Settings settings = Settings.builder()
                .section(GatewayConfig.SECTION, GatewayConfig.class)
                .build();

        for (KeyInfo key : settings.keys()) {
            assertEquals(false, key.doc().isBlank(), key.key());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port=80",
                "instances=0",
                "max-body=2MiB",
                "max-orders-per-batch=2049",
                "stream-heartbeat=1ms",
                "idle-timeout=10s",
                "prot=1"
            })
    void shouldRefuseWhatIsOutOfRange(String assignment) {
        Settings.Builder builder = Settings.builder()
                .section(GatewayConfig.SECTION, GatewayConfig.class)
                .override("gateway." + assignment);

        assertThrows(ConfigException.class, builder::build);
    }
}
