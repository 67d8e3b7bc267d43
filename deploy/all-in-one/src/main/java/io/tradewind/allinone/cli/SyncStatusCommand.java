package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Tells how far Postgres is behind the logs, and what keeps it from following. */
@Command(
        name = "status",
        header = "Show how far Postgres is behind the logs, per partition.",
        description = "LAG is what the log holds and Postgres does not, in versions and in time. Exit code 1 when a"
                + " partition cannot be followed. With --json: a line per partition.")
final class SyncStatusCommand extends ClientCommand {

    SyncStatusCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        PartitionRun run = runOverPartitions(api, SyncCommands.SERVICE, "status", "Asking", false);
        if (!json()) {
            show(run.answers());
        }
        run.requireAll();
        run.answers().values().stream()
                .filter(partition -> partition.hasNonNull("fault"))
                .findFirst()
                .ifPresent(partition -> {
                    throw new CommandFailure(ExitCode.FAILED, text(partition, "fault"));
                });
        return ExitCode.OK;
    }

    private void show(Map<Integer, JsonNode> partitions) {
        Table table = new Table()
                .number("PARTITION")
                .number("POSTGRES")
                .number("LOG")
                .number("LAG")
                .number("LAG MS")
                .number("DEAD LETTERS")
                .text("STATE");
        partitions.forEach((number, partition) -> table.row(List.of(
                number.toString(),
                text(partition, "offset"),
                text(partition, "head"),
                text(partition, "lag_versions"),
                text(partition, "lag_ms"),
                text(partition, "dead_letters"),
                partition.hasNonNull("fault") ? "stands still" : "follows")));
        print(table, "");
        if (!partitions.isEmpty()) {
            // The last one told is the newest.
            List<JsonNode> all = List.copyOf(partitions.values());
            common(all.get(all.size() - 1).path("sync"));
        }
    }

    private void common(JsonNode sync) {
        PrintStream out = console().out();
        JsonNode batch = sync.path("last_batch");
        out.println();
        out.println("Interval " + text(sync, "interval_ms") + " ms; last batch: " + text(batch, "transactions")
                + " transactions, " + text(batch, "changes") + " changes, " + text(batch, "rows") + " rows in "
                + text(batch, "statements") + " statements; "
                + String.format(
                        Locale.ROOT, "%.0f", sync.path("rows_per_second").asDouble())
                + " rows/s, " + text(sync, "errors") + " errors since the start.");
        if (sync.hasNonNull("trouble")) {
            out.println("Nothing is written now: " + text(sync, "trouble"));
        }
        JsonNode catchUp = sync.path("catch_up");
        if (catchUp.isObject()) {
            out.println("Catching up since " + text(catchUp, "since") + ": " + text(catchUp, "percent") + " %, "
                    + text(catchUp, "written") + " transactions written, " + text(catchUp, "remaining") + " to go.");
        }
        if (sync.path("dead_letters").asLong() > 0) {
            out.println(text(sync, "dead_letters") + " changes did not fit their tables: see the table dead_letters,"
                    + " mend the cause, then ./tradewind sync replay");
        }
    }
}
