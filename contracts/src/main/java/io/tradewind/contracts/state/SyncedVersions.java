package io.tradewind.contracts.state;

import java.util.Map;
import java.util.TreeMap;

/**
 * Event of db-sync: up to which version the database has each partition. Repeated every second, so that a lost one does
 * not matter; only the latest counts.
 *
 * @param versions last version in the database, from 0, by partition; partitions that are not known yet are absent
 */
public record SyncedVersions(Map<Integer, Long> versions) {

    public SyncedVersions {
        versions = Map.copyOf(versions);
        versions.forEach((partition, version) -> {
            Partitions.check(partition);
            if (version < 0) {
                throw new IllegalArgumentException("partition " + partition + ": version " + version + " is below 0");
            }
        });
    }

    /** In partition order, for what is written. */
    Map<Integer, Long> ordered() {
        return new TreeMap<>(versions);
    }
}
