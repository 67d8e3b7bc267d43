package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A walk through a table that sees it as it was when the walk began, while changes go on.
 *
 * <p>Every entity says the version of its last change. So the walk skips what is newer than its own version, and before
 * such a change overwrites or removes an entity that the walk has not passed yet, the table hands over the old one.
 * Each entity of that version is seen exactly once, and nothing has to be copied when the walk begins.
 */
final class TableWalk {

    private final EntityTable table;
    private final long version;
    private List<Entity> rescued = new ArrayList<>();

    private String domain;
    private String partitionKey;
    private String id;
    private boolean ended;

    TableWalk(EntityTable table, long version) {
        this.table = table;
        this.version = version;
    }

    /**
     * The next part.
     *
     * @param limit entities to look at, at most; the rescued ones come on top
     * @return {@code null} at the end
     */
    EntityBatch next(int limit) {
        if (ended && rescued.isEmpty()) {
            return null;
        }
        List<Entity> found = rescued;
        rescued = new ArrayList<>();
        int left = ended ? 0 : limit;
        while (left > 0 && !ended) {
            left -= step(left, found);
        }
        return EntityBatch.of(List.copyOf(found));
    }

    /** An entity is about to be replaced or removed. */
    void beforeChange(Entity old) {
        if (!ended && old.version() <= version && !hasPassed(old.key())) {
            rescued.add(old);
        }
    }

    /** Looks at up to {@code limit} entities of one partition key, or moves on to the next. */
    private int step(int limit, List<Entity> found) {
        NavigableMap<String, Entity> entities = domain == null ? null : table.entities(domain, partitionKey);
        int seen = 0;
        if (entities != null) {
            for (Entity entity : (id == null ? entities : entities.tailMap(id, false)).values()) {
                if (seen == limit) {
                    return seen;
                }
                seen++;
                id = entity.key().id();
                if (entity.version() <= version) {
                    found.add(entity);
                }
            }
        }
        moveOn();
        return Math.max(1, seen);
    }

    private void moveOn() {
        id = null;
        if (domain != null) {
            NavigableMap<String, ?> keys = table.keys(domain);
            partitionKey = partitionKey == null ? firstOf(keys) : keys.higherKey(partitionKey);
            if (partitionKey != null) {
                return;
            }
        }
        NavigableMap<String, ?> domains = table.domains();
        domain = domain == null ? firstOf(domains) : domains.higherKey(domain);
        ended = domain == null;
        partitionKey = ended ? null : firstOf(table.keys(domain));
        if (!ended && partitionKey == null) {
            moveOn();
        }
    }

    private static String firstOf(NavigableMap<String, ?> map) {
        Map.Entry<String, ?> first = map.firstEntry();
        return first == null ? null : first.getKey();
    }

    private boolean hasPassed(EntityKey key) {
        if (domain == null) {
            return false;
        }
        int order = key.domain().compareTo(domain);
        if (order == 0) {
            order = partitionKey == null ? -1 : key.partitionKey().compareTo(partitionKey);
        }
        if (order == 0) {
            order = id == null ? 1 : key.id().compareTo(id);
        }
        return order <= 0;
    }
}
