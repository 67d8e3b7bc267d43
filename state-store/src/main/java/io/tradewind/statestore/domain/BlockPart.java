package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * What of a block belongs to a walk: those that are behind one id and up to another, were not dead when it came by, and
 * are not newer than it. Immutable, any thread.
 *
 * @param dead places of the dead; nobody may write to it
 * @param afterId {@code null} for no limit
 * @param untilId {@code null} for no limit
 */
record BlockPart(ColdBlock block, BitSet dead, String afterId, String untilId, long version) {

    void forEach(Consumer<Entity> consumer) {
        UnpackedBlock unpacked = block.unpack();
        for (int i = 0; i < unpacked.count(); i++) {
            String id = unpacked.id(i);
            if (!dead.get(i)
                    && unpacked.version(i) <= version
                    && (afterId == null || id.compareTo(afterId) > 0)
                    && (untilId == null || id.compareTo(untilId) <= 0)) {
                consumer.accept(unpacked.entity(i));
            }
        }
    }
}
