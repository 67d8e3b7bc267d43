package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.orders.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** How full the queue is, over all workers. Read on the thread that scrapes; closed by the {@link OrderEndpoint}. */
final class QueueGauges {

    private final MeterRegistry meters;
    private final List<Gauge> gauges = new ArrayList<>();

    /** @param view any thread */
    QueueGauges(MeterRegistry meters, Supplier<QueueView> view) {
        this.meters = meters;
        for (Priority lane : Priority.values()) {
            String text = lane.text();
            gauge("tradewind.orders.queued", "Orders waiting, by lane", text, () -> view.get()
                    .lane(lane)
                    .depth());
            gauge(
                    "tradewind.orders.queue.limit",
                    "Orders that may wait at the drain rate seen, by lane",
                    text,
                    () -> view.get().lane(lane).limit());
            gauge(
                    "tradewind.orders.oldest.seconds",
                    "Age of the order that waits longest, by lane",
                    text,
                    () -> view.get().lane(lane).oldestSeconds());
        }
        gauge("tradewind.orders.inflight", "Orders the broker has not answered yet", "all", () -> view.get()
                .inFlight());
        gauge(
                "tradewind.orders.inflight.limit",
                "Orders the broker may have unanswered at the latency seen",
                "all",
                () -> view.get().inFlightLimit());
        gauge(
                "tradewind.orders.drain.rate",
                "Orders per second that go to the broker while some wait",
                "all",
                () -> view.get().drainPerSecond());
    }

    /** Lets the gauges go: after a restart in the same process others show the new desks. */
    void close() {
        gauges.forEach(meters::remove);
    }

    private void gauge(String name, String description, String lane, Supplier<Number> value) {
        gauges.add(Gauge.builder(name, value)
                .description(description)
                .tag("lane", lane)
                .strongReference(true)
                .register(meters));
    }
}
