package io.tradewind.dbsync.domain;

import java.util.List;

/**
 * Counts what was read from the logs and is not in Postgres yet, as long as it is kept in memory. However far behind
 * Postgres is, that is the batch being written and the one read ahead, no more: what else is missing waits in the log.
 *
 * <p>One thread takes and lets go; any thread may ask.
 */
public final class Held {

    private volatile long bytes;
    private volatile long mostBytes;
    private volatile long transactions;
    private volatile long mostTransactions;

    /** One read, and the batch made of it. */
    public final class Share {

        private long ofBytes;
        private long ofTransactions;

        private Share(long ofBytes) {
            this.ofBytes = ofBytes;
            add(ofBytes, 0);
        }

        /** It became this batch. */
        public void becomes(Batch batch) {
            ofTransactions = batch.transactions();
            add(0, ofTransactions);
        }

        /** It is written, or will be read again. May be said more than once. */
        public void letGo() {
            add(-ofBytes, -ofTransactions);
            ofBytes = 0;
            ofTransactions = 0;
        }
    }

    /** These entries came. */
    public Share take(List<PartitionRead> reads) {
        return new Share(reads.stream().mapToLong(PartitionRead::bytes).sum());
    }

    private void add(long moreBytes, long moreTransactions) {
        long nowBytes = bytes + moreBytes;
        long nowTransactions = transactions + moreTransactions;
        bytes = nowBytes;
        transactions = nowTransactions;
        mostBytes = Math.max(mostBytes, nowBytes);
        mostTransactions = Math.max(mostTransactions, nowTransactions);
    }

    /** Of log entries as they are stored, counted whole from the moment they were read. */
    public long bytes() {
        return bytes;
    }

    /** The most since the start. */
    public long mostBytes() {
        return mostBytes;
    }

    /** In batches that are made and not committed. */
    public long transactions() {
        return transactions;
    }

    /** The most since the start. */
    public long mostTransactions() {
        return mostTransactions;
    }
}
