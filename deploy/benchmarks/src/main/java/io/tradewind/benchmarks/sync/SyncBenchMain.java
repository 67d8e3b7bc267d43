package io.tradewind.benchmarks.sync;

import io.tradewind.benchmarks.BenchException;
import io.tradewind.benchmarks.ScratchDirectory;
import io.tradewind.benchmarks.report.Machine;
import io.tradewind.embeddedservers.EmbeddedPostgres;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What db-sync writes to Postgres, alone, in this process, with a Postgres of its own that fsyncs every commit: how fast
 * batches go in beside what Postgres can do at best, and how many changes need no row of their own.
 */
@Command(
        name = "bench-sync",
        sortOptions = false,
        description = "Measures the writing of db-sync by itself, beside what Postgres alone can do in the same run.")
public final class SyncBenchMain implements Callable<Integer> {

    /** What can be measured. */
    enum Part {
        WRITES,
        COALESCING,
        COST
    }

    /** Of the load whose cost is measured: the compiler is done with it by then. */
    private static final int COST_WARM_UP_S = 20;

    @Parameters(arity = "0..*", paramLabel = "PART", description = "writes, coalescing, cost; all if none is given.")
    private List<Part> parts = List.of();

    @Option(names = "--rows", defaultValue = "2000", description = "Orders in a batch (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(names = "--rounds", defaultValue = "40", description = "Measured rounds (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--warmup", defaultValue = "40", description = "Rounds before them (default ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--statement-rows", defaultValue = "1000", description = "Rows in one statement.")
    private int statementRows;

    @Option(names = "--rate", defaultValue = "5742", description = "Orders per second of the load that is coalesced.")
    private int rate;

    @Option(names = "--interval", defaultValue = "100", description = "Milliseconds of it in one batch.")
    private int intervalMs;

    @Option(names = "--seconds", defaultValue = "10", description = "Length of that load.")
    private int seconds;

    private final PrintStream out = System.out;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SyncBenchMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        out.println(Machine.here() + "; Postgres embedded, fsync on, synchronous_commit on");
        List<Part> wanted = parts.isEmpty() ? List.of(Part.values()) : parts;
        try (ScratchDirectory scratch = ScratchDirectory.create("bench-sync");
                EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.in(scratch.path()))) {
            for (Part part : wanted) {
                try (LocalTables tables = new LocalTables(postgres, part.name(), statementRows)) {
                    switch (part) {
                        case WRITES -> new WriteBench(tables, out, rows, rounds, warmUp).run();
                        case COALESCING -> new CoalescingBench(tables, out, rate, intervalMs, seconds).run();
                        case COST -> new CostBench(tables, out, rate, intervalMs, COST_WARM_UP_S, seconds).run();
                    }
                }
            }
            return 0;
        } catch (BenchException e) {
            out.println(e.getMessage());
            return 1;
        }
    }
}
