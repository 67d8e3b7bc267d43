package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;

/** Takes in what a snapshot holds, part by part; the parts come in any order. */
public interface SnapshotSink {

    /** One entity as it was at the version of the snapshot. */
    void entity(Entity entity);

    /** One transaction id whose first answer must be given again to a retry; oldest first. */
    void transaction(String id, long version);
}
