package io.tradewind.statestore.snapshot;

import java.util.Map;

/**
 * What a snapshot says of itself.
 *
 * @param partition the partition whose state it is
 * @param version the last transaction that it holds; from 0
 * @param timeMs commit time of that transaction, milliseconds since the epoch
 * @param entities how many entities it holds; -1 while it is being written
 * @param schemas schema version per domain, of those above 1
 */
public record SnapshotInfo(int partition, long version, long timeMs, long entities, Map<String, Integer> schemas) {

    public SnapshotInfo {
        schemas = Map.copyOf(schemas);
    }
}
