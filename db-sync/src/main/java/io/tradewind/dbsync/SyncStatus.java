package io.tradewind.dbsync;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.Advance;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.CatchUp;
import io.tradewind.dbsync.domain.Fault;
import io.tradewind.dbsync.domain.Held;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import io.tradewind.dbsync.domain.RowRate;
import io.tradewind.dbsync.postgres.Written;
import io.tradewind.servicekit.CheckResult;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Where following the logs stands: what health checks and gauges show. Written by the loop, on its event loop; read from
 * any thread, which may see the fields of two moments.
 */
final class SyncStatus {

    /** What the last batch that was not empty came to. */
    record LastBatch(int transactions, int changes, long rows, int statements) {}

    private final Clock clock;
    private final Duration lagWarning;
    private volatile Offsets offsets = Offsets.none();
    private volatile Offsets heads = Offsets.none();
    private volatile Map<Integer, Fault> faults = Map.of();
    private volatile String redisFailure = "not connected yet";
    private volatile String postgresFailure = "not connected yet";
    /** Whether the last batch took all that was known when it was read. */
    private volatile boolean caughtUp;
    /** Whether a hint came since the last read began. */
    private volatile boolean hinted;

    private volatile long[] standingDeadLetters = new long[Partitions.COUNT];
    private volatile boolean leads;
    private volatile LastBatch lastBatch = new LastBatch(0, 0, 0, 0);
    private final LongAdder errors = new LongAdder();
    private final RowRate rate = new RowRate();
    private final CatchUp catchUp = new CatchUp();
    private final Held held = new Held();
    private volatile long pauseMs;
    /** By partition: up to when Postgres is known to have everything. */
    private final AtomicLongArray partitionUpToMs = new AtomicLongArray(Partitions.COUNT);

    SyncStatus(Clock clock, Duration lagWarning) {
        this.clock = clock;
        this.lagWarning = lagWarning;
        nothingIsMissing();
    }

    /** Whether this process is the one that follows the logs; if not, nothing is known of them here. */
    void leads(boolean now) {
        leads = now;
        faults = Map.of();
        nothingIsMissing();
    }

    private void nothingIsMissing() {
        long now = clock.millis();
        for (int p = 0; p < Partitions.COUNT; p++) {
            partitionUpToMs.set(p, now);
        }
    }

    boolean isLeading() {
        return leads;
    }

    void redisWorks() {
        redisFailure = null;
    }

    void redisFailed(String why) {
        redisFailure = why;
        errors.increment();
    }

    void postgresWorks() {
        postgresFailure = null;
    }

    void postgresFailed(String why) {
        postgresFailure = why;
        errors.increment();
    }

    /** A hint came that there is more than was read. */
    void moreIsThere() {
        hinted = true;
    }

    /** What was hinted at until now is read; it is missing until it is written. */
    void beginsToRead() {
        caughtUp = caughtUp && !hinted;
        hinted = false;
    }

    /** @return the last version of each log */
    Offsets read(List<PartitionRead> reads) {
        Offsets seen = Offsets.none();
        for (PartitionRead read : reads) {
            seen = seen.with(read.partition(), read.head());
        }
        heads = seen;
        return seen;
    }

    void reached(Offsets committed) {
        offsets = committed;
    }

    /** @return the faults that are new, or say something else than before */
    List<Fault> faults(List<Fault> found) {
        Map<Integer, Fault> before = faults;
        Map<Integer, Fault> now = new TreeMap<>();
        found.forEach(fault -> now.put(fault.partition(), fault));
        faults = now;
        return found.stream()
                .filter(fault -> !fault.equals(before.get(fault.partition())))
                .toList();
    }

    /**
     * After a batch, also an empty one.
     *
     * @param readMs when it was read
     * @param seen the last version of each log when it was read
     */
    void done(Batch batch, long readMs, Offsets seen) {
        for (Advance advance : batch.advances()) {
            if (advance.to() < seen.of(advance.partition())) {
                partitionUpToMs.accumulateAndGet(advance.partition(), advance.atMs(), Math::max);
            }
        }
        for (int p = 0; p < Partitions.COUNT; p++) {
            if (offsets.of(p) >= seen.of(p)) {
                partitionUpToMs.set(p, readMs);
            }
        }
        caughtUp = !batch.backlog();
    }

    /** A batch was committed. */
    void wrote(Batch batch, Written written) {
        lastBatch = new LastBatch(batch.transactions(), batch.mutations(), written.rows(), written.statements());
        rate.add(clock.millis(), written.rows());
        long remaining = 0;
        for (int p = 0; p < Partitions.COUNT; p++) {
            remaining += lagVersions(p);
        }
        catchUp.onBatch(clock.millis(), batch.backlog(), batch.transactions(), remaining);
    }

    /** Failures of Postgres or Redis since the start. */
    long errors() {
        return errors.sum();
    }

    LastBatch lastBatch() {
        return lastBatch;
    }

    double rowsPerSecond() {
        return rate.perSecond(clock.millis());
    }

    Held held() {
        return held;
    }

    CatchUp catchUp() {
        return catchUp;
    }

    void pausing(long ms) {
        pauseMs = ms;
    }

    /** Versions that are in the log but not in Postgres. */
    long lagVersions(int partition) {
        return Math.max(0, heads.of(partition) - offsets.of(partition));
    }

    /** How long Postgres has been known to lack something; 0 when nothing is known to be missing. */
    long lagMs() {
        boolean working = redisFailure == null && postgresFailure == null;
        if (working && caughtUp && !hinted) {
            return 0;
        }
        Map<Integer, Fault> standing = faults;
        long upToMs = clock.millis();
        for (int p = 0; p < Partitions.COUNT; p++) {
            // What cannot be followed at all is said elsewhere, and louder.
            upToMs = standing.containsKey(p) ? upToMs : Math.min(upToMs, partitionUpToMs.get(p));
        }
        return clock.millis() - upToMs;
    }

    /** How long Postgres has been known to lack something of this partition; 0 when nothing is known to be missing. */
    long lagMs(int partition) {
        boolean working = redisFailure == null && postgresFailure == null;
        return working && lagVersions(partition) == 0
                ? 0
                : Math.max(0, clock.millis() - partitionUpToMs.get(partition));
    }

    /** The last version of the log, as far as it was seen. */
    long head(int partition) {
        return heads.of(partition);
    }

    /** Why the partition cannot be followed; {@code null} when it can. */
    Fault fault(int partition) {
        return faults.get(partition);
    }

    /** What keeps everything from being written; {@code null} when nothing does. */
    String trouble() {
        String postgres = postgresFailure;
        String redis = redisFailure;
        return postgres != null ? "Postgres: " + postgres : redis != null ? "Redis: " + redis : null;
    }

    /** Changes that wait in Postgres to be replayed, by partition. */
    void deadLettersAre(long[] byPartition) {
        standingDeadLetters = byPartition.clone();
    }

    long standingDeadLetters(int partition) {
        return standingDeadLetters[partition];
    }

    long pauseMs() {
        return pauseMs;
    }

    Offsets offsets() {
        return offsets;
    }

    int faultCount() {
        return faults.size();
    }

    CheckResult redis() {
        String failure = redisFailure;
        return failure == null || !leads ? CheckResult.up() : CheckResult.down(failure);
    }

    CheckResult postgres() {
        String failure = postgresFailure;
        return failure == null || !leads ? CheckResult.up() : CheckResult.down(failure);
    }

    CheckResult lag() {
        if (!leads) {
            return CheckResult.up().with("standby", true);
        }
        Map<Integer, Fault> standing = faults;
        long lagMs = lagMs();
        long setAside = Arrays.stream(standingDeadLetters).sum();
        CheckResult result;
        if (!standing.isEmpty()) {
            result = CheckResult.down(
                    standing.values().stream().map(Fault::message).collect(Collectors.joining("; ")));
        } else if (lagMs > lagWarning.toMillis()) {
            result = CheckResult.degraded("Postgres is " + lagMs + " ms behind the logs, more than "
                    + lagWarning.toMillis() + " ms (db-sync.lag-warning)");
        } else if (setAside > 0) {
            result = CheckResult.degraded(setAside + " changes did not fit their tables and were set aside; mend the"
                    + " cause, see the table dead_letters, then: ./tradewind sync replay");
        } else {
            result = CheckResult.up();
        }
        return result.with("lag_ms", lagMs)
                .with("versions_behind", versionsBehind())
                .with("interval_ms", pauseMs)
                .with("dead_letters", setAside);
    }

    private Map<String, Object> versionsBehind() {
        Map<String, Object> behind = new LinkedHashMap<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            long versions = lagVersions(p);
            if (versions > 0) {
                behind.put(Integer.toString(p), versions);
            }
        }
        return behind;
    }
}
