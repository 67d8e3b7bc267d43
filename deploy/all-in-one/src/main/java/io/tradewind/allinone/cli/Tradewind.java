package io.tradewind.allinone.cli;

import io.tradewind.allinone.up.ConfigCommand;
import io.tradewind.allinone.up.UpCommand;
import io.tradewind.servicekit.config.ConfigException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line: puts the commands together, and turns every failure into one sentence on standard error and an exit
 * code. Blocking; the main thread.
 */
@Command(
        name = "tradewind",
        header = "Tradewind: an event-driven trading backbone.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = VersionCommand.Provider.class,
        subcommands = HelpCommand.class,
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the server denied it or answered an error; or up could not start",
            "2:wrong option, argument or configuration",
            "3:the machine lacks a JDK or Maven, or the build failed",
            "4:nothing runs there, or nothing answers",
            "5:the outcome is unknown: it may or may not have been done"
        })
public final class Tradewind implements Runnable {

    private static final int HELP_WIDTH = 100;
    private static final OptionSpec VERSION = OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Show the version.")
            .build();

    @Spec
    private CommandSpec spec;

    private Tradewind() {}

    /** Runs one command and returns its exit code. */
    public static int run(Console console, String... args) {
        CommandLine line = new CommandLine(new Tradewind());
        List.of(
                        new UpCommand(console),
                        new StatusCommand(console),
                        new OrderCommand(console),
                        new CancelCommand(console),
                        new OrdersCommand(console),
                        new PositionsCommand(console),
                        new AccountCommand(console),
                        new StreamCommand(console),
                        new TradingStateCommand.Halt(console),
                        new TradingStateCommand.Resume(console),
                        new ReconcileCommand(console),
                        new StrategiesCommand(console),
                        new LimitsCommand(console),
                        new ConfigCommand(console),
                        new VersionCommand(console),
                        new BenchCommand())
                .forEach(line::addSubcommand);
        line.addSubcommand(StateCommands.line(console));
        line.addSubcommand(SyncCommands.line(console));
        line.getCommandSpec().addOption(VERSION);
        addHelp(line);
        return line.setUsageHelpWidth(HELP_WIDTH)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.terminal() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((failure, given) -> badArguments(console, failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(console, failure))
                .execute(args);
    }

    private static void addHelp(CommandLine line) {
        line.getSubcommands().values().forEach(Tradewind::addHelp);
        CommandSpec spec = line.getCommandSpec();
        // The help command brings its own.
        if (!spec.optionsMap().containsKey("--help")) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? ./tradewind help lists them");
    }

    private static int badArguments(Console console, ParameterException failure) {
        CommandSpec spec = failure.getCommandLine().getCommandSpec();
        say(console, failure.getMessage());
        if (spec.parent() != null) {
            console.err().println("  ./" + spec.qualifiedName() + " --help shows how it is used.");
        }
        return ExitCode.USAGE;
    }

    private static int failed(Console console, Exception failure) {
        if (failure instanceof CommandFailure known) {
            say(console, known.getMessage());
            return known.exitCode();
        }
        if (failure instanceof ConfigException wrong) {
            wrong.problems().forEach(problem -> say(console, "configuration: " + problem));
            return ExitCode.USAGE;
        }
        say(console, "unexpected failure, please report it: " + failure);
        failure.printStackTrace(console.err());
        return ExitCode.FAILED;
    }

    private static void say(Console console, String sentence) {
        console.err().println("tradewind: " + sentence);
    }
}
