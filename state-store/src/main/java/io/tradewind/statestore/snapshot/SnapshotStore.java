package io.tradewind.statestore.snapshot;

import io.tradewind.statestore.domain.SnapshotSink;
import java.io.IOException;
import java.util.List;

/**
 * Where the snapshots of all partitions are kept. Blocking: every method is called on worker threads, also by several
 * at the same time for different partitions. Closed by the verticle.
 */
public interface SnapshotStore extends AutoCloseable {

    /** Complete snapshots of a partition, newest version first; those set aside are not among them. */
    List<SnapshotId> list(int partition) throws IOException;

    /** Begins a snapshot; {@link SnapshotInfo#entities} of {@code info} is not known yet and ignored. */
    SnapshotWriter create(SnapshotInfo info) throws IOException;

    /**
     * Reads a whole snapshot and checks every byte of it. What the sink was given counts only when this returns; it
     * gets {@link SnapshotSink#schemas} first, and what it throws passes through as it is.
     *
     * @throws DamagedSnapshotException when it is damaged, truncated, empty, of another kind or of another partition;
     *     the message says what was found and what was expected
     * @throws IOException when it cannot be read now; another try may succeed
     */
    SnapshotInfo read(SnapshotId id, SnapshotSink sink) throws IOException, DamagedSnapshotException;

    /** Keeps a snapshot out of {@link #list} from now on, with the reason beside it, for a person to look at. */
    void setAside(SnapshotId id, String reason) throws IOException;

    /** Deletes a snapshot that newer ones have made superfluous. */
    void delete(SnapshotId id) throws IOException;

    @Override
    void close();
}
