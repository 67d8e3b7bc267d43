package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.orderqueue.domain.Desk;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

/** What the order-queue counts. Meters are made once and kept; called on the event loop. */
final class QueueMetrics {

    private final Counter accepted;
    private final Counter submitted;
    private final Counter reloaded;
    private final MeterRegistry meters;
    private final List<Gauge> gauges = new ArrayList<>();
    private final Map<DenialCode, Counter> denied = new EnumMap<>(DenialCode.class);
    private final Map<ExecutionReport.Kind, Counter> reports = new EnumMap<>(ExecutionReport.Kind.class);

    QueueMetrics(MeterRegistry meters) {
        this.meters = meters;
        accepted = Counter.builder("tradewind.orders.accepted")
                .description("Orders that became durable")
                .register(meters);
        submitted = Counter.builder("tradewind.orders.submitted")
                .description("Orders sent to the broker")
                .register(meters);
        reloaded = Counter.builder("tradewind.desk.reloads")
                .description("Times a desk was loaded anew because a commit was not done")
                .register(meters);
        for (DenialCode code : DenialCode.values()) {
            denied.put(
                    code,
                    Counter.builder("tradewind.orders.denied")
                            .description("Orders that were not taken, by reason")
                            .tag("code", code.name())
                            .register(meters));
        }
        for (ExecutionReport.Kind kind : ExecutionReport.Kind.values()) {
            reports.put(
                    kind,
                    Counter.builder("tradewind.broker.reports")
                            .description("Execution reports, by kind")
                            .tag("kind", kind.name())
                            .register(meters));
        }
    }

    /** Shows the lanes of all desks together. */
    void watch(List<DeskDriver> drivers) {
        for (Priority lane : Priority.values()) {
            gauge(
                    "tradewind.orders.queued",
                    "Orders waiting, by lane",
                    lane.text(),
                    drivers,
                    desk -> desk.queued(lane));
        }
        gauge("tradewind.orders.inflight", "Orders the broker has not answered yet", "all", drivers, Desk::inFlight);
    }

    /** Lets the gauges go: after a restart in the same process others show the new desks. */
    void close() {
        gauges.forEach(meters::remove);
    }

    void accepted() {
        accepted.increment();
    }

    void submitted(int orders) {
        submitted.increment(orders);
    }

    void reloaded() {
        reloaded.increment();
    }

    void denied(DenialCode code) {
        denied.get(code).increment();
    }

    void booked(List<ExecutionReport> batch) {
        for (ExecutionReport report : batch) {
            reports.get(report.kind()).increment();
        }
    }

    private void gauge(
            String name, String description, String lane, List<DeskDriver> drivers, ToIntFunction<Desk> value) {
        // Read on the thread that scrapes: a desk may be dropped between two looks at it.
        gauges.add(Gauge.builder(name, drivers, all -> all.stream()
                        .map(DeskDriver::desk)
                        .filter(Objects::nonNull)
                        .mapToInt(value)
                        .sum())
                .description(description)
                .tag("lane", lane)
                .register(meters));
    }
}
