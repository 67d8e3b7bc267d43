package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import io.tradewind.statestore.domain.PackRun.Pulled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cuts candidates of shelves into runs that may become blocks. Blocks never overlap: a run ends at a block that lies
 * between two candidates. A block is packed anew with the candidates when enough of them lie within its range, or when
 * it lies beside them and is small, so that blocks that began small grow.
 *
 * <p>Used for one job: each shelf is cut at most once. Not thread safe: owned by its scan.
 */
final class RunCutter {

    /** Blocks packed anew in one job, at most. */
    static final int MAX_PULLED = 16;

    /** Fewer entities are not worth a block. */
    static final int MIN_RUN = 4;

    /** Fewer candidates within the range of a block stay hot: the whole block would be packed anew for them. */
    static final int MIN_WITHIN_BLOCK = 8;

    /** A neighbour is packed anew with a candidate for this many of its entities: each is, a few times in its life. */
    static final int MAX_GROWTH = 8;

    private final List<PackRun> runs = new ArrayList<>();
    private final Set<ColdBlock> pulled = new HashSet<>();
    private int entities;

    private Shelf shelf;
    private List<Entity> taken;
    private Deque<ColdBlock> blocks;
    private int size;
    private String firstId;
    private String lastId;

    List<PackRun> runs() {
        return runs;
    }

    /** Hot entities in all runs. */
    int entities() {
        return entities;
    }

    /** A run of a block that is to be packed anew for its own sake; nothing when there are too many already. */
    void renew(Shelf of, ColdBlock block) {
        if (canPull(block)) {
            begin(of);
            pull(block);
            pullNeighbour(of.cold().lowerEntry(firstId), ColdBlock.MAX_ENTITIES);
            pullNeighbour(of.cold().higherEntry(lastId), ColdBlock.MAX_ENTITIES);
            end();
        }
    }

    /** @param candidates hot entities of the shelf, in id order */
    void cut(Shelf of, List<Entity> candidates) {
        begin(of);
        int from = 0;
        while (from < candidates.size()) {
            String id = candidates.get(from).key().id();
            ColdBlock covering = of.covering(id);
            String border = covering == null ? of.cold().higherKey(id) : covering.lastId;
            int end = from + 1;
            while (end < candidates.size() && isBefore(candidates.get(end), border, covering != null)) {
                end++;
            }
            addGroup(candidates.subList(from, end), covering);
            from = end;
        }
        finish();
    }

    private static boolean isBefore(Entity candidate, String border, boolean orAt) {
        int order = border == null ? -1 : candidate.key().id().compareTo(border);
        return orAt ? order <= 0 : order < 0;
    }

    /** Adds candidates between two blocks, or all within the range of one. */
    private void addGroup(List<Entity> group, ColdBlock covering) {
        String begins = covering == null ? group.get(0).key().id() : covering.firstId;
        String next = lastId == null ? null : shelf.cold().higherKey(lastId);
        boolean blockBetween = next != null && next.compareTo(begins) < 0;
        boolean leftOut = covering != null && (group.size() < MIN_WITHIN_BLOCK || !canPull(covering));
        if (blockBetween || leftOut) {
            finish();
            begin(shelf);
        }
        if (leftOut) {
            return;
        }
        if (covering != null) {
            pull(covering);
        }
        taken.addAll(group);
        size += group.size();
        firstId = firstId == null ? begins : firstId;
        lastId = covering == null ? group.get(group.size() - 1).key().id() : covering.lastId;
    }

    private void finish() {
        if (taken.isEmpty()) {
            return;
        }
        int growth = taken.size() * MAX_GROWTH;
        pullNeighbour(shelf.cold().lowerEntry(firstId), growth);
        pullNeighbour(shelf.cold().higherEntry(lastId), growth);
        if (size >= MIN_RUN) {
            end();
        } else {
            blocks.forEach(pulled::remove);
        }
    }

    private void pullNeighbour(Map.Entry<String, ColdBlock> neighbour, int atMost) {
        if (neighbour != null) {
            ColdBlock block = neighbour.getValue();
            if (block.live() <= atMost && block.live() + size <= ColdBlock.MAX_ENTITIES && canPull(block)) {
                pull(block);
            }
        }
    }

    private boolean canPull(ColdBlock block) {
        return pulled.size() < MAX_PULLED && !pulled.contains(block);
    }

    private void begin(Shelf of) {
        shelf = of;
        taken = new ArrayList<>();
        blocks = new ArrayDeque<>();
        size = 0;
        firstId = null;
        lastId = null;
    }

    private void pull(ColdBlock block) {
        pulled.add(block);
        size += block.live();
        if (firstId == null || block.firstId.compareTo(firstId) < 0) {
            blocks.addFirst(block);
            firstId = block.firstId;
            lastId = lastId == null ? block.lastId : lastId;
        } else {
            blocks.addLast(block);
            lastId = block.lastId;
        }
    }

    private void end() {
        runs.add(new PackRun(shelf, taken, blocks.stream().map(Pulled::of).toList()));
        entities += taken.size();
    }
}
