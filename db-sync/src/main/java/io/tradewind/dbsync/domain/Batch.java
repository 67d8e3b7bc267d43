package io.tradewind.dbsync.domain;

import java.util.List;

/**
 * What is written to Postgres in one transaction.
 *
 * @param advances one per partition that moves; empty when nothing was read
 * @param ops in the order in which they run
 * @param archive entries that it completes, in the order in which they were read
 * @param audit every change of its transactions, in the order of the versions of each partition
 * @param deadLetters changes that do not fit their table
 * @param faults partitions that cannot move
 * @param transactions of the log, in this batch
 * @param mutations changes before coalescing
 * @param oldestTimeMs when the oldest transaction was committed, milliseconds since the epoch; 0 in an empty batch
 * @param backlog whether more was there than fits
 */
public record Batch(
        List<Advance> advances,
        List<TableOp> ops,
        List<ArchivedEntry> archive,
        List<AuditEntry> audit,
        List<DeadLetter> deadLetters,
        List<Fault> faults,
        int transactions,
        int mutations,
        long oldestTimeMs,
        boolean backlog) {

    public Batch {
        advances = List.copyOf(advances);
        ops = List.copyOf(ops);
        archive = List.copyOf(archive);
        audit = List.copyOf(audit);
        deadLetters = List.copyOf(deadLetters);
        faults = List.copyOf(faults);
    }

    public boolean isEmpty() {
        return advances.isEmpty();
    }

    /** Rows that it writes or removes, dead letters not counted. */
    public int rows() {
        return ops.stream().mapToInt(op -> op.rows().size()).sum();
    }
}
