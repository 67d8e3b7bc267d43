package io.tradewind.contracts.state;

import io.tradewind.contracts.Json;

/**
 * One put or delete.
 *
 * @param json the new document; {@code null} deletes the entity
 */
public record Mutation(EntityKey key, Json json) {

    public boolean isDelete() {
        return json == null;
    }
}
