package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tradewind.orderqueue.domain.Mismatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What comparing with the broker counts. Gauges are read on the thread that scrapes. */
final class ReconciliationMetrics {

    private final MeterRegistry meters;
    private final List<Gauge> gauges = new ArrayList<>();
    private final Timer duration;
    private volatile int unresolved;

    ReconciliationMetrics(MeterRegistry meters) {
        this.meters = meters;
        duration = Timer.builder("tradewind.reconciliation.duration")
                .description("How long comparing with the broker took")
                .register(meters);
        gauges.add(Gauge.builder("tradewind.reconciliation.unresolved", () -> unresolved)
                .description("Mismatches with the broker that people have to look at")
                .register(meters));
    }

    /** Shows whether the broker can be reached; {@code up} is asked on any thread. */
    void watch(BooleanSupplier up) {
        gauges.add(Gauge.builder("tradewind.broker.connected", () -> up.getAsBoolean() ? 1 : 0)
                .description("Whether the broker can be reached")
                .register(meters));
    }

    void unresolved(int count) {
        unresolved = count;
    }

    void ended(RunRecord record, boolean done) {
        Counter.builder("tradewind.reconciliation.runs")
                .description("Comparisons with the broker, by reason and outcome")
                .tag("trigger", record.trigger().name().toLowerCase(Locale.ROOT))
                .tag("outcome", done ? "done" : "failed")
                .register(meters)
                .increment();
        if (done) {
            duration.record(Math.max(0, record.finishedMs() - record.startedMs()), TimeUnit.MILLISECONDS);
        }
        if (!record.dryRun()) {
            for (Mismatch mismatch : record.mismatches()) {
                Counter.builder("tradewind.reconciliation.mismatches")
                        .description("Mismatches with the broker, by kind and what was done")
                        .tag("kind", mismatch.kind().text())
                        .tag("resolution", mismatch.rule().text())
                        .register(meters)
                        .increment();
            }
        }
    }

    void close() {
        gauges.forEach(meters::remove);
    }
}
