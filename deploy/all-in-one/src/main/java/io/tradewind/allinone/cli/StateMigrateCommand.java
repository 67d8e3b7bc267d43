package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.allinone.backup.BackupException;
import io.tradewind.allinone.backup.BackupFile;
import io.tradewind.allinone.backup.Manifest;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.schema.MigrationRehearsal;
import io.tradewind.contracts.state.schema.MigrationReport;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.domain.SnapshotSink;
import io.tradewind.statestore.snapshot.DamagedSnapshotException;
import io.tradewind.statestore.snapshot.DirectorySnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what this program's migrations would do to what is stored. */
@Command(
        name = "migrate",
        header = "Show what the migrations of this program would change: migrate --dry-run",
        description = "Looks at the newest snapshot of each partition of a data directory that nothing runs on, or at a"
                + " backup; what is only in the log behind them is not counted. Writes nothing. There is no command to"
                + " migrate: up brings documents to their shape of today as it loads them. Exit code 1 when some cannot"
                + " be brought to it, and so up would not start.")
final class StateMigrateCommand implements Callable<Integer> {

    @Mixin
    private ServerOptions server;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "A backup to look at, instead of a data directory.")
    private Path file;

    @Option(names = "--dry-run", description = "Only look; nothing else is possible.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    private final Console console;

    StateMigrateCommand(Console console) {
        this.console = console;
    }

    /** Hands the documents of a snapshot to the rehearsal. */
    private static final class Rehearsing implements SnapshotSink {

        private final MigrationRehearsal rehearsal;
        private Map<String, Integer> versions = Map.of();

        Rehearsing(MigrationRehearsal rehearsal) {
            this.rehearsal = rehearsal;
        }

        @Override
        public void schemas(Map<String, Integer> found) {
            versions = found;
        }

        @Override
        public void entity(Entity entity) {
            String domain = entity.key().domain();
            rehearsal.add(entity.key(), versions.getOrDefault(domain, Schemas.FIRST_VERSION), entity.json());
        }

        @Override
        public void transaction(String id, long version) {
            // Ids have no shape.
        }
    }

    @Override
    public Integer call() {
        if (!dryRun) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "up migrates by itself as it loads; migrate --dry-run shows what that would change");
        }
        MigrationRehearsal rehearsal = new MigrationRehearsal(Schemas.current());
        if (file != null) {
            readBackup(console.resolve(file), rehearsal);
            return tell(rehearsal.report());
        }
        return OfflineState.requireNothingRuns(
                console, server, "stop it first, or look at a backup: migrate --dry-run FILE", state -> {
                    readSnapshots(state, rehearsal);
                    return tell(rehearsal.report());
                });
    }

    private void readBackup(Path path, MigrationRehearsal rehearsal) {
        try (BackupFile backup = BackupFile.open(path);
                Progress progress = new Progress(console, "Reading", Partitions.COUNT)) {
            for (Manifest.Item item : backup.manifest().snapshots()) {
                backup.read(item, new Rehearsing(rehearsal));
                progress.step();
            }
        } catch (BackupException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage(), e);
        }
    }

    private void readSnapshots(OfflineState state, MigrationRehearsal rehearsal) throws IOException {
        try (DirectorySnapshotStore store = DirectorySnapshotStore.open(state.snapshots());
                Progress progress = new Progress(console, "Reading", Partitions.COUNT)) {
            for (int partition = 0; partition < Partitions.COUNT; partition++) {
                List<SnapshotId> all = store.list(partition);
                if (!all.isEmpty()) {
                    store.read(all.get(0), new Rehearsing(rehearsal));
                }
                progress.step();
            }
        } catch (DamagedSnapshotException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, e.getMessage() + "; ./tradewind state verify shows which snapshots are good", e);
        }
    }

    private int tell(MigrationReport report) {
        if (json) {
            console.out().println(json(report));
        } else {
            report.lines().forEach(console.out()::println);
        }
        return report.failed() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static ObjectNode json(MigrationReport report) {
        ObjectNode json = ClientCommand.object()
                .put("documents", report.documents())
                .put("changed", report.changed())
                .put("failed", report.failed());
        ArrayNode domains = json.putArray("domains");
        for (MigrationReport.DomainReport domain : report.domains()) {
            ObjectNode one = domains.addObject()
                    .put("domain", domain.domain())
                    .put("documents", domain.documents())
                    .put("to_version", domain.toVersion())
                    .put("changed", domain.changed())
                    .put("failed", domain.failed());
            ArrayNode steps = one.putArray("steps");
            domain.steps().forEach(step -> steps.add(step.does()));
            ArrayNode failures = one.putArray("failures");
            domain.failures().forEach(failure -> failures.addObject()
                    .put("key", failure.key().toString())
                    .put("from_version", failure.fromVersion())
                    .put("reason", failure.reason()));
        }
        return json;
    }
}
