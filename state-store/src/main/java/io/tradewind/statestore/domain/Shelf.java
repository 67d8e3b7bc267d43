package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The entities of one domain and partition key, in the order of their ids: hot ones each on its own, cold ones in
 * compressed blocks whose ranges of ids do not overlap. An entity is alive in one place only: one that changes while it
 * is cold becomes hot, and dead in its block.
 *
 * <p>Not thread safe: owned by its table.
 */
final class Shelf {

    final String domain;
    final String partitionKey;

    private final HotEntities hot = new HotEntities();
    private final NavigableMap<String, ColdBlock> cold = new TreeMap<>();
    private final UsageCounter usage;
    private final ColdReads reads;
    /** Blocks of the whole table that are more dead than alive. */
    private final Set<ColdBlock> poor;

    Shelf(String domain, String partitionKey, UsageCounter usage, ColdReads reads, Set<ColdBlock> poor) {
        this.domain = domain;
        this.partitionKey = partitionKey;
        this.usage = usage;
        this.reads = reads;
        this.poor = poor;
    }

    /** Those that are held unpacked; not to be changed by others. */
    HotEntities hot() {
        return hot;
    }

    /** Blocks by their first id; not to be changed by others. */
    NavigableMap<String, ColdBlock> cold() {
        return cold;
    }

    boolean isEmpty() {
        return hot.isEmpty() && cold.isEmpty();
    }

    Entity get(String id) {
        Entity entity = hot.get(id);
        if (entity != null || cold.isEmpty()) {
            return entity;
        }
        ColdBlock block = covering(id);
        int index = indexIn(block, id);
        return index < 0 ? null : reads.unpack(block).entity(index);
    }

    /** @return what it replaces, or {@code null} */
    Entity put(Entity entity) {
        // The names of the shelf are kept, not those of the entity: each replayed one has copies of its own.
        Entity kept = new Entity(
                new EntityKey(domain, partitionKey, entity.key().id()),
                entity.version(),
                entity.timeMs(),
                entity.json());
        Entity before = hot.put(kept);
        usage.addHot(kept);
        if (before == null) {
            return bury(kept.key().id());
        }
        usage.removeHot(before);
        return before;
    }

    /** @return what was there, or {@code null} */
    Entity remove(String id) {
        Entity before = hot.remove(id);
        if (before == null) {
            return bury(id);
        }
        usage.removeHot(before);
        return before;
    }

    /** Adds up to {@code limit} entities behind {@code afterId}, or from the beginning when it is {@code null}. */
    void list(String afterId, boolean descending, int limit, List<Entity> found) {
        Iterator<Entity> entities = (descending ? hot.before(afterId) : hot.behind(afterId)).iterator();
        if (!cold.isEmpty()) {
            entities = new ShelfIterator(entities, blocksBehind(afterId, descending), reads, afterId, descending);
        }
        for (int i = 0; i < limit && entities.hasNext(); i++) {
            found.add(entities.next());
        }
    }

    private Iterator<ColdBlock> blocksBehind(String afterId, boolean descending) {
        if (!descending) {
            return blocks(afterId, null).iterator();
        }
        NavigableMap<String, ColdBlock> before = afterId == null ? cold : cold.headMap(afterId, false);
        return before.descendingMap().values().iterator();
    }

    /** Blocks with ids behind {@code afterId} and up to {@code untilId}, in order; {@code null} for no limit. */
    Collection<ColdBlock> blocks(String afterId, String untilId) {
        ColdBlock first = afterId == null ? null : covering(afterId);
        NavigableMap<String, ColdBlock> blocks = cold;
        if (first != null && !first.lastId.equals(afterId)) {
            blocks = cold.tailMap(first.firstId, true);
        } else if (afterId != null) {
            blocks = cold.tailMap(afterId, false);
        }
        return (untilId == null ? blocks : blocks.headMap(untilId, true)).values();
    }

    /** The block whose range {@code id} is in, or {@code null}. */
    ColdBlock covering(String id) {
        var floor = cold.floorEntry(id);
        return floor == null || floor.getValue().lastId.compareTo(id) < 0 ? null : floor.getValue();
    }

    /**
     * Takes in what was packed: {@code fresh} replaces {@code old}. The entities in {@code packed} become cold unless
     * they have changed meanwhile; then they are dead where they are packed, as are those that died in an old block.
     *
     * @return how many entities became cold
     */
    int install(PackedRun packed) {
        PackRun run = packed.run();
        for (PackRun.Pulled pulled : run.blocks()) {
            dropBlock(pulled.block());
        }
        int cooled = 0;
        for (int i = 0; i < run.entities().size(); i++) {
            Entity entity = run.entities().get(i);
            Entity now = hot.get(entity.key().id());
            if (now != null && now.version() == entity.version()) {
                hot.remove(entity.key().id());
                usage.removeHot(entity);
                cooled++;
            } else {
                packed.killEntity(i);
            }
        }
        packed.killWhatDiedMeanwhile();
        for (ColdBlock block : packed.blocks()) {
            addBlock(block);
        }
        return cooled;
    }

    private void addBlock(ColdBlock block) {
        if (block.live() == 0) {
            return;
        }
        cold.put(block.firstId, block);
        usage.addBlock(block);
        if (block.isPoor()) {
            poor.add(block);
        }
    }

    private void dropBlock(ColdBlock block) {
        poor.remove(block);
        if (cold.remove(block.firstId, block)) {
            usage.removeBlock(block);
        }
    }

    /** Marks a cold entity as dead, because a hot one takes its place or it is removed. */
    private Entity bury(String id) {
        ColdBlock block = cold.isEmpty() ? null : covering(id);
        int index = indexIn(block, id);
        if (index < 0) {
            return null;
        }
        Entity before = reads.unpack(block).entity(index);
        usage.removeBlock(block);
        block.kill(index, before.json().size());
        usage.addBlock(block);
        if (block.live() == 0) {
            dropBlock(block);
        } else if (block.isPoor()) {
            poor.add(block);
        }
        return before;
    }

    private int indexIn(ColdBlock block, String id) {
        if (block == null || !block.mayHold(id)) {
            return -1;
        }
        int index = reads.unpack(block).indexOf(id);
        return index < 0 || block.isDead(index) ? -1 : index;
    }
}
