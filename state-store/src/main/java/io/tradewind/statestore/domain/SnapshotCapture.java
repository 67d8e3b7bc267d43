package io.tradewind.statestore.domain;

import java.util.List;

/**
 * A snapshot being taken of one partition: everything as it was at one version, handed out part by part while the
 * partition goes on. Used on the thread of the partition; the parts themselves may be read anywhere.
 */
public final class SnapshotCapture {

    private final int partition;
    private final long version;
    private final long timeMs;
    private final TableWalk walk;
    private final RecentTransactions.Copy transactions;

    SnapshotCapture(int partition, long version, long timeMs, TableWalk walk, RecentTransactions.Copy transactions) {
        this.partition = partition;
        this.version = version;
        this.timeMs = timeMs;
        this.walk = walk;
        this.transactions = transactions;
    }

    public int partition() {
        return partition;
    }

    /** The last transaction that the snapshot holds. */
    public long version() {
        return version;
    }

    /** Commit time of that transaction, milliseconds since the epoch. */
    public long timeMs() {
        return timeMs;
    }

    /**
     * The next entities.
     *
     * @param limit how many to look at, which bounds the time that this takes
     * @return {@code null} when all have been handed out
     */
    public EntityBatch next(int limit) {
        return walk.next(limit);
    }

    /** Ids of the transactions to remember, oldest first; any thread. */
    public List<String> transactionIds() {
        return transactions.ids();
    }

    /** Their versions, in the same order; any thread. */
    public long[] transactionVersions() {
        return transactions.versions();
    }
}
