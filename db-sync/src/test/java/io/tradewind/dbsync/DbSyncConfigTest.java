package io.tradewind.dbsync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.DataSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DbSyncConfigTest {

    @Test
    void shouldHaveTheseDefaults() {
        DbSyncConfig config = new DbSyncConfig(null, null, null, null, null, null, null, null, null, null);

        assertEquals(Duration.ofMillis(100), config.minInterval());
        assertEquals(Duration.ofSeconds(5), config.maxInterval());
        assertEquals(20_000, config.maxBatchTransactions());
        assertEquals(DataSize.ofMiB(8), config.maxBatchSize());
        assertEquals(1_000, config.maxStatementRows());
        assertEquals(512, config.maxReadEntries());
        assertEquals(Duration.ofSeconds(30), config.lagWarning());
        assertEquals(Duration.ofDays(90), config.archiveRetention());
        assertEquals(Duration.ofDays(90), config.auditRetention());
        assertEquals(Duration.ofSeconds(3), config.stopTimeout());
    }

    @Test
    void shouldNameKeyValueAndLimit() {
        ConfigException failure = assertThrows(
                ConfigException.class, () -> new DbSyncConfig(null, null, 0, null, null, null, null, null, null, null));

        assertTrue(
                failure.getMessage().contains("max-batch-transactions = 0: must be within 1..100000"),
                failure::getMessage);
    }

    @Test
    void shouldRefuseIntervalsTheWrongWayRound() {
        ConfigException failure = assertThrows(
                ConfigException.class,
                () -> new DbSyncConfig(
                        Duration.ofSeconds(2), Duration.ofSeconds(1), null, null, null, null, null, null, null, null));

        assertTrue(failure.getMessage().contains("must not exceed max-interval"), failure::getMessage);
    }
}
