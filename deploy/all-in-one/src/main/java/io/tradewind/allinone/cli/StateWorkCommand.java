package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;

/** Has every partition do something about its memory. */
abstract class StateWorkCommand extends PartitionWorkCommand {

    StateWorkCommand(Console console, String verb, String doing) {
        super(console, "state", verb, doing);
    }

    /** Packs what is cold. */
    @Command(
            name = "compress",
            header = "Compress what has not changed for a while.",
            description = "It is done by itself when memory gets scarce; this does it now.")
    static final class Compress extends StateWorkCommand {

        Compress(Console console) {
            super(console, "compress", "Compressing");
        }

        @Override
        String summary(Map<Integer, JsonNode> partitions) {
            return sum(partitions, "packed") + " entities compressed; they and the others take "
                    + StatusCommand.size(sum(partitions, "heap_bytes")) + " of memory now, before it were "
                    + StatusCommand.size(sum(partitions, "heap_bytes_before")) + ".";
        }
    }

    /** Lets go of what is over. */
    @Command(
            name = "cleanup",
            header = "Let go of what is over, in Postgres and older than its retention.",
            description = "It is done by itself now and then; this does it now. What was let go of stays in Postgres.")
    static final class Cleanup extends StateWorkCommand {

        Cleanup(Console console) {
            super(console, "cleanup", "Cleaning up");
        }

        @Override
        String summary(Map<Integer, JsonNode> partitions) {
            return sum(partitions, "removed") + " entities removed, " + sum(partitions, "left") + " left.";
        }
    }
}
