package io.tradewind.contracts.state;

/**
 * Command of an operator to the owner of a partition, answered with a JSON document.
 *
 * @param verb what to do
 * @param partition 0..15
 */
public record StateCommand(Verb verb, int partition) {

    /** What can be asked for. None of them changes what the partition holds, except {@link #CLEAN_UP}. */
    public enum Verb {
        /**
         * How much memory its entities take:
         * {@code {"partition","version","domains":{"order":{"entities","cold","bytes","heap_bytes"},…},"heap_bytes",
         * "retention":["activity",…]}}; the last are the domains of which entities leave the state by their age.
         */
        USAGE,
        /** Packs what has not changed for a while: {@code {"partition","packed","heap_bytes_before","heap_bytes"}}. */
        COMPRESS,
        /** Lets go of what retention allows: {@code {"partition","removed","left"}}. */
        CLEAN_UP,
        /** Takes a snapshot now: {@code {"partition","version","name","bytes"}}. */
        SNAPSHOT,
        /**
         * Loads the partition a second time, from snapshot and log, and compares:
         * {@code {"partition","version","entities","snapshot_version","hash","ok","problem"}}.
         */
        VERIFY
    }

    public StateCommand {
        Partitions.check(partition);
    }
}
