package io.tradewind.benchmarks.micro;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Order;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encoding an order, done once per change of it; decoding, done only in recovery and in audits. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OrderJsonBenchmark {

    private Order order;
    private Json json;

    @Setup
    public void prepare() {
        order = SampleOrders.order(1);
        json = order.toJson();
    }

    @Benchmark
    public Json encode() {
        return order.toJson();
    }

    @Benchmark
    public Order decode() {
        return Order.fromJson(json);
    }
}
