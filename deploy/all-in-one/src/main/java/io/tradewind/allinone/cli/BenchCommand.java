package io.tradewind.allinone.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Stands in the list of commands only: the script starts the real one, which has libraries of its own. */
@Command(name = "bench", header = "Measure and audit a running instance; see bench --help.")
final class BenchCommand implements Callable<Integer> {

    @Unmatched
    private List<String> ignored;

    @Override
    public Integer call() {
        throw new CommandFailure(ExitCode.USAGE, "bench is started by the tradewind script, not by this program");
    }
}
