package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The entities of one partition, by domain, partition key and id; ids are kept in text order, so that a list can be
 * paged from any place in either direction. Not thread safe: owned by its partition.
 */
final class EntityTable {

    private static final NavigableMap<String, Entity> NONE = Collections.emptyNavigableMap();

    private final NavigableMap<String, NavigableMap<String, NavigableMap<String, Entity>>> domains = new TreeMap<>();
    private long count;
    private long bytes;
    /** The walk that is under way, if any. */
    private TableWalk walk;

    Entity get(EntityKey key) {
        return entities(key.domain(), key.partitionKey()).get(key.id());
    }

    void put(Entity entity) {
        EntityKey key = entity.key();
        Entity before = domains.computeIfAbsent(key.domain(), d -> new TreeMap<>())
                .computeIfAbsent(key.partitionKey(), k -> new TreeMap<>())
                .put(key.id(), entity);
        tellWalk(before);
        count += before == null ? 1 : 0;
        bytes += entity.json().size() - (before == null ? 0 : before.json().size());
    }

    void remove(EntityKey key) {
        NavigableMap<String, NavigableMap<String, Entity>> keys = domains.get(key.domain());
        NavigableMap<String, Entity> entities = keys == null ? null : keys.get(key.partitionKey());
        Entity before = entities == null ? null : entities.remove(key.id());
        if (before == null) {
            return;
        }
        tellWalk(before);
        count--;
        bytes -= before.json().size();
        if (entities.isEmpty()) {
            keys.remove(key.partitionKey());
        }
    }

    /** Begins a walk through everything as it is now; {@code version} is that of the last change. Ends the one before. */
    TableWalk walk(long version) {
        walk = new TableWalk(this, version);
        return walk;
    }

    private void tellWalk(Entity before) {
        if (walk != null && before != null) {
            walk.beforeChange(before);
        }
    }

    NavigableMap<String, ?> domains() {
        return domains;
    }

    NavigableMap<String, NavigableMap<String, Entity>> keys(String domain) {
        return domains.getOrDefault(domain, Collections.emptyNavigableMap());
    }

    /** Entities of all domains. */
    long count() {
        return count;
    }

    /** Size of their documents. */
    long bytes() {
        return bytes;
    }

    /**
     * Up to {@code limit} entities of a partition key behind {@code afterId}.
     *
     * @param afterId {@code null} for the first ones
     */
    List<Entity> list(String domain, String partitionKey, String afterId, boolean descending, int limit) {
        NavigableMap<String, Entity> map = entities(domain, partitionKey);
        return firstOf(behind(map, afterId, descending), limit);
    }

    /** Up to {@code limit} entities of every partition key, behind {@code afterId} of {@code afterKey}. */
    List<Entity> listAll(String domain, String afterKey, String afterId, boolean descending, int limit) {
        NavigableMap<String, NavigableMap<String, Entity>> keys = keys(domain);
        List<Entity> found = new ArrayList<>();
        if (afterKey != null) {
            found.addAll(list(domain, afterKey, afterId, descending, limit));
        }
        for (NavigableMap<String, Entity> map :
                behind(keys, afterKey, descending).values()) {
            if (found.size() >= limit) {
                break;
            }
            found.addAll(firstOf(behind(map, null, descending), limit - found.size()));
        }
        return found;
    }

    NavigableMap<String, Entity> entities(String domain, String partitionKey) {
        NavigableMap<String, NavigableMap<String, Entity>> keys = domains.get(domain);
        return keys == null ? NONE : keys.getOrDefault(partitionKey, NONE);
    }

    private static <V> NavigableMap<String, V> behind(NavigableMap<String, V> map, String after, boolean descending) {
        NavigableMap<String, V> directed = descending ? map.descendingMap() : map;
        return after == null ? directed : directed.tailMap(after, false);
    }

    private static List<Entity> firstOf(NavigableMap<String, Entity> map, int limit) {
        List<Entity> found = new ArrayList<>(Math.min(limit, 64));
        for (Entity entity : map.values()) {
            if (found.size() >= limit) {
                break;
            }
            found.add(entity);
        }
        return found;
    }
}
