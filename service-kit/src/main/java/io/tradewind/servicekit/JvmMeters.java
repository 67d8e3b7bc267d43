package io.tradewind.servicekit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** The meters that every JVM has: memory, collections, threads, processor, uptime, file descriptors. Closed by the kit. */
final class JvmMeters {
    /**
     * Micrometer's own meters of what is left count after every collection, those of the young generation too, which leave
     * the garbage of the old one where it is.
     */
    private static final String LEFT = "tradewind.heap.left";

    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final JvmHeapPressureMetrics pressure = new JvmHeapPressureMetrics();

    JvmMeters(MeterRegistry meters) {
        collections.bindTo(meters);
        pressure.bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        bindWhatIsLeft(meters);
    }

    private static void bindWhatIsLeft(MeterRegistry meters) {
        // Only pools in which objects stay have a threshold: with G1 the old generation, with others the tenured one or
        // all.
        List<MemoryPoolMXBean> lasting = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP
                        && pool.isUsageThresholdSupported()
                        && pool.getCollectionUsage() != null)
                .toList();
        Gauge.builder(LEFT, lasting, JvmMeters::left)
                .baseUnit("bytes")
                .description(
                        "Used in the old generation after the last collection that went through it (with G1 a mixed"
                                + " or a full one); 0 before the first")
                .strongReference(true)
                .register(meters);
    }

    private static double left(List<MemoryPoolMXBean> pools) {
        return pools.stream()
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    /** Stops listening to the garbage collectors. */
    void close() {
        collections.close();
        pressure.close();
    }
}
