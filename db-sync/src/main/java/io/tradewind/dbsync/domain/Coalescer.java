package io.tradewind.dbsync.domain;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Merges the changes of a batch per row: an order that was accepted, sent and filled within one batch is written once, as
 * filled. The last change wins, a delete is a change like any other. Where rows never change, the first put wins; where
 * rows outlive their entity, deletes count for nothing, nor do those by which the state-store only forgets. So the
 * tables come out the same however the log is cut into batches.
 *
 * <p>One per batch, used by one thread. Bounded by the limits of the batch.
 */
final class Coalescer {

    /**
     * Which row.
     *
     * @param part which of the rows of the entity; {@code null} where it has but one
     */
    private record Slot(String table, EntityKey key, String part) {}

    private record Target(TableMapping table, EntityChange change) {

        Target then(Target later) {
            return table.onConflict() == OnConflict.KEEP ? this : new Target(table, change.then(later.change));
        }
    }

    private final Map<Slot, Target> targets = new LinkedHashMap<>();
    private int mutations;

    /** Transactions of one partition must come in version order. */
    void add(int partition, CommittedTransaction tx) {
        for (Mutation mutation : tx.mutations()) {
            mutations++;
            List<TableMapping> tables = TableMappings.allOf(mutation.key().domain());
            for (TableMapping table : tables) {
                add(table, partition, tx, mutation);
            }
        }
    }

    private void add(TableMapping table, int partition, CommittedTransaction tx, Mutation mutation) {
        boolean keepsRow = table.onDelete() == OnDelete.KEEP_ROW || tx.cause().isRetention();
        if (mutation.isDelete() && keepsRow) {
            return;
        }
        String part = table.part() == null ? null : JsonObjects.text(mutation.json(), table.part());
        if (table.part() != null && part == null) {
            return;
        }
        EntityChange change = new EntityChange(
                partition, mutation.key(), mutation.json(), tx.version(), tx.version(), tx.timeMs(), 1);
        targets.merge(new Slot(table.table(), mutation.key(), part), new Target(table, change), (a, b) -> a.then(b));
    }

    /** What is left of them, row by row. */
    void forEach(BiConsumer<TableMapping, EntityChange> row) {
        targets.values().forEach(target -> row.accept(target.table, target.change));
    }

    /** The same without the tables. */
    Collection<EntityChange> changes() {
        return targets.values().stream().map(Target::change).toList();
    }

    /** Changes before merging. */
    int mutations() {
        return mutations;
    }
}
