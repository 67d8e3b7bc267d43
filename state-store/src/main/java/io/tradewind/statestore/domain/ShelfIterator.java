package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Hot and cold entities of a shelf as one sequence in the order of their ids. Unpacks a block when it comes to it. Valid
 * until the shelf changes.
 */
final class ShelfIterator implements Iterator<Entity> {

    private final Iterator<Entity> hot;
    private final Iterator<ColdBlock> blocks;
    private final ColdReads reads;
    private final String afterId;
    private final boolean descending;

    private Entity nextHot;
    /** The block that comes next, or that the walk is in; {@code null} when the next one has to be fetched. */
    private ColdBlock block;
    /** The block that the walk is in; {@code index} is then that of a live entity. */
    private UnpackedBlock unpacked;

    private int index;

    /** @param afterId cold entities up to here are left out; {@code null} for none */
    ShelfIterator(
            Iterator<Entity> hot, Iterator<ColdBlock> blocks, ColdReads reads, String afterId, boolean descending) {
        this.hot = hot;
        this.blocks = blocks;
        this.reads = reads;
        this.afterId = afterId;
        this.descending = descending;
        nextHot = hot.hasNext() ? hot.next() : null;
    }

    @Override
    public boolean hasNext() {
        return nextHot != null || enterBlock();
    }

    @Override
    public Entity next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (nextHot != null && isBeforeTheCold(nextHot.key().id())) {
            Entity next = nextHot;
            nextHot = hot.hasNext() ? hot.next() : null;
            return next;
        }
        Entity next = unpacked.entity(index);
        index += step();
        toLive();
        return next;
    }

    /** Whether a hot entity comes before the next cold one. */
    private boolean isBeforeTheCold(String hotId) {
        while (unpacked == null) {
            if (!fetchBlock()) {
                return true;
            }
            // Most blocks need not be unpacked to tell: who wants the latest few never comes so far.
            if (isBefore(hotId, descending ? block.lastId : block.firstId)) {
                return true;
            }
            unpackBlock();
        }
        return isBefore(hotId, unpacked.id(index));
    }

    private boolean enterBlock() {
        while (unpacked == null && fetchBlock()) {
            unpackBlock();
        }
        return unpacked != null;
    }

    private boolean fetchBlock() {
        if (block == null && blocks.hasNext()) {
            block = blocks.next();
        }
        return block != null;
    }

    private void unpackBlock() {
        unpacked = reads.unpack(block);
        index = descending ? unpacked.count() - 1 : 0;
        toLive();
    }

    /** Goes on to the next live entity behind {@code afterId}, or leaves the block. */
    private void toLive() {
        while (index >= 0 && index < unpacked.count()) {
            if (!block.isDead(index) && (afterId == null || isBefore(afterId, unpacked.id(index)))) {
                return;
            }
            index += step();
        }
        unpacked = null;
        block = null;
    }

    private boolean isBefore(String id, String other) {
        int order = id.compareTo(other);
        return descending ? order > 0 : order < 0;
    }

    private int step() {
        return descending ? -1 : 1;
    }
}
