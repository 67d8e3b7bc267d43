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
                .description("Commands turned away because too much is waiting for the log")
                .register(meters);
        recoveries = Counter.builder("tradewind.state.recoveries")
                .description("Times a partition had to find out what the log holds")
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
}
