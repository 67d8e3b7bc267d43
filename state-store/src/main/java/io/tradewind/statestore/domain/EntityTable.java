package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The entities of one partition, by domain, partition key and id; ids are kept in text order, so that a list can be
 * paged from any place in either direction. Those that have not changed for a while can be compressed, which nobody who
 * reads or writes them can tell but by the time it takes. Not thread safe: owned by its partition.
 */
final class EntityTable {

    private static final class Domain {
        /** In order, for whoever goes through them. */
        final NavigableMap<String, Shelf> shelves = new TreeMap<>();
        /** The same by hash, for whoever looks for one. */
        final Map<String, Shelf> byKey = new HashMap<>();

        final UsageCounter usage = new UsageCounter();
    }

    private final NavigableMap<String, Domain> domains = new TreeMap<>();
    private final Map<String, Domain> byName = new HashMap<>();
    private final ColdReads reads = new ColdReads();
    private final Set<ColdBlock> poor = new LinkedHashSet<>();
    private final ColdScan scan = new ColdScan(this, poor);
    private long count;
    private long bytes;
    /** The walk that is under way, if any. */
    private TableWalk walk;

    Entity get(EntityKey key) {
        Shelf shelf = shelf(key.domain(), key.partitionKey());
        return shelf == null ? null : shelf.get(key.id());
    }

    void put(Entity entity) {
        EntityKey key = entity.key();
        Shelf shelf = shelf(key.domain(), key.partitionKey());
        Entity before = (shelf == null ? addShelf(key) : shelf).put(entity);
        tellWalk(before);
        count += before == null ? 1 : 0;
        bytes += entity.json().size() - (before == null ? 0 : before.json().size());
    }

    private Shelf addShelf(EntityKey key) {
        Domain domain = byName.get(key.domain());
        if (domain == null) {
            domain = new Domain();
            byName.put(key.domain(), domain);
            domains.put(key.domain(), domain);
        }
        Shelf shelf = new Shelf(key.domain(), key.partitionKey(), domain.usage, reads, poor);
        domain.byKey.put(key.partitionKey(), shelf);
        domain.shelves.put(key.partitionKey(), shelf);
        domain.usage.addShelf(shelf);
        return shelf;
    }

    void remove(EntityKey key) {
        Shelf shelf = shelf(key.domain(), key.partitionKey());
        Entity before = shelf == null ? null : shelf.remove(key.id());
        if (before == null) {
            return;
        }
        tellWalk(before);
        count--;
        bytes -= before.json().size();
        if (shelf.isEmpty()) {
            Domain domain = byName.get(key.domain());
            domain.byKey.remove(key.partitionKey());
            domain.shelves.remove(key.partitionKey());
            domain.usage.removeShelf(shelf);
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

    NavigableMap<String, Shelf> shelves(String domain) {
        Domain found = domains.get(domain);
        return found == null ? Collections.emptyNavigableMap() : found.shelves;
    }

    /** @return {@code null} when it has no entities */
    Shelf shelf(String domain, String partitionKey) {
        Domain found = byName.get(domain);
        return found == null ? null : found.byKey.get(partitionKey);
    }

    /** Entities of all domains. */
    long count() {
        return count;
    }

    /** Size of their documents. */
    long bytes() {
        return bytes;
    }

    /** What the entities of each domain take. */
    Map<String, DomainUsage> usage() {
        Map<String, DomainUsage> usage = new TreeMap<>();
        domains.forEach((name, domain) -> usage.put(name, domain.usage.now()));
        return usage;
    }

    /** How often a compressed block had to be unpacked for a read or a change. */
    long unpacked() {
        return reads.unpacked();
    }

    /** Finds what is to be compressed, and what is compressed and worth packing anew. */
    ColdScan coldScan() {
        return scan;
    }

    /**
     * Takes in the result of a job of {@link #coldScan}.
     *
     * @return how many entities are compressed by it that were not before
     */
    int install(PackedJob packed) {
        scan.back();
        reads.forget();
        int cooled = 0;
        for (PackedRun run : packed.runs()) {
            Shelf of = run.run().shelf();
            // A shelf that was emptied meanwhile has nothing of what was packed.
            if (shelf(of.domain, of.partitionKey) == of) {
                cooled += of.install(run);
            }
        }
        return cooled;
    }

    /**
     * Up to {@code limit} entities of a partition key behind {@code afterId}.
     *
     * @param afterId {@code null} for the first ones
     */
    List<Entity> list(String domain, String partitionKey, String afterId, boolean descending, int limit) {
        List<Entity> found = new ArrayList<>(Math.min(limit, 64));
        Shelf shelf = shelf(domain, partitionKey);
        if (shelf != null) {
            shelf.list(afterId, descending, limit, found);
        }
        return found;
    }

    /** Up to {@code limit} entities of every partition key, behind {@code afterId} of {@code afterKey}. */
    List<Entity> listAll(String domain, String afterKey, String afterId, boolean descending, int limit) {
        List<Entity> found = new ArrayList<>();
        if (afterKey != null) {
            found.addAll(list(domain, afterKey, afterId, descending, limit));
        }
        NavigableMap<String, Shelf> shelves = shelves(domain);
        NavigableMap<String, Shelf> directed = descending ? shelves.descendingMap() : shelves;
        for (Shelf shelf : (afterKey == null ? directed : directed.tailMap(afterKey, false)).values()) {
            if (found.size() >= limit) {
                break;
            }
            shelf.list(null, descending, limit - found.size(), found);
        }
        return found;
    }
}
