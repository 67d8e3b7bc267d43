package io.tradewind.contracts.state;

import java.util.List;

/**
 * Query: entities of one domain in one partition, in text order of (partition key, id).
 *
 * @param partitionKey only those of this key; {@code null}: of every key on the partition
 * @param ids exactly these (those that exist, in the order asked for); empty: all. Needs a partition key
 * @param afterKey continue behind this partition key and {@code afterId}; {@code null}: from the start
 * @param descending from the last to the first
 * @param limit at most so many, within 1 and {@link #MAX_LIMIT}
 * @param maxAgeMs how long ago the owner may last have known that nothing newer exists, from 0 (only what is confirmed
 *     behind this request); {@link #ANY_AGE}: no matter. Older than that, the owner asks its log first; when that gives
 *     no answer in time, the page is marked stale
 */
public record ReadEntities(
        int partition,
        String domain,
        String partitionKey,
        List<String> ids,
        String afterKey,
        String afterId,
        boolean descending,
        int limit,
        long maxAgeMs) {

    /** Entities in one answer. */
    public static final int MAX_LIMIT = 1000;

    /** Whatever the owner has in memory will do. */
    public static final long ANY_AGE = -1;

    public ReadEntities {
        Partitions.check(partition);
        ids = List.copyOf(ids);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + ": must be within 1.." + MAX_LIMIT);
        }
        if (maxAgeMs < ANY_AGE) {
            throw new IllegalArgumentException("maxAgeMs " + maxAgeMs + ": must not be negative");
        }
        if (ids.size() > MAX_LIMIT) {
            throw new IllegalArgumentException(ids.size() + " ids: must be at most " + MAX_LIMIT);
        }
        if (!ids.isEmpty() && partitionKey == null) {
            throw new IllegalArgumentException("ids are only unique within a partition key: give one");
        }
    }

    /** One entity. */
    public static ReadEntities one(EntityKey key) {
        return byIds(key.domain(), key.partitionKey(), List.of(key.id()));
    }

    /** The entities with these ids, of which there must be at least one. */
    public static ReadEntities byIds(String domain, String partitionKey, List<String> ids) {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("no ids: that would ask for every entity of " + partitionKey);
        }
        return new ReadEntities(
                Partitions.of(partitionKey), domain, partitionKey, ids, null, null, false, MAX_LIMIT, ANY_AGE);
    }

    /** The first page of a partition key. */
    public static ReadEntities of(String domain, String partitionKey, int limit) {
        return new ReadEntities(
                Partitions.of(partitionKey), domain, partitionKey, List.of(), null, null, false, limit, ANY_AGE);
    }

    /** The first page of a whole partition. */
    public static ReadEntities ofPartition(int partition, String domain) {
        return new ReadEntities(partition, domain, null, List.of(), null, null, false, MAX_LIMIT, ANY_AGE);
    }

    /** The page behind {@code last}. */
    public ReadEntities after(EntityKey last) {
        return new ReadEntities(
                partition, domain, partitionKey, ids, last.partitionKey(), last.id(), descending, limit, maxAgeMs);
    }

    public ReadEntities reversed() {
        return new ReadEntities(partition, domain, partitionKey, ids, afterKey, afterId, !descending, limit, maxAgeMs);
    }

    /** The same, no older than so many milliseconds; see {@link #maxAgeMs}. */
    public ReadEntities noOlderThan(long ageMs) {
        return new ReadEntities(partition, domain, partitionKey, ids, afterKey, afterId, descending, limit, ageMs);
    }
}
