package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.orderqueue.domain.Desk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the order-queue counts and shows. Meters are made once and kept; called on the event loop. Gauges are read on the
 * thread that scrapes, which sees what the event loop has shown with {@link #observe} last.
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
    private final List<Gauge> gauges = new ArrayList<>();
    private final Map<DenialCode, Map<Priority, Counter>> denied = new EnumMap<>(DenialCode.class);
    private final Map<Priority, Timer> waited = new EnumMap<>(Priority.class);
    private final Map<ExecutionReport.Kind, Counter> reports = new EnumMap<>(ExecutionReport.Kind.class);
    private final ShedLog shedLog = new ShedLog();

    private volatile View view = View.EMPTY;

    /** All desks together. */
    private record View(Map<Priority, Lane> lanes, int inFlight, int inFlightLimit, double drainPerSecond) {

        static final View EMPTY = new View(Map.of(), 0, 0, 0);

        Lane lane(Priority priority) {
            return lanes.getOrDefault(priority, Lane.EMPTY);
        }
    }

    private record Lane(int depth, int limit, double oldestSeconds) {
        static final Lane EMPTY = new Lane(0, 0, 0);
    }

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
        makeGauges();
    }

    private void makeGauges() {
        for (Priority lane : Priority.values()) {
            String text = lane.text();
            gauge("tradewind.orders.queued", "Orders waiting, by lane", text, () -> view.lane(lane).depth);
            gauge(
                    "tradewind.orders.queue.limit",
                    "Orders that may wait at the drain rate seen, by lane",
                    text,
                    () -> view.lane(lane).limit);
            gauge(
                    "tradewind.orders.oldest.seconds",
                    "Age of the order that waits longest, by lane",
                    text,
                    () -> view.lane(lane).oldestSeconds);
        }
        gauge("tradewind.orders.inflight", "Orders the broker has not answered yet", "all", () -> view.inFlight);
        gauge(
                "tradewind.orders.inflight.limit",
                "Orders the broker may have unanswered at the latency seen",
                "all",
                () -> view.inFlightLimit);
        gauge(
                "tradewind.orders.drain.rate",
                "Orders per second that go to the broker while some wait",
                "all",
                () -> view.drainPerSecond);
    }

    /** Shows how the desks are, all together. */
    void observe(List<DeskDriver> drivers, long nowMs) {
        List<Desk> desks =
                drivers.stream().map(DeskDriver::desk).filter(Objects::nonNull).toList();
        Map<Priority, Lane> lanes = new EnumMap<>(Priority.class);
        for (Priority lane : Priority.values()) {
            long oldestMs = desks.stream()
                    .mapToLong(desk -> nowMs - desk.waitingSinceMs(lane, nowMs))
                    .max()
                    .orElse(0);
            lanes.put(
                    lane,
                    new Lane(
                            desks.stream().mapToInt(desk -> desk.queued(lane)).sum(),
                            desks.stream()
                                    .mapToInt(desk -> desk.laneLimit(lane))
                                    .sum(),
                            oldestMs / 1_000.0));
        }
        view = new View(
                lanes,
                desks.stream().mapToInt(Desk::inFlight).sum(),
                desks.stream().mapToInt(Desk::inFlightLimit).sum(),
                desks.stream().mapToDouble(Desk::drainPerSecond).sum());
        shedLog.tell();
    }

    /** Lets the gauges go: after a restart in the same process others show the new desks. */
    void close() {
        shedLog.tell();
        gauges.forEach(meters::remove);
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

    private void gauge(String name, String description, String lane, Supplier<Number> value) {
        gauges.add(Gauge.builder(name, value)
                .description(description)
                .tag("lane", lane)
                .strongReference(true)
                .register(meters));
    }

    private static Duration[] buckets(long... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
