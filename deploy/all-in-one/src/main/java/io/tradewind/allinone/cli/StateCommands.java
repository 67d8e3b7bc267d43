package io.tradewind.allinone.cli;

import java.time.Clock;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands that look after what is stored. */
@Command(
        name = "state",
        header = "Look after the state: usage, backup, restore, verify, history, ...",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class StateCommands implements Runnable {

    @Spec
    private CommandSpec spec;

    private StateCommands() {}

    static CommandLine line(Console console) {
        CommandLine line = new CommandLine(new StateCommands());
        List.of(
                        new StateUsageCommand(console),
                        new StateWorkCommand.Compress(console),
                        new StateWorkCommand.Cleanup(console),
                        new StateBackupCommand(console, Clock.systemUTC()),
                        new StateRestoreCommand(console, Clock.systemUTC()),
                        new StateVerifyCommand(console),
                        new StateHistoryCommand(console),
                        new StateAtCommand(console),
                        new StateMigrateCommand(console))
                .forEach(line::addSubcommand);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? ./tradewind state --help lists them");
    }
}
