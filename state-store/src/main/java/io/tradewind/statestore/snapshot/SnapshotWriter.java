package io.tradewind.statestore.snapshot;

import io.tradewind.statestore.domain.EntityBatch;
import java.io.IOException;
import java.util.List;

/**
 * Writes one snapshot, part by part. Blocking: used on worker threads, by one at a time. Nothing of it is seen by
 * readers of the store before {@link #complete}; closing it without that leaves nothing behind.
 */
public interface SnapshotWriter extends AutoCloseable {

    void writeEntities(EntityBatch batch) throws IOException;

    /** Transaction ids with their versions, oldest first; both lists have the same length. */
    void writeTransactions(List<String> ids, long[] versions) throws IOException;

    /** Makes the snapshot durable and visible, at once and as a whole. */
    SnapshotId complete() throws IOException;

    @Override
    void close() throws IOException;
}
