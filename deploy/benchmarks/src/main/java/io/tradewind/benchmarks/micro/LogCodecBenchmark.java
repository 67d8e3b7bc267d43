package io.tradewind.benchmarks.micro;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.schema.Schemas;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What an order costs in a commit of {@link SampleOrders#COMMIT}: paid once by the writer, and by each follower. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogCodecBenchmark {

    /** Whether any domain is above schema version 1; the orders are not, which has to be found out. */
    @Param({"1", "2"})
    public int positionSchema;

    private LogCodec codec;
    private List<CommittedTransaction> commit;
    private byte[] entry;

    @Setup
    public void open() {
        codec = new LogCodec(positionSchema == 1 ? new Schemas(List.of()) : Schemas.current());
        commit = SampleOrders.commit();
        entry = codec.encode(commit);
    }

    @TearDown
    public void close() {
        codec.close();
    }

    @Benchmark
    @OperationsPerInvocation(SampleOrders.COMMIT)
    public byte[] encode() {
        return codec.encode(commit);
    }

    @Benchmark
    @OperationsPerInvocation(SampleOrders.COMMIT)
    public List<CommittedTransaction> decode() {
        return codec.decode(entry);
    }
}
