package io.tradewind.dbsync.domain;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Entity;
import java.util.ArrayList;
import java.util.List;

/**
 * What the rows of some entities have to be, made by the same rules as those of the changes in the log. Immutable, pure.
 *
 * @param table where they belong
 * @param rows one per entity that fits, in the order in which rows are written
 * @param parts rows of tables that have several for an entity: those that its document of now says. Others of the same
 *     entity are history, which only Postgres has
 * @param misfits entities that do not fit the table
 */
public record StateRows(TableMapping table, List<Row> rows, List<TableOp> parts, List<DeadLetter> misfits) {

    public StateRows {
        rows = List.copyOf(rows);
        parts = List.copyOf(parts);
        misfits = List.copyOf(misfits);
    }

    /** @param entities all of one domain */
    public static StateRows of(int partition, String domain, List<Entity> entities) {
        List<EntityChange> puts = new ArrayList<>(entities.size());
        for (Entity entity : entities) {
            puts.add(new EntityChange(
                    partition, entity.key(), entity.json(), entity.version(), entity.version(), entity.timeMs(), 1));
        }
        return ofPuts(domain, puts);
    }

    /** @param puts all of one domain, at most one per entity */
    public static StateRows ofPuts(String domain, List<EntityChange> puts) {
        TableMapping table = TableMappings.of(domain);
        List<Row> rows = new ArrayList<>(puts.size());
        List<DeadLetter> misfits = new ArrayList<>();
        for (EntityChange put : puts) {
            try {
                rows.add(table.put(put));
            } catch (BadRowException e) {
                misfits.add(new DeadLetter(put, null, e.getMessage()));
            }
        }
        rows.sort(TableMapping.WRITE_ORDER);
        List<EntityChange> fitting = rows.stream().map(Row::change).toList();
        return new StateRows(table, rows, parts(domain, fitting), misfits);
    }

    /** @param puts in the order in which rows are written */
    private static List<TableOp> parts(String domain, List<EntityChange> puts) {
        return TableMappings.allOf(domain).stream()
                .filter(table -> table.part() != null)
                .map(table -> new TableOp(
                        table,
                        false,
                        puts.stream()
                                .filter(put -> JsonObjects.text(put.json(), table.part()) != null)
                                .map(table::put)
                                .toList()))
                .filter(op -> !op.rows().isEmpty())
                .toList();
    }

    /** The rows to be removed. */
    public static TableOp deletes(String domain, List<EntityChange> deletes) {
        TableMapping table = TableMappings.of(domain);
        return new TableOp(
                table,
                true,
                deletes.stream()
                        .map(table::delete)
                        .sorted(TableMapping.WRITE_ORDER)
                        .toList());
    }

    /** As a batch that moves no offset. */
    public Batch batch() {
        List<TableOp> ops = new ArrayList<>();
        if (!rows.isEmpty()) {
            ops.add(new TableOp(table, false, rows));
        }
        ops.addAll(parts);
        return new Batch(List.of(), ops, List.of(), List.of(), misfits, List.of(), 0, 0, 0, false);
    }
}
