package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.allinone.backup.BackupException;
import io.tradewind.allinone.backup.BackupFile;
import io.tradewind.allinone.backup.LoadableCheck;
import io.tradewind.allinone.backup.Manifest;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.schema.SchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.snapshot.DamagedSnapshotException;
import io.tradewind.statestore.snapshot.DirectorySnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotId;
import io.tradewind.statestore.snapshot.SnapshotInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows that what is stored is what is served; or, where nothing runs, that it can be read. */
@Command(
        name = "verify",
        header = "Check what is stored, byte by byte; exit code 1 when something is wrong.",
        description = "On a running instance: loads every partition a second time, from its snapshot and its log, and"
                + " compares it with what is served. On a data directory that nothing runs on, or with the file of a"
                + " backup: reads every snapshot. Changes nothing.")
final class StateVerifyCommand extends ClientCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "A backup to be checked.")
    private Path file;

    StateVerifyCommand(Console console) {
        super(console);
    }

    /** One row: a partition, or one of its snapshots. */
    private record Finding(
            int partition, String version, String entities, String snapshot, String problem, String line) {

        boolean ok() {
            return problem.isEmpty();
        }
    }

    /** Reads a snapshot, wherever it lies. */
    @FunctionalInterface
    private interface Read {
        SnapshotInfo read() throws IOException, DamagedSnapshotException, BackupException;
    }

    @Override
    public Integer call() {
        if (file != null) {
            return verifyBackup(console().resolve(file));
        }
        return OfflineState.ifNothingRuns(console(), server(), this::verifySnapshots)
                .orElseGet(super::call);
    }

    @Override
    int run(ApiClient api) {
        PartitionRun run = runOverPartitions(api, "state", "verify", "Verifying", false);
        List<Finding> findings = new ArrayList<>();
        run.answers().forEach((partition, found) -> findings.add(live(partition, found)));
        tell(findings, "SNAPSHOT");
        run.requireAll();
        return judge(findings, "partitions");
    }

    private static Finding live(int partition, JsonNode found) {
        String problem = found.path("ok").asBoolean() ? "" : text(found, "problem");
        return new Finding(
                partition,
                text(found, "version"),
                text(found, "entities"),
                text(found, "snapshot_version"),
                found.path("ok").asBoolean() || !problem.isEmpty() ? problem : "no reason given",
                null);
    }

    private int verifySnapshots(OfflineState state) throws IOException {
        List<SnapshotId> all = new ArrayList<>();
        try (DirectorySnapshotStore store = DirectorySnapshotStore.open(state.snapshots())) {
            for (int partition = 0; partition < Partitions.COUNT; partition++) {
                all.addAll(store.list(partition));
            }
            if (all.isEmpty()) {
                console().err().println("There are no snapshots in " + state.snapshots() + " to be checked.");
                return ExitCode.OK;
            }
            List<Finding> findings = new ArrayList<>();
            try (Progress progress = new Progress(console(), "Reading", all.size())) {
                for (SnapshotId id : all) {
                    findings.add(check(id, () -> store.read(id, new LoadableCheck(Schemas.current()))));
                    progress.step();
                }
            }
            tell(findings, "FILE");
            return judge(findings, "snapshots");
        }
    }

    private int verifyBackup(Path path) {
        try (BackupFile backup = BackupFile.open(path)) {
            List<Manifest.Item> items = backup.manifest().snapshots();
            List<Finding> findings = new ArrayList<>();
            try (Progress progress = new Progress(console(), "Reading", items.size())) {
                for (Manifest.Item item : items) {
                    findings.add(check(item.id(), () -> backup.read(item, new LoadableCheck(Schemas.current()))));
                    progress.step();
                }
            }
            tell(findings, "FILE");
            return judge(findings, "snapshots");
        } catch (BackupException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage(), e);
        }
    }

    private static Finding check(SnapshotId id, Read read) {
        String entities = "";
        String problem = "";
        try {
            entities = Long.toString(read.read().entities());
        } catch (DamagedSnapshotException | BackupException | SchemaException | IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        ObjectNode line = object().put("partition", id.partition())
                .put("version", id.version())
                .put("name", id.name())
                .put("bytes", id.bytes())
                .put("ok", problem.isEmpty())
                .put("problem", problem.isEmpty() ? null : problem);
        if (!entities.isEmpty()) {
            line.put("entities", Long.parseLong(entities));
        }
        return new Finding(id.partition(), Long.toString(id.version()), entities, id.name(), problem, line.toString());
    }

    private void tell(List<Finding> findings, String snapshotTitle) {
        if (json()) {
            findings.stream()
                    .filter(found -> found.line() != null)
                    .forEach(found -> console().out().println(found.line()));
            return;
        }
        Table table = new Table()
                .number("PARTITION")
                .number("VERSION")
                .number("ENTITIES")
                .number(snapshotTitle)
                .text("RESULT");
        findings.forEach(found -> table.row(List.of(
                Integer.toString(found.partition()),
                found.version(),
                found.entities(),
                found.snapshot(),
                found.ok() ? "ok" : found.problem())));
        print(table, "");
    }

    private static int judge(List<Finding> findings, String what) {
        List<Finding> bad = findings.stream().filter(found -> !found.ok()).toList();
        if (bad.isEmpty()) {
            return ExitCode.OK;
        }
        Finding first = bad.get(0);
        throw new CommandFailure(
                ExitCode.FAILED,
                bad.size() + " of " + findings.size() + " " + what + " are not as they should be; partition "
                        + first.partition() + ", version " + first.version() + ": " + first.problem());
    }
}
