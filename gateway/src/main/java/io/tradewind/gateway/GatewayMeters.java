package io.tradewind.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of the gateway, shared by its HTTP instances. Any thread. */
public final class GatewayMeters {

    private static final String DENIED = "tradewind_gateway_orders_denied";

    private final MeterRegistry registry;
    private final Counter accepted;
    private final Counter repeated;
    private final Counter unknown;
    private final Counter batches;
    private final Counter failures;
    private final Counter cut;
    private final Counter refusalsDropped;
    private final Timer latency;
    private final AtomicInteger ordersInFlight = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    /** By code; there are as many as there are codes. */
    private final Map<String, Counter> denied = new ConcurrentHashMap<>();

    public GatewayMeters(MeterRegistry registry) {
        this.registry = registry;
        accepted = counter("tradewind_gateway_orders_accepted", "Orders answered with 200 as new");
        repeated = counter("tradewind_gateway_orders_repeated", "Orders answered with 200 that were there already");
        unknown = counter("tradewind_gateway_orders_unknown", "Orders whose outcome could not be told");
        batches = counter("tradewind_gateway_order_batches", "Messages in which orders were passed on");
        failures = counter("tradewind_gateway_failures", "Requests answered with 500");
        cut = counter("tradewind_gateway_streams_cut", "Event streams cut because their client was too slow");
        refusalsDropped = counter(
                "tradewind_gateway_refusals_dropped",
                "Orders refused here of which there is no record, because of their number");
        latency = Timer.builder("tradewind_gateway_order_latency")
                .description("From an order's last byte to its answer")
                .serviceLevelObjectives(milliseconds(1, 2, 5, 10, 20, 50, 100, 250, 1_000, 5_000))
                .register(registry);
        Gauge.builder("tradewind_gateway_orders_in_flight", ordersInFlight, AtomicInteger::get)
                .description("Orders waiting for their answer")
                .register(registry);
        Gauge.builder("tradewind_gateway_streams", streams, AtomicInteger::get)
                .description("Open event streams")
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static Duration[] milliseconds(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }

    public void accepted() {
        accepted.increment();
    }

    public void repeated() {
        repeated.increment();
    }

    /** An order was refused and counted, and will have no record. */
    public void refusalDropped() {
        refusalsDropped.increment();
    }

    public void unknown() {
        unknown.increment();
    }

    public void denied(String code) {
        denied.computeIfAbsent(code, name -> Counter.builder(DENIED)
                        .description("Orders refused, by code")
                        .tag("code", name)
                        .register(registry))
                .increment();
    }

    public void latency(long nanos) {
        latency.record(Duration.ofNanos(nanos));
    }

    public void batch() {
        batches.increment();
    }

    public void failure() {
        failures.increment();
    }

    public void ordersInFlight(int change) {
        ordersInFlight.addAndGet(change);
    }

    /** A stream was opened (1) or is gone (-1). */
    public void streams(int change) {
        streams.addAndGet(change);
    }

    /** A stream is cut because its client is too slow. */
    public void cut() {
        cut.increment();
    }
}
