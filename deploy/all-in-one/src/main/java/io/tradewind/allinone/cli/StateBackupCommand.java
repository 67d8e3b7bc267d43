package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.allinone.backup.BackupException;
import io.tradewind.allinone.backup.BackupFile;
import io.tradewind.allinone.backup.BackupFolder;
import io.tradewind.allinone.backup.BackupWriter;
import io.tradewind.allinone.backup.LoadableCheck;
import io.tradewind.allinone.backup.Manifest;
import io.tradewind.allinone.datadir.Endpoints;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.schema.SchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.servicekit.Version;
import io.tradewind.statestore.snapshot.DirectorySnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a snapshot of every partition of a running instance, and puts them into one file. */
@Command(
        name = "backup",
        header = "Put the state of a running instance into one file.",
        description =
                "Every partition as it is at one moment: all its accounts, orders, positions and what else there is."
                        + " The file is read back in full before it gets its name, and never overwrites another. Orders go on"
                        + " meanwhile. The history of before, the keys and the rows in Postgres are not in it.")
final class StateBackupCommand extends ClientCommand {

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The file to be made; or a folder, for a file in it that is named by the time.")
    private Path target;

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "With a folder: delete all but the N newest backups in it afterwards.")
    private Integer keep;

    private final Clock clock;

    StateBackupCommand(Console console, Clock clock) {
        super(console);
        this.clock = clock;
    }

    @Override
    int run(ApiClient api) {
        Instant now = clock.instant();
        Path named = console().resolve(target);
        BackupFolder folder = Files.isDirectory(named) ? new BackupFolder(named) : null;
        if (keep != null && (keep < 1 || folder == null)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    keep < 1
                            ? "--keep " + keep + " must be at least 1"
                            : "--keep needs a folder that is there, and " + named + " is none");
        }
        Path file = folder == null ? named : folder.at(now);
        Path snapshots = snapshots();
        try (BackupWriter writer = BackupWriter.create(file)) {
            new Copy(snapshots, writer).run(api);
            verify(writer.finish(now, Version.current()));
            writer.publish();
            tell(file, keep == null ? List.of() : folder.keep(keep));
            return ExitCode.OK;
        } catch (BackupException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Where the running instance keeps its snapshots. */
    private Path snapshots() {
        Path directory = server().directory(console());
        if (directory == null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "backup reads the snapshots of the instance, so it takes --data on its machine and no --url");
        }
        try {
            String found = Endpoints.read(directory).map(Endpoints::snapshots).orElse("");
            if (found.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "the instance on " + directory + " keeps no snapshots in a folder"
                                + " (state-store.snapshots.store is not directory), so there is nothing to back up from");
            }
            return Path.of(found);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Copies each snapshot as soon as it is taken, long before newer ones could replace it. */
    private final class Copy {

        private final Path snapshots;
        private final BackupWriter writer;
        private BackupException failure;

        Copy(Path snapshots, BackupWriter writer) {
            this.snapshots = snapshots;
            this.writer = writer;
        }

        void run(ApiClient api) throws BackupException {
            try (Progress progress = new Progress(console(), "Taking snapshots", Partitions.COUNT)) {
                new PartitionRun(api, "state", "snapshot", true)
                        .run(progress, this::take)
                        .requireAll();
            }
            if (failure != null) {
                throw failure;
            }
        }

        private void take(String line) {
            JsonNode taken = ApiClient.parse(line);
            if (failure != null || taken.hasNonNull("error")) {
                return;
            }
            int partition = taken.path("partition").asInt();
            long version = taken.path("version").asLong();
            try {
                SnapshotId id = new SnapshotId(
                        partition,
                        version,
                        text(taken, "name"),
                        taken.path("bytes").asLong());
                writer.add(partition, version, DirectorySnapshotStore.file(snapshots, id));
            } catch (IllegalArgumentException e) {
                failure = new BackupException("partition " + partition + ": " + e.getMessage(), e);
            } catch (BackupException e) {
                failure = e;
            }
        }
    }

    /** A backup that cannot be read is found out now, not on the day it is needed. */
    private void verify(Path file) throws BackupException {
        try (BackupFile backup = BackupFile.open(file);
                Progress progress = new Progress(console(), "Reading back", Partitions.COUNT)) {
            for (Manifest.Item item : backup.manifest().snapshots()) {
                backup.read(item, new LoadableCheck(Schemas.current()));
                progress.step();
            }
        } catch (SchemaException e) {
            throw new BackupException("this program cannot read what the instance wrote: " + e.getMessage(), e);
        }
    }

    private void tell(Path file, List<Path> deleted) throws IOException {
        long bytes = Files.size(file);
        if (json()) {
            ObjectNode json = object().put("file", file.toString()).put("bytes", bytes);
            deleted.forEach(old -> json.withArray("deleted").add(old.toString()));
            console().out().println(json);
            return;
        }
        console().out().println("Backup: " + file + ", " + StatusCommand.size(bytes) + ".");
        deleted.forEach(old -> console().out().println("Deleted the old backup " + old + "."));
    }
}
