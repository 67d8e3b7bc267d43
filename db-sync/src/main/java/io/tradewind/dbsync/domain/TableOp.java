package io.tradewind.dbsync.domain;

import java.util.List;

/**
 * What a batch does to one table in one go.
 *
 * @param delete whether rows are removed, else they are put
 * @param rows at least one, one per entity, in {@link TableMapping#WRITE_ORDER}
 */
public record TableOp(TableMapping table, boolean delete, List<Row> rows) {

    public TableOp {
        rows = List.copyOf(rows);
    }
}
