package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;

/** Keeps count of what one domain takes. Not thread safe: owned by its table. */
final class UsageCounter {

    private long hot;
    private long cold;
    private long hotBytes;
    private long coldBytes;
    private long hotHeapBytes;
    private long coldHeapBytes;

    void addHot(Entity entity) {
        hot++;
        hotBytes += entity.json().size();
        hotHeapBytes += HeapEstimate.hot(entity);
    }

    void removeHot(Entity entity) {
        hot--;
        hotBytes -= entity.json().size();
        hotHeapBytes -= HeapEstimate.hot(entity);
    }

    /** Counts what of a block is alive now; taken back by {@link #removeBlock} before that changes. */
    void addBlock(ColdBlock block) {
        cold += block.live();
        coldBytes += block.liveBytes();
        coldHeapBytes += block.heapBytes();
    }

    void removeBlock(ColdBlock block) {
        cold -= block.live();
        coldBytes -= block.liveBytes();
        coldHeapBytes -= block.heapBytes();
    }

    void addShelf(Shelf shelf) {
        hotHeapBytes += HeapEstimate.shelf(shelf.partitionKey);
    }

    void removeShelf(Shelf shelf) {
        hotHeapBytes -= HeapEstimate.shelf(shelf.partitionKey);
    }

    DomainUsage now() {
        return new DomainUsage(hot, cold, hotBytes, coldBytes, hotHeapBytes, coldHeapBytes);
    }
}
