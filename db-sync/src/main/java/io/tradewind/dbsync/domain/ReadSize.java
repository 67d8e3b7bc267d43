package io.tradewind.dbsync.domain;

import java.util.List;

/**
 * How many entries to ask of each partition, so that a read brings about one batch. An entry is one group commit and
 * may hold one transaction or thousands, so the count follows what the last reads brought: it doubles while reads come
 * full and small, and shrinks at once when they come too large. A read that is not full shows that there was no more: the
 * count then goes back to twice what was there, so that the first read of a backlog, be it an hour's, is a small one.
 * Redis cannot bound an answer by bytes; this keeps the memory of a read within a small multiple of the batch limit.
 *
 * <p>Used by one thread.
 */
public final class ReadSize {

    private static final int FIRST_COUNT = 8;

    private final long targetBytes;
    private final int maxCount;
    private int count;

    /**
     * @param targetBytes encoded bytes that a read should bring at most, all partitions together
     * @param maxCount entries per partition and read
     */
    public ReadSize(long targetBytes, int maxCount) {
        this.targetBytes = targetBytes;
        this.maxCount = maxCount;
        this.count = Math.min(FIRST_COUNT, maxCount);
    }

    /** Entries to ask of each partition. */
    public int count() {
        return count;
    }

    /** Learns from a read that asked for {@link #count()}, and from how much of it went into the batch. */
    public void learn(List<PartitionRead> reads, Batch batch) {
        long bytes = 0;
        boolean full = false;
        int most = 0;
        for (PartitionRead read : reads) {
            full |= read.full();
            most = Math.max(most, read.entries().size());
            bytes += read.bytes();
        }
        if (!full) {
            count = Math.min(count, Math.max(FIRST_COUNT, 2 * most));
        }
        boolean cut = batch.advances().stream().anyMatch(advance -> isCut(reads, advance));
        if (bytes > targetBytes || cut) {
            count = Math.max(1, count / 2);
        } else if (full && bytes * 2 <= targetBytes) {
            count = Math.min(maxCount, count * 2);
        }
    }

    private static boolean isCut(List<PartitionRead> reads, Advance advance) {
        for (PartitionRead read : reads) {
            if (read.partition() == advance.partition()) {
                return advance.to()
                        < read.entries().get(read.entries().size() - 1).version();
            }
        }
        return false;
    }
}
