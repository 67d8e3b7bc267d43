package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.List;
import java.util.function.Consumer;

/**
 * Some entities of a partition as they were at one version. Immutable: made on the event loop at the cost of a few
 * references, read on any thread, where unpacking may take its time.
 */
@FunctionalInterface
public interface EntityBatch {

    /** Hands over every entity of the batch, in no promised order. */
    void forEach(Consumer<Entity> consumer);

    /** A batch of entities that are held unpacked; the list must not change any more. */
    static EntityBatch of(List<Entity> entities) {
        return entities::forEach;
    }
}
