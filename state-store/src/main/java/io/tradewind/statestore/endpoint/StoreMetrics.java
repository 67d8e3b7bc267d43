package io.tradewind.statestore.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the state-store counts. Meters are made once and kept; called on its event loop. */
final class StoreMetrics {

    private final Timer appends;
    private final DistributionSummary groupSize;
    private final Counter refused;
    private final Counter recoveries;

    private final Timer snapshots;
    private final Timer snapshotSlices;
    private final DistributionSummary snapshotBytes;
    private final Counter snapshotsFailed;
    private final Counter snapshotsDamaged;
    private final Counter trimmed;

    StoreMetrics(MeterRegistry meters) {
        appends = Timer.builder("tradewind.state.append")
                .description("Time from sending a commit to Redis until it is fsynced")
                .serviceLevelObjectives(
                        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMillis(100))
                .register(meters);
        groupSize = DistributionSummary.builder("tradewind.state.group")
                .description("Transactions in one commit")
                .serviceLevelObjectives(1, 8, 64, 512)
                .register(meters);
        refused = Counter.builder("tradewind.state.refused")
                .description("Commands turned away because too much is waiting for the log, or it is over its budget")
                .register(meters);
        recoveries = Counter.builder("tradewind.state.recoveries")
                .description("Times a partition had to find out what the log holds")
                .register(meters);
        snapshots = Timer.builder("tradewind.state.snapshot")
                .description("Time from the beginning of a snapshot until it is stored")
                .register(meters);
        snapshotSlices = Timer.builder("tradewind.state.snapshot.slice")
                .description("Time that a snapshot held the event loop at once")
                .serviceLevelObjectives(Duration.ofNanos(100_000), Duration.ofMillis(1))
                .register(meters);
        snapshotBytes = DistributionSummary.builder("tradewind.state.snapshot.size")
                .description("Size of a snapshot as stored")
                .baseUnit("bytes")
                .register(meters);
        snapshotsFailed = Counter.builder("tradewind.state.snapshot.failed")
                .description("Snapshots that could not be stored")
                .register(meters);
        snapshotsDamaged = Counter.builder("tradewind.state.snapshot.damaged")
                .description("Snapshots that were found damaged and set aside")
                .register(meters);
        trimmed = Counter.builder("tradewind.state.log.trimmed")
                .description("Log entries let go because they are no longer needed")
                .register(meters);
    }

    void watch(MeterRegistry meters, List<PartitionServer> servers) {
        Gauge.builder("tradewind.state.entities", servers, all -> all.stream()
                        .mapToLong(server -> server.partition().entities())
                        .sum())
                .description("Entities held")
                .register(meters);
        Gauge.builder("tradewind.state.bytes", servers, all -> all.stream()
                        .mapToLong(server -> server.partition().documentBytes())
                        .sum())
                .description("Bytes of their documents")
                .baseUnit("bytes")
                .register(meters);
    }

    void appended(int transactions, long nanos) {
        appends.record(nanos, TimeUnit.NANOSECONDS);
        groupSize.record(transactions);
    }

    void refused() {
        refused.increment();
    }

    void recovery() {
        recoveries.increment();
    }

    void snapshotSlice(long nanos) {
        snapshotSlices.record(nanos, TimeUnit.NANOSECONDS);
    }

    void snapshotTaken(long nanos, long bytes) {
        snapshots.record(nanos, TimeUnit.NANOSECONDS);
        snapshotBytes.record((double) bytes);
    }

    void snapshotFailed() {
        snapshotsFailed.increment();
    }

    void snapshotDamaged() {
        snapshotsDamaged.increment();
    }

    void trimmed(long entries) {
        trimmed.increment((double) entries);
    }
}
