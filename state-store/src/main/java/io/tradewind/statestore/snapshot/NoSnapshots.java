package io.tradewind.statestore.snapshot;

import io.tradewind.statestore.domain.SnapshotSink;
import java.io.IOException;
import java.util.List;

/** Keeps no snapshots: recovery replays the whole log, which is therefore never trimmed. */
public final class NoSnapshots implements SnapshotStore {

    @Override
    public List<SnapshotId> list(int partition) {
        return List.of();
    }

    @Override
    public SnapshotWriter create(SnapshotInfo info) throws IOException {
        throw new IOException("snapshots are switched off (state-store.snapshots.store: none)");
    }

    @Override
    public SnapshotInfo read(SnapshotId id, SnapshotSink sink) throws IOException {
        throw new IOException("there is no snapshot " + id.name());
    }

    @Override
    public void setAside(SnapshotId id, String reason) {
        // Nothing is ever listed.
    }

    @Override
    public void delete(SnapshotId id) {
        // Nothing is ever listed.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
