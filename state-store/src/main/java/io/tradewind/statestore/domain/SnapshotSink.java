package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.Map;

/**
 * Takes in what a snapshot holds, part by part; the parts come in any order behind {@link #schemas}. What a method
 * throws is not about the snapshot and must not be taken for damage of it.
 */
public interface SnapshotSink {

    /**
     * In which shape the entities are. Called once, before any of them.
     *
     * @param versions schema version per domain, of those above 1; empty for a snapshot that does not say
     */
    void schemas(Map<String, Integer> versions);

    /** One entity as it was at the version of the snapshot. */
    void entity(Entity entity);

    /** One transaction id whose first answer must be given again to a retry; oldest first. */
    void transaction(String id, long version);
}
