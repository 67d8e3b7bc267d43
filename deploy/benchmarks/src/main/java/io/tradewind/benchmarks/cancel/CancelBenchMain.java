package io.tradewind.benchmarks.cancel;

import io.tradewind.benchmarks.BenchException;
import io.tradewind.benchmarks.instance.Instance;
import io.tradewind.benchmarks.report.Machine;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tradewind bench-cancel}: how fast a cancel gets past a long queue. */
@Command(
        name = "bench-cancel",
        sortOptions = false,
        description = "Lets orders queue up in front of a slow broker and measures how long cancels take meanwhile.",
        footer = {
            "",
            "Start Tradewind with a slow broker and room for the queue:",
            "  ./tradewind up --set order-queue.paper.faults.latency=1s --set order-queue.max-lane=1000000 \\",
            "    --set order-queue.max-open-per-account=1000000 --set order-queue.max-queue-delay=1h \\",
            "    --set order-queue.paper.cash=1000000000000"
        })
public final class CancelBenchMain implements Callable<Integer> {

    private static final int MAX_CANCELS = 100_000;

    @Option(
            names = "--backlog",
            defaultValue = "100000",
            description = "Normal orders that wait meanwhile (default ${DEFAULT-VALUE}).")
    private int backlog;

    @Option(
            names = "--cancels",
            defaultValue = "500",
            description = "Cancels, one after the other (default ${DEFAULT-VALUE}).")
    private int cancels;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Data directory of the running Tradewind (default ${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it itself
    private boolean help;

    private final PrintStream out = System.out;

    public static void main(String[] args) {
        System.exit(new CommandLine(new CancelBenchMain()).execute(args));
    }

    @Override
    public Integer call() {
        out.println(Machine.here());
        try {
            if (backlog < 1 || cancels < 1 || cancels > MAX_CANCELS) {
                throw BenchException.usage("--backlog " + backlog + ", --cancels " + cancels
                        + ": must be at least 1, and cancels at most " + MAX_CANCELS);
            }
            Instance instance = Instance.of(data, new Instance(null, null, null, null, null, null, null));
            return new CancelBench(instance, backlog, cancels, out).run() ? 0 : BenchException.FAILED;
        } catch (BenchException e) {
            out.println("bench-cancel: " + e.getMessage());
            return e.exitCode();
        }
    }
}
