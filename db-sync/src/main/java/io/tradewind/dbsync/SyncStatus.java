package io.tradewind.dbsync;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.Fault;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import io.tradewind.servicekit.CheckResult;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Where following the logs stands: what health checks and gauges show. Written by the loop, on its event loop; read from
 * any thread, which may see the fields of two moments.
 */
final class SyncStatus {

    private final Clock clock;
    private final Duration lagWarning;
    private volatile Offsets offsets = Offsets.none();
    private volatile long[] heads = new long[Partitions.COUNT];
    private volatile Map<Integer, Fault> faults = Map.of();
    private volatile String redisFailure = "not connected yet";
    private volatile String postgresFailure = "not connected yet";
    private volatile boolean caughtUp;
    private volatile long completeUpToMs;
    private final LongAdder deadLetters = new LongAdder();
    private volatile long pauseMs;

    SyncStatus(Clock clock, Duration lagWarning) {
        this.clock = clock;
        this.lagWarning = lagWarning;
        this.completeUpToMs = clock.millis();
    }

    void redisWorks() {
        redisFailure = null;
    }

    void redisFailed(String why) {
        redisFailure = why;
    }

    void postgresWorks() {
        postgresFailure = null;
    }

    void postgresFailed(String why) {
        postgresFailure = why;
    }

    /** A hint came that there is more than was read. */
    void moreIsThere() {
        caughtUp = false;
    }

    void read(List<PartitionRead> reads) {
        long[] seen = new long[Partitions.COUNT];
        reads.forEach(read -> seen[read.partition()] = read.head());
        heads = seen;
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
     */
    void done(Batch batch, int setAside, long readMs) {
        deadLetters.add(setAside);
        completeUpToMs = batch.backlog() ? Math.max(completeUpToMs, batch.oldestTimeMs()) : readMs;
        caughtUp = !batch.backlog();
    }

    void pausing(long ms) {
        pauseMs = ms;
    }

    /** Versions that are in the log but not in Postgres. */
    long lagVersions(int partition) {
        return Math.max(0, heads[partition] - offsets.of(partition));
    }

    /** How long Postgres has been known to lack something; 0 when nothing is known to be missing. */
    long lagMs() {
        boolean working = redisFailure == null && postgresFailure == null;
        return working && caughtUp ? 0 : Math.max(0, clock.millis() - completeUpToMs);
    }

    long pauseMs() {
        return pauseMs;
    }

    Offsets offsets() {
        return offsets;
    }

    long deadLetters() {
        return deadLetters.sum();
    }

    int faultCount() {
        return faults.size();
    }

    CheckResult redis() {
        String failure = redisFailure;
        return failure == null ? CheckResult.up() : CheckResult.down(failure);
    }

    CheckResult postgres() {
        String failure = postgresFailure;
        return failure == null ? CheckResult.up() : CheckResult.down(failure);
    }

    CheckResult lag() {
        Map<Integer, Fault> standing = faults;
        long lagMs = lagMs();
        CheckResult result;
        if (!standing.isEmpty()) {
            result = CheckResult.down(
                    standing.values().stream().map(Fault::message).collect(Collectors.joining("; ")));
        } else if (lagMs > lagWarning.toMillis()) {
            result = CheckResult.degraded("Postgres is " + lagMs + " ms behind the logs, more than "
                    + lagWarning.toMillis() + " ms (db-sync.lag-warning)");
        } else {
            result = CheckResult.up();
        }
        return result.with("lag_ms", lagMs)
                .with("versions_behind", versionsBehind())
                .with("interval_ms", pauseMs)
                .with("dead_letters", deadLetters.sum());
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
