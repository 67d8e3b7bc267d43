package io.tradewind.dbsync;

import io.tradewind.dbsync.domain.BatchLimits;
import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.DataSize;
import io.tradewind.servicekit.config.Doc;
import java.time.Duration;

/** How the logs are followed into Postgres: section {@code db-sync}. */
@Doc("The service that follows the logs into Postgres.")
public record DbSyncConfig(
        @Doc("Shortest pause between batches that leave nothing behind; with a backlog there is no pause. 10ms..1m.")
        Duration minInterval,

        @Doc("Longest pause when nothing changes and no hint comes. 10ms..1m.")
        Duration maxInterval,

        @Doc("Transactions of the log in one batch. 1..100000.")
        Integer maxBatchTransactions,

        @Doc("JSON in one batch. One transaction is always taken, however large. 64KiB..256MiB.")
        DataSize maxBatchSize,

        @Doc("Rows in one statement. 1..10000.") Integer maxStatementRows,

        @Doc("Log entries asked of each partition in one read. 1..10000.")
        Integer maxReadEntries,

        @Doc("Being behind for longer makes the health check say degraded. 1s..1h.")
        Duration lagWarning,

        @Doc(
                "How long the entries of the logs are kept in Postgres, for history; whole weeks leave at once. 7d..3650d.")
        Duration archiveRetention,

        @Doc("How long changes are kept in the audit, state_changes; whole weeks leave at once. 7d..3650d.")
        Duration auditRetention,

        @Doc("How long the batch in flight may take to finish when the service stops. 100ms..1m.")
        Duration stopTimeout) {

    static final Duration DEFAULT_MIN_INTERVAL = Duration.ofMillis(100);
    static final Duration DEFAULT_MAX_INTERVAL = Duration.ofSeconds(5);
    static final int DEFAULT_MAX_BATCH_TRANSACTIONS = 20_000;
    static final DataSize DEFAULT_MAX_BATCH_SIZE = DataSize.ofMiB(8);
    static final int DEFAULT_MAX_STATEMENT_ROWS = 1_000;
    static final int DEFAULT_MAX_READ_ENTRIES = 512;
    static final Duration DEFAULT_LAG_WARNING = Duration.ofSeconds(30);
    static final Duration DEFAULT_ARCHIVE_RETENTION = Duration.ofDays(90);
    static final Duration DEFAULT_AUDIT_RETENTION = Duration.ofDays(90);
    static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(3);

    public DbSyncConfig {
        minInterval = Check.orDefault(minInterval, DEFAULT_MIN_INTERVAL);
        maxInterval = Check.orDefault(maxInterval, DEFAULT_MAX_INTERVAL);
        maxBatchTransactions = Check.orDefault(maxBatchTransactions, DEFAULT_MAX_BATCH_TRANSACTIONS);
        maxBatchSize = Check.orDefault(maxBatchSize, DEFAULT_MAX_BATCH_SIZE);
        maxStatementRows = Check.orDefault(maxStatementRows, DEFAULT_MAX_STATEMENT_ROWS);
        maxReadEntries = Check.orDefault(maxReadEntries, DEFAULT_MAX_READ_ENTRIES);
        lagWarning = Check.orDefault(lagWarning, DEFAULT_LAG_WARNING);
        archiveRetention = Check.orDefault(archiveRetention, DEFAULT_ARCHIVE_RETENTION);
        auditRetention = Check.orDefault(auditRetention, DEFAULT_AUDIT_RETENTION);
        stopTimeout = Check.orDefault(stopTimeout, DEFAULT_STOP_TIMEOUT);

        Check.inRange("min-interval", minInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        Check.inRange("max-interval", maxInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        Check.that(
                minInterval.compareTo(maxInterval) <= 0,
                "min-interval",
                minInterval.toMillis() + "ms",
                "must not exceed max-interval (" + maxInterval.toMillis() + "ms)");
        Check.inRange("max-batch-transactions", maxBatchTransactions, 1, 100_000);
        Check.inRange("max-batch-size", maxBatchSize, DataSize.ofKiB(64), DataSize.ofMiB(256));
        Check.inRange("max-statement-rows", maxStatementRows, 1, 10_000);
        Check.inRange("max-read-entries", maxReadEntries, 1, 10_000);
        Check.inRange("lag-warning", lagWarning, Duration.ofSeconds(1), Duration.ofHours(1));
        Check.inRange("archive-retention", archiveRetention, Duration.ofDays(7), Duration.ofDays(3650));
        Check.inRange("audit-retention", auditRetention, Duration.ofDays(7), Duration.ofDays(3650));
        Check.inRange("stop-timeout", stopTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
    }

    BatchLimits batchLimits() {
        return new BatchLimits(maxBatchTransactions, maxBatchSize.bytes());
    }
}
