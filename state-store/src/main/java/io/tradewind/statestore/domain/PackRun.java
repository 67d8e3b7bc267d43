package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.BitSet;
import java.util.List;

/**
 * Entities and blocks of one shelf that shall become new blocks; no other block lies between them. Immutable, made on
 * the thread of the partition, packed on another.
 *
 * @param shelf where they are from; not for whoever packs
 * @param entities hot ones, in id order
 * @param blocks blocks to be packed anew with them, in id order
 */
record PackRun(Shelf shelf, List<Entity> entities, List<Pulled> blocks) {

    PackRun {
        entities = List.copyOf(entities);
        blocks = List.copyOf(blocks);
    }

    /**
     * A block and what of it was dead when it was chosen; nobody may write to {@code dead}.
     *
     * @param dead places of the dead
     */
    record Pulled(ColdBlock block, BitSet dead) {

        static Pulled of(ColdBlock block) {
            return new Pulled(block, block.deadNow());
        }
    }
}
