package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** How the workers are. Gauges are read on the thread that scrapes; closed by {@link Workers}. */
final class WorkforceMetrics {

    private final MeterRegistry meters;
    private final List<Gauge> gauges = new ArrayList<>();
    private final Counter replaced;
    private final Counter moved;
    private final AtomicReferenceArray<Share> shares;
    private volatile int atWork;

    /** What a worker has to do. */
    private record Share(int partitions, double load) {}

    WorkforceMetrics(MeterRegistry meters, int workers) {
        this.meters = meters;
        shares = new AtomicReferenceArray<>(workers);
        replaced = Counter.builder("tradewind.workers.replaced")
                .description("Workers replaced because their event loop no longer turned")
                .register(meters);
        moved = Counter.builder("tradewind.workers.moved.partitions")
                .description("Partitions moved to a worker with less load")
                .register(meters);
        gauges.add(Gauge.builder("tradewind.workers", () -> atWork)
                .description("Workers that are not being replaced")
                .register(meters));
        for (int i = 0; i < workers; i++) {
            int worker = i;
            shares.set(worker, new Share(0, 0));
            gauges.add(Gauge.builder("tradewind.worker.partitions", () -> shares.get(worker)
                            .partitions())
                    .description("Partitions that a worker has")
                    .tag("worker", Integer.toString(worker))
                    .register(meters));
            gauges.add(Gauge.builder(
                            "tradewind.worker.load", () -> shares.get(worker).load())
                    .description("Orders per second that a worker has decided on lately")
                    .tag("worker", Integer.toString(worker))
                    .register(meters));
        }
    }

    void atWork(int workers) {
        atWork = workers;
    }

    void share(int worker, int partitions, double load) {
        shares.set(worker, new Share(partitions, load));
    }

    void replaced() {
        replaced.increment();
    }

    void moved() {
        moved.increment();
    }

    void close() {
        gauges.forEach(meters::remove);
    }
}
