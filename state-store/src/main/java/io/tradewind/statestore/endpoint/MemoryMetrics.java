package io.tradewind.statestore.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.statestore.domain.DomainUsage;
import io.tradewind.statestore.domain.MemoryPressure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToDoubleFunction;

/** What is counted about memory. Written on the event loop of the state-store, read by whoever scrapes. */
final class MemoryMetrics {

    /** Domains with gauges of their own; more are summed up as "other". */
    static final int MAX_DOMAINS = 64;

    private static final String OTHER = "other";

    /** What one domain takes in all partitions. */
    private static final class Domain {
        volatile DomainUsage usage = DomainUsage.NONE;
    }

    private final MeterRegistry meters;
    private final Map<String, Domain> domains = new HashMap<>();
    private final AtomicLongArray heapBytes = new AtomicLongArray(Partitions.COUNT);
    private final Counter packed;
    private final Counter retired;
    private final Counter refused;
    private final Timer packSlices;
    private final Timer retentionSlices;

    MemoryMetrics(MeterRegistry meters) {
        this.meters = meters;
        packed = Counter.builder("tradewind.state.memory.compressed")
                .description("Entities compressed because they rested")
                .register(meters);
        retired = Counter.builder("tradewind.state.memory.retired")
                .description("Entities that left by retention")
                .register(meters);
        refused = Counter.builder("tradewind.state.memory.refused")
                .description("Relaxed commands turned away because memory is scarce")
                .register(meters);
        packSlices =
                slices("tradewind.state.memory.compress.slice", "Time that compressing held the event loop at once");
        retentionSlices =
                slices("tradewind.state.memory.retention.slice", "Time that retention held the event loop at once");
    }

    private Timer slices(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(Duration.ofNanos(100_000), Duration.ofMillis(1))
                .register(meters);
    }

    void watch(MemoryPressure pressure, List<PartitionServer> servers) {
        Gauge.builder("tradewind.state.memory.level", pressure, p -> p.level().number())
                .description("How scarce memory is: 0 normal, 1 compress, 2 evict, 3 refuse")
                .register(meters);
        Gauge.builder("tradewind.state.memory.budget", pressure, MemoryPressure::budgetBytes)
                .description("Heap that the entities may take")
                .baseUnit("bytes")
                .register(meters);
        for (PartitionServer server : servers) {
            Gauge.builder("tradewind.state.memory.partition", heapBytes, all -> all.get(server.number()))
                    .description("Heap that the entities of a partition take, estimated")
                    .baseUnit("bytes")
                    .tag("partition", Integer.toString(server.number()))
                    .register(meters);
        }
        FunctionCounter.builder("tradewind.state.memory.unpacked", servers, all -> all.stream()
                        .mapToLong(server -> server.partition().unpacked())
                        .sum())
                .description("Blocks unpacked for a read or a change of a compressed entity")
                .register(meters);
    }

    /** What a partition takes now. */
    void heap(int partition, long bytes) {
        heapBytes.set(partition, bytes);
    }

    /** What each domain takes now, in all partitions together. */
    void usage(Map<String, DomainUsage> usage) {
        Map<String, DomainUsage> shown = new HashMap<>();
        usage.forEach((name, taken) -> shown.merge(
                domains.containsKey(name) || domains.size() < MAX_DOMAINS ? name : OTHER, taken, DomainUsage::plus));
        shown.forEach((name, taken) -> domains.computeIfAbsent(name, this::domain).usage = taken);
        domains.forEach((name, domain) -> domain.usage = shown.getOrDefault(name, DomainUsage.NONE));
    }

    private Domain domain(String name) {
        Domain domain = new Domain();
        gauge(name, "hot", "tradewind.state.memory.entities", domain, DomainUsage::hot, "Entities held");
        gauge(name, "cold", "tradewind.state.memory.entities", domain, DomainUsage::cold, "Entities held");
        String documents = "Bytes of documents, before they are compressed";
        gauge(name, "hot", "tradewind.state.memory.documents", domain, DomainUsage::hotBytes, documents);
        gauge(name, "cold", "tradewind.state.memory.documents", domain, DomainUsage::coldBytes, documents);
        String heap = "Bytes of heap, estimated";
        gauge(name, "hot", "tradewind.state.memory.heap", domain, DomainUsage::hotHeapBytes, heap);
        gauge(name, "cold", "tradewind.state.memory.heap", domain, DomainUsage::coldHeapBytes, heap);
        return domain;
    }

    private void gauge(
            String domain,
            String temperature,
            String name,
            Domain source,
            ToDoubleFunction<DomainUsage> value,
            String description) {
        Gauge.builder(name, source, s -> value.applyAsDouble(s.usage))
                .description(description)
                .tag("domain", domain)
                .tag("kind", temperature)
                .register(meters);
    }

    void packSlice(long nanos) {
        packSlices.record(nanos, TimeUnit.NANOSECONDS);
    }

    void retentionSlice(long nanos) {
        retentionSlices.record(nanos, TimeUnit.NANOSECONDS);
    }

    void packed(int entities) {
        packed.increment(entities);
    }

    void retired(int entities) {
        retired.increment(entities);
    }

    void refused() {
        refused.increment();
    }
}
