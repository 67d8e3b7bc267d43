package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;

/** Has db-sync do something about every partition. */
abstract class SyncWorkCommand extends PartitionWorkCommand {

    SyncWorkCommand(Console console, String verb, String doing) {
        super(console, SyncCommands.SERVICE, verb, doing);
    }

    /** Writes what is there. */
    @Command(
            name = "flush",
            header = "Write what the logs hold now; ends when Postgres has it.",
            description = "It is done by itself within seconds; this waits for it.")
    static final class Flush extends SyncWorkCommand {

        Flush(Console console) {
            super(console, "flush", "Flushing");
        }

        @Override
        String summary(Map<Integer, JsonNode> partitions) {
            return "Postgres has everything that was in the logs of " + partitions.size() + " partitions.";
        }
    }

    /** Makes the tables anew. */
    @Command(
            name = "rebuild",
            header = "Write the rows anew from the state, and go on from there.",
            description =
                    "For tables that differ, and for a log that cannot be followed, as after a restore. Trading and"
                            + " the other partitions go on meanwhile. History that only Postgres has stays: of account_days the"
                            + " row of the present trading day is written, earlier ones cannot be had again once they are"
                            + " lost. Can be repeated.")
    static final class Rebuild extends SyncWorkCommand {

        Rebuild(Console console) {
            super(console, "rebuild", "Rebuilding");
        }

        @Override
        String summary(Map<Integer, JsonNode> partitions) {
            return sum(partitions, "entities") + " entities written, " + sum(partitions, "removed")
                    + " rows removed that the state does not have, " + sum(partitions, "skipped")
                    + " versions of the logs passed over.";
        }
    }

    /** Writes what was set aside. */
    @Command(
            name = "replay",
            header = "Write what was set aside once more, after its cause was mended.",
            description = "A row never goes back to something older. What still does not fit stays in the table"
                    + " dead_letters.")
    static final class Replay extends SyncWorkCommand {

        Replay(Console console) {
            super(console, "replay", "Replaying");
        }

        @Override
        String summary(Map<Integer, JsonNode> partitions) {
            return sum(partitions, "replayed") + " changes replayed, " + sum(partitions, "outdated")
                    + " dropped because they were deleted meanwhile, " + sum(partitions, "left") + " still do not fit.";
        }
    }
}
