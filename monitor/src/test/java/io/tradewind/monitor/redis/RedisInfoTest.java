package io.tradewind.monitor.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tradewind.monitor.domain.RedisStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisInfoTest {

    private static final String INFO = String.join(
            "\r\n",
            "# Server",
            "redis_version:6.2.11",
            "uptime_in_seconds:17",
            "",
            "# Memory",
            "used_memory:1048576",
            "maxmemory:0",
            "maxmemory_policy:noeviction",
            "# Persistence",
            "aof_enabled:1",
            "aof_last_write_status:ok");

    @Test
    void shouldReadFactsFromInfoAndConfig() {
        RedisStatus.Facts facts =
                RedisInfo.facts(RedisInfo.parse(INFO), Map.of("appendonly", "yes", "appendfsync", "always"));
        assertEquals("6.2.11", facts.version());
        assertEquals(17, facts.uptimeS());
        assertEquals(1_048_576, facts.usedMemoryBytes());
        assertEquals("noeviction", facts.evictionPolicy());
        assertEquals("yes", facts.appendOnly());
        assertEquals("always", facts.appendFsync());
        assertEquals("ok", facts.lastWriteStatus());
        assertEquals(0, facts.appendOnlyFileBytes());
    }

    @Test
    void shouldSayWhatIsUnknownWhereConfigIsForbidden() {
        RedisStatus.Facts facts =
                RedisInfo.facts(RedisInfo.parse(INFO), Map.of("appendonly", "unknown", "appendfsync", "unknown"));
        assertEquals("yes", facts.appendOnly());
        assertEquals("unknown", facts.appendFsync());
    }

    @Test
    void shouldRefuseNumbersThatAreNone() {
        assertThrows(
                IllegalArgumentException.class,
                () -> RedisInfo.facts(RedisInfo.parse("used_memory:much\r\n"), Map.of()));
    }
}
