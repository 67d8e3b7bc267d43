package io.tradewind.dbsync.postgres;

/**
 * The offsets in Postgres are not where the batch starts from: another db-sync wrote, or this one did and never saw the
 * answer. Nothing of the batch has effect; the offsets are read again.
 */
public final class OffsetsMovedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OffsetsMovedException(int partitions, int matched) {
        super("only " + matched + " of " + partitions + " partitions are where this batch starts from: another db-sync"
                + " writes to this database, or an earlier commit took effect after all");
    }
}
