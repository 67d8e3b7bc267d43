package io.tradewind.allinone.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands that look after the tables in Postgres. */
@Command(
        name = "sync",
        header = "Look after Postgres: status, flush, verify, rebuild, replay.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class SyncCommands implements Runnable {

    /** Part of the path of what they ask. */
    static final String SERVICE = "sync";

    @Spec
    private CommandSpec spec;

    private SyncCommands() {}

    static CommandLine line(Console console) {
        CommandLine line = new CommandLine(new SyncCommands());
        List.of(
                        new SyncStatusCommand(console),
                        new SyncWorkCommand.Flush(console),
                        new SyncVerifyCommand(console),
                        new SyncWorkCommand.Rebuild(console),
                        new SyncWorkCommand.Replay(console))
                .forEach(line::addSubcommand);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? ./tradewind sync --help lists them");
    }
}
