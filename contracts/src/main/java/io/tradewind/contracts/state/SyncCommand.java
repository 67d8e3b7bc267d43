package io.tradewind.contracts.state;

/**
 * Command of an operator to db-sync, about one partition, answered with a JSON document.
 *
 * @param verb what to do
 * @param partition 0..15
 */
public record SyncCommand(Verb verb, int partition) {

    /** What can be asked for. None of them can make Postgres hold something older than it does. */
    public enum Verb {
        /**
         * Where following the logs stands:
         * {@code {"partition","offset","head","lag_versions","lag_ms","fault","dead_letters","sync":{…}}}; {@code sync} is
         * what the partitions have in common.
         */
        STATUS,
        /** Writes what the log holds at this moment: {@code {"partition","version"}} when Postgres has it. */
        FLUSH,
        /**
         * Compares the rows with the state, entity by entity:
         * {@code {"partition","version","entities","rows","ok","differences","found":[{"entity","problem"},…]}}.
         */
        VERIFY,
        /** Writes the rows anew from the state: {@code {"partition","version","entities","removed","skipped"}}. */
        REBUILD,
        /** Writes what was set aside once more: {@code {"partition","replayed","outdated","left"}}. */
        REPLAY
    }

    public SyncCommand {
        Partitions.check(partition);
    }
}
