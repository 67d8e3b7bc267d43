package io.tradewind.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.monitor.domain.Limits;
import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonitorConfigTest {

    @Test
    void shouldHaveTheseDefaults() {
        MonitorConfig config = Settings.defaults(MonitorConfig.class);
        assertEquals(
                List.of("state-store", "order-queue", "db-sync", "gateway", "strategy-executor", "monitor"),
                config.services());
        assertEquals(Duration.ofSeconds(5), config.heartbeatTimeout());
        assertEquals(Duration.ofSeconds(5), config.machineInterval());
        assertEquals(".", config.diskPath());
        assertEquals(Duration.ofSeconds(2), config.probeInterval());
        assertEquals(Duration.ofSeconds(2), config.probeTimeout());
        assertEquals(new Limits(90, 85, 95, 90, 50, 250, 90), config.limits());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heartbeat-timeout=100ms",
                "machine-interval=1ms",
                "disk-path= ",
                "probe-interval=1ms",
                "probe-timeout=1ms",
                "cpu-percent=0",
                "memory-percent=101",
                "disk-percent=0",
                "redis-memory-percent=200",
                "redis-ping-ms=0",
                "postgres-query-ms=0",
                "temperature-celsius=10"
            })
    void shouldNameTheKeyThatIsWrong(String override) {
        Settings.Builder builder = Settings.builder()
                .section(MonitorConfig.SECTION, MonitorConfig.class)
                .override(MonitorConfig.SECTION + "." + override);
        String message = assertThrows(ConfigException.class, builder::build).getMessage();
        assertTrue(message.contains("monitor." + override.substring(0, override.indexOf('='))), message);
    }
}
