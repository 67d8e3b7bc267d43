package io.tradewind.benchmarks.state;

import io.tradewind.benchmarks.BenchException;
import io.tradewind.benchmarks.ScratchDirectory;
import io.tradewind.benchmarks.report.Machine;
import io.tradewind.embeddedservers.EmbeddedRedis;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The state-store alone, in this process, with a Redis of its own that fsyncs every append: how fast it commits, reads
 * and recovers, each beside the limit that it cannot pass.
 */
@Command(
        name = "bench-state",
        sortOptions = false,
        description = "Measures the state-store by itself, beside what Redis alone can do in the same run.")
public final class StateBenchMain implements Callable<Integer> {

    /** What can be measured. */
    enum Part {
        COMMITS,
        READS,
        RECOVERY
    }

    @Parameters(
            arity = "0..*",
            paramLabel = "PART",
            description = "commits, reads, recovery; all of them if none is given.")
    private List<Part> parts = List.of();

    @Option(names = "--entities", defaultValue = "100000", description = "Entities (default ${DEFAULT-VALUE}).")
    private int entities;

    @Option(
            names = "--recover-entities",
            defaultValue = "1000000",
            description = "Entities, and transactions behind the snapshot, to recover (default ${DEFAULT-VALUE}).")
    private int recoverEntities;

    @Option(names = "--seconds", defaultValue = "10", description = "Length of each measurement.")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "How often both sides take turns.")
    private int rounds;

    @Option(names = "--batch", defaultValue = "64", description = "Transactions in one command of a writer.")
    private int batch;

    @Option(names = "--writers", defaultValue = "32", description = "Commands on their way at the same time.")
    private int writers;

    private final PrintStream out = System.out;

    public static void main(String[] args) {
        System.exit(new CommandLine(new StateBenchMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        out.println(Machine.here() + "; Redis embedded, appendonly yes, appendfsync always");
        List<Part> wanted = parts.isEmpty() ? List.of(Part.values()) : parts;
        try (ScratchDirectory scratch = ScratchDirectory.create("bench-state")) {
            for (Part part : wanted) {
                Path own =
                        Files.createDirectory(scratch.path().resolve(part.name().toLowerCase(Locale.ROOT)));
                measure(part, own);
            }
            return 0;
        } catch (BenchException e) {
            out.println(e.getMessage());
            return 1;
        }
    }

    private void measure(Part part, Path directory) throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory.resolve("redis")))) {
            switch (part) {
                case COMMITS -> new CommitBench(redis, out, entities, batch, writers, seconds, rounds).run();
                case READS -> new ReadBench(redis, out, entities, seconds).run();
                case RECOVERY -> new RecoveryBench(redis, out, recoverEntities, directory).run();
            }
        }
    }
}
