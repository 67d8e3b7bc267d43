package io.tradewind.statestore.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Goes once through a table, slice by slice, and finds entities that may leave by the rules: old enough, of the right
 * kind, their owner gone, and their last change in the database already. What is put off because it changes while it is
 * looked for is found by the next scan. Not thread safe: used on the thread of the partition.
 */
public final class RetentionScan {

    /** What unpacking a block counts, in entities; a slice ends with it. */
    private static final int BLOCK_COST = 128;

    /** What a look at the owner counts, in entities: it may be compressed. */
    private static final int OWNER_COST = 16;

    private final EntityTable table;
    private final List<RetentionRule> rules;
    private final long nowMs;

    private int rule;
    private String partitionKey;
    /** Behind which hot id, or the block behind which first id, the scan goes on. */
    private String after;

    private boolean inBlocks;
    private int left;
    private List<Expectation> found;

    RetentionScan(EntityTable table, RetentionRules rules, long nowMs) {
        this.table = table;
        this.rules = rules.all();
        this.nowMs = nowMs;
    }

    /**
     * The next ones that may leave, each with the version that it must still have then.
     *
     * @param syncedVersion last version that the database has
     * @param limit entities to look at, about; bounds the time that this takes and what is returned
     */
    public List<Expectation> next(long syncedVersion, int limit) {
        found = new ArrayList<>();
        left = limit;
        while (left > 0 && !isAtEnd()) {
            Shelf shelf =
                    partitionKey == null ? null : table.shelf(rules.get(rule).domain(), partitionKey);
            if (shelf == null) {
                nextShelf();
            } else if (inBlocks) {
                blocks(shelf, syncedVersion);
            } else {
                hot(shelf, syncedVersion);
            }
        }
        return found;
    }

    /** Whether the scan is through. */
    public boolean isAtEnd() {
        return rule >= rules.size();
    }

    private void nextShelf() {
        left--;
        inBlocks = false;
        after = null;
        NavigableMap<String, Shelf> shelves = table.shelves(rules.get(rule).domain());
        Map.Entry<String, Shelf> next = partitionKey == null ? shelves.firstEntry() : shelves.higherEntry(partitionKey);
        partitionKey = next == null ? null : next.getKey();
        if (next == null) {
            rule++;
        }
    }

    private void hot(Shelf shelf, long syncedVersion) {
        for (var entity : shelf.hot().behind(after)) {
            if (left <= 0) {
                return;
            }
            left--;
            after = entity.key().id();
            if (isOld(entity.timeMs()) && entity.version() <= syncedVersion) {
                consider(entity.key(), entity.version(), entity.json());
            }
        }
        inBlocks = true;
        after = null;
    }

    private void blocks(Shelf shelf, long syncedVersion) {
        for (ColdBlock block : behind(shelf.cold(), after).values()) {
            if (left <= 0) {
                return;
            }
            left--;
            after = block.firstId;
            if (isOld(block.oldestMs)) {
                left -= BLOCK_COST;
                block(block, syncedVersion);
            }
        }
        nextShelf();
    }

    private void block(ColdBlock block, long syncedVersion) {
        UnpackedBlock unpacked = block.unpack();
        for (int i = 0; i < unpacked.count(); i++) {
            if (!block.isDead(i) && isOld(unpacked.timeMs(i)) && unpacked.version(i) <= syncedVersion) {
                var entity = unpacked.entity(i);
                consider(entity.key(), entity.version(), entity.json());
            }
        }
    }

    private void consider(EntityKey key, long version, Json json) {
        RetentionRule by = rules.get(rule);
        if (!by.matches(json)) {
            return;
        }
        String owner = by.ownerOf(json);
        if (owner != null) {
            left -= OWNER_COST;
            if (table.get(new EntityKey(by.ownerDomain(), key.partitionKey(), owner)) != null) {
                return;
            }
        }
        found.add(new Expectation(key, version));
    }

    private boolean isOld(long timeMs) {
        return timeMs <= nowMs - rules.get(rule).windowMs();
    }

    private static NavigableMap<String, ColdBlock> behind(NavigableMap<String, ColdBlock> map, String after) {
        if (map.isEmpty()) {
            return Collections.emptyNavigableMap();
        }
        return after == null ? map : map.tailMap(after, false);
    }
}
