package io.tradewind.dbsync.domain;

/**
 * Why a partition cannot be followed. Never skipped: the partition stands until the log is whole again, or the tables
 * are rebuilt; the other partitions go on.
 *
 * @param standsAt the version that it waits behind: the last one that was in order
 * @param kind what is wrong, in one word for metrics and tests
 * @param message what, where, and what to do
 */
public record Fault(int partition, long standsAt, Kind kind, String message) {

    public enum Kind {
        /** The next version is missing though later ones are there. */
        GAP,
        /** An entry that cannot be read, or that is not what its id says. */
        DAMAGED,
        /** An entry with documents that cannot be brought to the shape of today. */
        SCHEMA,
        /** The log ends before what Postgres already holds. */
        LOG_BEHIND,
        /** The log has no entry behind the offset though its head says so, or was trimmed beyond the offset. */
        TRIMMED
    }

    static Fault gap(int partition, long offset, long found) {
        return new Fault(
                partition,
                offset,
                Kind.GAP,
                "partition " + partition + ": version " + (offset + 1)
                        + " is missing in the log, the next one there is " + found
                        + "; nothing is skipped, the partition waits at version " + offset);
    }

    static Fault damaged(int partition, long offset, long entry, String why) {
        return new Fault(
                partition,
                offset,
                Kind.DAMAGED,
                "partition " + partition + ": log entry " + entry + "-0 cannot be used: " + why
                        + "; nothing is skipped, the partition waits at version " + offset);
    }

    static Fault schema(int partition, long offset, long entry, String why) {
        return new Fault(
                partition,
                offset,
                Kind.SCHEMA,
                "partition " + partition + ": log entry " + entry + "-0: " + why
                        + "; nothing is skipped, the partition waits at version " + offset);
    }

    static Fault logBehind(int partition, long offset, long head) {
        return new Fault(
                partition,
                offset,
                Kind.LOG_BEHIND,
                "partition " + partition + ": the log ends at version " + head + " but Postgres already holds version "
                        + offset
                        + "; Redis lost acknowledged commits, or this database belongs to another log; to go on with this log: ./tradewind sync rebuild");
    }

    /** The same fault, once it is known that nothing at or below the offset is left in the log. */
    public Fault asTrimmed() {
        return trimmed(partition, standsAt);
    }

    static Fault trimmed(int partition, long offset) {
        return new Fault(
                partition,
                offset,
                Kind.TRIMMED,
                "partition " + partition + ": the log was trimmed beyond version " + offset
                        + ", the last one in Postgres; the tables of this partition need a rebuild: ./tradewind sync rebuild");
    }
}
