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
 * Each entity of that version is seen exactly once, and nothing has to be copied when the walk begins. Compressed blocks
 * are handed over as they are.
 */
final class TableWalk {

    /** What handing over a block counts, in entities: a few references, unpacked by whoever reads them. */
    static final int BLOCK_COST = 16;

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
        List<BlockPart> parts = new ArrayList<>();
        int left = ended ? 0 : limit;
        while (left > 0 && !ended) {
            left -= step(left, found, parts);
        }
        List<Entity> entities = List.copyOf(found);
        return consumer -> {
            entities.forEach(consumer);
            parts.forEach(part -> part.forEach(consumer));
        };
    }

    /** An entity is about to be replaced or removed. */
    void beforeChange(Entity old) {
        if (!ended && old.version() <= version && !hasPassed(old.key())) {
            rescued.add(old);
        }
    }

    /** Looks at up to {@code limit} entities of one partition key, or moves on to the next. */
    private int step(int limit, List<Entity> found, List<BlockPart> parts) {
        Shelf shelf = domain == null || partitionKey == null ? null : table.shelf(domain, partitionKey);
        if (shelf == null) {
            moveOn();
            return 1;
        }
        String from = id;
        String until = lastOf(shelf, from, limit);
        int seen = 0;
        for (Entity entity : shelf.hot().range(from, until)) {
            seen++;
            if (entity.version() <= version) {
                found.add(entity);
            }
        }
        for (ColdBlock block : shelf.blocks(from, until)) {
            parts.add(new BlockPart(block, block.deadNow(), from, until, version));
            seen += BLOCK_COST;
        }
        if (until == null) {
            moveOn();
        } else {
            id = until;
        }
        return Math.max(1, seen);
    }

    /** The id up to which about {@code limit} entities can be seen at once; {@code null} when it is the end. */
    private static String lastOf(Shelf shelf, String from, int limit) {
        String last = null;
        int seen = 0;
        for (Entity hot : shelf.hot().behind(from)) {
            if (seen++ == limit) {
                break;
            }
            last = hot.key().id();
        }
        if (seen <= limit) {
            last = null;
        }
        int blocks = Math.max(1, limit / BLOCK_COST);
        for (ColdBlock block : shelf.blocks(from, last)) {
            if (blocks-- == 0) {
                break;
            }
            if (blocks == 0) {
                last = last == null || block.lastId.compareTo(last) < 0 ? block.lastId : last;
            }
        }
        return last;
    }

    private void moveOn() {
        id = null;
        if (domain != null) {
            NavigableMap<String, Shelf> keys = table.shelves(domain);
            partitionKey = partitionKey == null ? firstOf(keys) : keys.higherKey(partitionKey);
            if (partitionKey != null) {
                return;
            }
        }
        NavigableMap<String, ?> domains = table.domains();
        domain = domain == null ? firstOf(domains) : domains.higherKey(domain);
        ended = domain == null;
        partitionKey = ended ? null : firstOf(table.shelves(domain));
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
