package io.tradewind.dbsync.domain;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Merges the changes of a batch per entity: an order that was accepted, sent and filled within one batch is written
 * once, as filled. The last change wins, a delete is a change like any other. Where rows never change, the first put
 * wins; where rows outlive their entity, deletes count for nothing, nor do those by which the state-store only forgets. So the tables come out the same however the log is
 * cut into batches.
 *
 * <p>One per batch, used by one thread. Bounded by the limits of the batch.
 */
final class Coalescer {

    private final Map<EntityKey, EntityChange> changes = new LinkedHashMap<>();
    private int mutations;

    /** Transactions of one partition must come in version order. */
    void add(int partition, CommittedTransaction tx) {
        for (Mutation mutation : tx.mutations()) {
            mutations++;
            TableMapping table = TableMappings.of(mutation.key().domain());
            boolean keepsRow =
                    table.onDelete() == OnDelete.KEEP_ROW || tx.cause().isRetention();
            if (mutation.isDelete() && keepsRow) {
                continue;
            }
            EntityChange change = new EntityChange(
                    partition, mutation.key(), mutation.json(), tx.version(), tx.version(), tx.timeMs(), 1);
            changes.merge(
                    mutation.key(),
                    change,
                    (before, later) -> table.onConflict() == OnConflict.KEEP ? before : before.then(later));
        }
    }

    /** One per entity. */
    Collection<EntityChange> changes() {
        return changes.values();
    }

    /** Changes before merging. */
    int mutations() {
        return mutations;
    }
}
