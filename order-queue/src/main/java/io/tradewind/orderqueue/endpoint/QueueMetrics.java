package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Priority;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What one worker counts, and how its desks are. Meters are made once and kept; those of all workers are the same, which
 * any thread may count with. On the event loop of the worker, which closes it.
 */
final class QueueMetrics {

    private static final Duration[] WAIT_BUCKETS = buckets(1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 60_000);
    private static final Duration[] LATENCY_BUCKETS = buckets(1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 5_000);

    private final Counter accepted;
    private final Counter submitted;
    private final Counter reloaded;
    private final Counter dailyLossBreaches;
    private final Counter denialsDropped;
    private final Timer brokerLatency;
    private final MeterRegistry meters;
    private final Map<DenialCode, Map<Priority, Counter>> denied = new EnumMap<>(DenialCode.class);
    private final Map<Priority, Timer> waited = new EnumMap<>(Priority.class);
    private final Map<ExecutionReport.Kind, Counter> reports = new EnumMap<>(ExecutionReport.Kind.class);
    private final ShedLog shedLog = new ShedLog();

    private volatile QueueView view = QueueView.EMPTY;

    QueueMetrics(MeterRegistry meters) {
        this.meters = meters;
        accepted = Counter.builder("tradewind.orders.accepted")
                .description("Orders that became durable")
                .register(meters);
        submitted = Counter.builder("tradewind.orders.submitted")
                .description("Orders sent to the broker")
                .register(meters);
        dailyLossBreaches = Counter.builder("tradewind.risk.daily.loss.breaches")
                .description("Accounts halted because they lost too much in a day")
                .register(meters);
        denialsDropped = Counter.builder("tradewind.orders.denials.dropped")
                .description("Denials that are counted but not recorded, because too many came at once")
                .register(meters);
        reloaded = Counter.builder("tradewind.desk.reloads")
                .description("Times a desk was loaded anew because a commit was not done")
                .register(meters);
        brokerLatency = Timer.builder("tradewind.broker.latency")
                .description("From sending an order to the broker's first answer for it")
                .serviceLevelObjectives(LATENCY_BUCKETS)
                .register(meters);
        for (Priority lane : Priority.values()) {
            waited.put(
                    lane,
                    Timer.builder("tradewind.orders.wait")
                            .description("From admission to sending, by lane")
                            .tag("lane", lane.text())
                            .serviceLevelObjectives(WAIT_BUCKETS)
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

    /** Shows how the desks are, all together. */
    void observe(Collection<DeskDriver> drivers, long nowMs) {
        view = QueueView.of(
                drivers.stream().map(DeskDriver::desk).filter(Objects::nonNull).toList(), nowMs);
        shedLog.tell();
    }

    /** How the desks were when they were looked at last; any thread. */
    QueueView view() {
        return view;
    }

    /** Logs what is left to tell. */
    void close() {
        view = QueueView.EMPTY;
        shedLog.tell();
    }

    void accepted() {
        accepted.increment();
    }

    void submitted(List<Order> orders, long nowMs) {
        submitted.increment(orders.size());
        for (Order order : orders) {
            waited.get(order.priority()).record(Math.max(0, nowMs - order.createdAtMs()), TimeUnit.MILLISECONDS);
        }
    }

    void dailyLossBreached() {
        dailyLossBreaches.increment();
    }

    void denialsDropped(long denials) {
        denialsDropped.increment((double) denials);
    }

    /** Cancels that were turned away for their rate. */
    void cancelsDenied(DenialCode code, int cancels) {
        Counter.builder("tradewind.cancels.denied")
                .description("Cancels that were not taken, by reason")
                .tag("code", code.name())
                .register(meters)
                .increment(cancels);
    }

    void reloaded() {
        reloaded.increment();
    }

    /** An order was not taken, for this reason. */
    void denied(DenialCode code, Priority lane) {
        denied.computeIfAbsent(code, c -> new EnumMap<>(Priority.class))
                .computeIfAbsent(lane, l -> Counter.builder("tradewind.orders.denied")
                        .description("Orders that were not taken, by reason and lane")
                        .tag("code", code.name())
                        .tag("lane", lane.text())
                        .register(meters))
                .increment();
        shedLog.denied(code, lane);
    }

    /** @param latenciesMs of those of them that were the first answer for an order */
    void booked(List<ExecutionReport> batch, List<Long> latenciesMs) {
        for (ExecutionReport report : batch) {
            reports.get(report.kind()).increment();
        }
        latenciesMs.forEach(ms -> brokerLatency.record(ms, TimeUnit.MILLISECONDS));
    }

    private static Duration[] buckets(long... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
