package io.tradewind.allinone.cli;

import io.tradewind.allinone.backup.BackupException;
import io.tradewind.allinone.backup.BackupFile;
import io.tradewind.allinone.backup.LoadableCheck;
import io.tradewind.allinone.backup.Manifest;
import io.tradewind.allinone.backup.Restore;
import io.tradewind.allinone.datadir.DataDirectory;
import io.tradewind.allinone.datadir.DataDirectoryException;
import io.tradewind.allinone.up.ConfigOptions;
import io.tradewind.allinone.up.Logs;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.schema.SchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.servicekit.Version;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts the state of a backup into a data directory that nothing runs on. */
@Command(
        name = "restore",
        header = "Put the state of a backup into a data directory that nothing runs on.",
        description =
                "The backup is read in full before anything is changed. What the directory holds is moved aside to"
                        + " DIR/replaced-TIME, never deleted. The next up goes on from the backup, with an empty log and an empty"
                        + " Postgres: what happened after the backup is gone, and a venue has to be reconciled by hand.")
final class StateRestoreCommand implements Callable<Integer> {

    /** What says that the state lies somewhere else than in the data directory. */
    private static final List<String> ELSEWHERE =
            List.of("redis.uri", "postgres.uri", "state-store.snapshots.store", "state-store.snapshots.directory");

    @Parameters(index = "0", paramLabel = "FILE", description = "The backup, as ./tradewind state backup made it.")
    private Path file;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory; made when it is not there. Default: ./data")
    private Path data = Path.of(ServerOptions.DEFAULT_DATA);

    @Option(names = "--replace", description = "Move aside the state that the directory holds.")
    private boolean replace;

    @Option(names = "--json", description = "Print what was done as JSON.")
    private boolean json;

    @Mixin
    private ConfigOptions config;

    private final Console console;
    private final Clock clock;

    StateRestoreCommand(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        refuseElsewhere();
        Logs.silence();
        try (BackupFile backup = BackupFile.open(console.resolve(file))) {
            check(backup);
            try (DataDirectory directory = DataDirectory.openForRestore(console.resolve(data), Version.current())) {
                Path aside = restore(backup, directory);
                tell(backup, directory, aside);
            }
            return ExitCode.OK;
        } catch (BackupException | DataDirectoryException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage(), e);
        }
    }

    private void refuseElsewhere() {
        ELSEWHERE.stream().filter(key -> config.isSet(console, key)).findFirst().ifPresent(key -> {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    key + " is set, so the state of this instance lies outside of its data directory, and a restore"
                            + " cannot put it there; restore with a configuration without it");
        });
    }

    private void check(BackupFile backup) throws BackupException {
        try (Progress progress = new Progress(console, "Checking", Partitions.COUNT)) {
            for (Manifest.Item item : backup.manifest().snapshots()) {
                backup.read(item, new LoadableCheck(Schemas.current()));
                progress.step();
            }
        } catch (SchemaException e) {
            throw new BackupException("the backup is good, but not for this program: " + e.getMessage(), e);
        }
    }

    private Path restore(BackupFile backup, DataDirectory directory) throws BackupException {
        try (Progress progress = new Progress(console, "Restoring", Partitions.COUNT)) {
            return new Restore(backup, directory, clock.instant()).run(replace, progress);
        }
    }

    private void tell(BackupFile backup, DataDirectory directory, Path aside) {
        String from = backup.manifest().createdAt().toString();
        if (json) {
            console.out()
                    .println(ClientCommand.object()
                            .put("data", directory.root().toString())
                            .put("created_at", from)
                            .put("replaced", aside == null ? null : aside.toString()));
            return;
        }
        console.out().println("Restored " + directory.root() + " to " + from + ".");
        console.out()
                .println(
                        "Postgres begins empty: after ./tradewind up, fill it with ./tradewind sync rebuild, and check it"
                                + " with ./tradewind sync verify.");
        if (aside != null) {
            console.out().println("What was there is in " + aside + "; delete it when it is no longer needed.");
        }
    }
}
