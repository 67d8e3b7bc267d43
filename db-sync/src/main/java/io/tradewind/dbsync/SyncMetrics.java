package io.tradewind.dbsync;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.ArchivedEntry;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.postgres.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The meters of db-sync. Registered when the service starts, removed when it stops. Any thread. */
final class SyncMetrics implements AutoCloseable {

    private static final String PREFIX = "tradewind.dbsync.";

    private final MeterRegistry registry;
    private final List<Meter> all = new ArrayList<>();
    private final Timer batchTime;
    private final Timer commitLag;
    private final DistributionSummary batchTransactions;
    private final Counter transactions;
    private final Counter changes;
    private final Counter rows;
    private final Counter partialRows;
    private final Counter auditRows;
    private final Counter archiveBytes;
    private final Counter archiveRawBytes;
    private final Counter statements;
    private final Counter deadLetters;
    private final Counter redisErrors;
    private final Counter postgresErrors;
    private final Counter refused;
    private final Counter retries;

    SyncMetrics(MeterRegistry registry, SyncStatus status) {
        this.registry = registry;
        batchTime = keep(Timer.builder(PREFIX + "batch")
                .description("Time to write one batch, from begin to commit")
                .serviceLevelObjectives(millis(5, 10, 25, 50, 100, 250, 500, 1_000, 5_000))
                .register(registry));
        commitLag = keep(Timer.builder(PREFIX + "commit.lag")
                .description(
                        "From the commit in the log to the commit in Postgres, of the oldest transaction of a batch")
                .serviceLevelObjectives(millis(50, 100, 200, 300, 500, 1_000, 5_000, 60_000))
                .register(registry));
        batchTransactions = keep(DistributionSummary.builder(PREFIX + "batch.transactions")
                .description("Transactions of the log in one batch")
                .serviceLevelObjectives(1, 10, 100, 1_000, 5_000)
                .register(registry));
        transactions = counter("transactions", "Transactions of the log that reached Postgres");
        changes = counter("changes", "Changes in them, before those of one entity in one batch were merged");
        rows = counter("rows", "Rows inserted, updated or removed");
        partialRows = counter("rows.partial", "Of them, rows of which only the changed columns were written");
        auditRows = counter("audit.rows", "Changes that went to the audit");
        archiveBytes = counter("archive.bytes", "Bytes of log entries that went to the archive, as stored");
        archiveRawBytes = counter("archive.raw.bytes", "The same before compression");
        keep(Gauge.builder(PREFIX + "archive.ratio", this, SyncMetrics::archiveRatio)
                .description("How many times smaller compression made what went to the archive; 1 before the first")
                .register(registry));
        keep(Gauge.builder(PREFIX + "rows.saved.ratio", this, SyncMetrics::savedRatio)
                .description("Part of the changes that needed no row of their own, because later ones came in the same"
                        + " batch; 0 before the first")
                .register(registry));
        statements = counter("statements", "Statements sent to Postgres");
        deadLetters = counter("dead.letters", "Changes that did not fit their table and were set aside");
        redisErrors = counter("redis.errors", "Reads of the logs that failed and were tried again");
        postgresErrors = counter("postgres.errors", "Batches and reads of offsets that failed and were tried again");
        refused = counter("refused", "Batches without effect because the offsets were not where they start from");
        retries = counter(
                "retries", "Batches that Postgres rolled back for another transaction and that were written again");
        gauge("rows.per.second", "Rows written per second, over the last ten", status, SyncStatus::rowsPerSecond);
        gauge("lag.ms", "How long Postgres has been known to lack something", status, s -> (double) s.lagMs());
        gauge("interval.ms", "Pause before the next read unless a hint comes", status, s -> (double) s.pauseMs());
        gauge("faults", "Partitions that cannot be followed", status, s -> (double) s.faultCount());
        gauge("held.bytes", "Log entries read and not yet in Postgres, as stored", status, s ->
                (double) s.held().bytes());
        gauge("held.bytes.most", "The most of them since the start", status, s ->
                (double) s.held().mostBytes());
        gauge("held.transactions", "Transactions in batches that are not yet committed", status, s ->
                (double) s.held().transactions());
        gauge("held.transactions.most", "The most of them since the start", status, s ->
                (double) s.held().mostTransactions());
        for (int p = 0; p < Partitions.COUNT; p++) {
            int partition = p;
            keep(Gauge.builder(PREFIX + "lag.versions", status, s -> (double) s.lagVersions(partition))
                    .description("Versions in the log that are not in Postgres")
                    .tag("partition", Integer.toString(p))
                    .register(registry));
            keep(Gauge.builder(PREFIX + "partition.lag.ms", status, s -> (double) s.lagMs(partition))
                    .description("How long Postgres has been known to lack something of a partition")
                    .tag("partition", Integer.toString(p))
                    .register(registry));
            keep(Gauge.builder(PREFIX + "dead.letters.standing", status, s -> (double) s.standingDeadLetters(partition))
                    .description("Changes that are set aside now")
                    .tag("partition", Integer.toString(p))
                    .register(registry));
        }
    }

    void written(Batch batch, Written written, Duration took, long lagMs) {
        batchTime.record(took);
        commitLag.record(Duration.ofMillis(Math.max(0, lagMs)));
        batchTransactions.record(batch.transactions());
        transactions.increment(batch.transactions());
        changes.increment(batch.mutations());
        rows.increment((double) written.rows());
        partialRows.increment((double) written.partialRows());
        auditRows.increment((double) written.auditRows());
        for (ArchivedEntry entry : batch.archive()) {
            archiveBytes.increment(entry.body().length);
            archiveRawBytes.increment(LogCodec.bodyBytes(entry.body()));
        }
        statements.increment(written.statements());
        deadLetters.increment(written.deadLetters());
    }

    private double archiveRatio() {
        double stored = archiveBytes.count();
        return stored == 0 ? 1 : archiveRawBytes.count() / stored;
    }

    private double savedRatio() {
        double all = changes.count();
        return all == 0 ? 0 : 1 - rows.count() / all;
    }

    void redisError() {
        redisErrors.increment();
    }

    void postgresError() {
        postgresErrors.increment();
    }

    void retried() {
        retries.increment();
    }

    void refused() {
        refused.increment();
    }

    @Override
    public void close() {
        all.forEach(registry::remove);
    }

    private Counter counter(String name, String description) {
        return keep(Counter.builder(PREFIX + name).description(description).register(registry));
    }

    private void gauge(String name, String description, SyncStatus status, ToDoubleFunction<SyncStatus> value) {
        keep(Gauge.builder(PREFIX + name, status, value)
                .description(description)
                .register(registry));
    }

    private <M extends Meter> M keep(M meter) {
        all.add(meter);
        return meter;
    }

    private static Duration[] millis(long... bounds) {
        Duration[] durations = new Duration[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            durations[i] = Duration.ofMillis(bounds[i]);
        }
        return durations;
    }
}
