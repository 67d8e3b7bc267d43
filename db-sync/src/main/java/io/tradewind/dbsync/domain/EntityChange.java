package io.tradewind.dbsync.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntityKey;

/**
 * What a batch leaves of all the changes to one entity.
 *
 * @param json the last document; {@code null} when the last change deleted it
 * @param firstVersion version of the first change in the batch
 * @param version version of the last one: that of the entity from now on
 * @param timeMs when the last one was committed, milliseconds since the epoch
 * @param changes how many there were
 */
public record EntityChange(
        int partition, EntityKey key, Json json, long firstVersion, long version, long timeMs, int changes) {

    public boolean isDelete() {
        return json == null;
    }

    EntityChange then(EntityChange later) {
        return new EntityChange(
                partition, key, later.json, firstVersion, later.version, later.timeMs, changes + later.changes);
    }
}
