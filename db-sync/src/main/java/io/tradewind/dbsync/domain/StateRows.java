package io.tradewind.dbsync.domain;

import io.tradewind.contracts.state.Entity;
import java.util.ArrayList;
import java.util.List;

/**
 * What the rows of some entities have to be, made by the same rules as those of the changes in the log. Immutable, pure.
 *
 * @param table where they belong
 * @param rows one per entity that fits, in the order in which rows are written
 * @param misfits entities that do not fit the table
 */
public record StateRows(TableMapping table, List<Row> rows, List<DeadLetter> misfits) {

    public StateRows {
        rows = List.copyOf(rows);
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
        return new StateRows(table, rows, misfits);
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
        List<TableOp> ops = rows.isEmpty() ? List.of() : List.of(new TableOp(table, false, rows));
        return new Batch(List.of(), ops, List.of(), List.of(), misfits, List.of(), 0, 0, 0, false);
    }
}
