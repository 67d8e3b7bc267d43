package io.tradewind.dbsync.postgres;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.Advance;
import io.tradewind.dbsync.domain.Offsets;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * The table {@code sync_offsets}: how far each partition is in Postgres. It is what makes two writers harmless: an
 * advance names the version that it starts from, and another version there refuses it.
 */
public final class OffsetTable {

    private static final String READ = "SELECT partition, version FROM sync_offsets";

    private static final String ADVANCE = """
            UPDATE sync_offsets AS o SET version = b.reached, updated_at = now()
            FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS b(partition, expected, reached)
            WHERE o.partition = b.partition AND o.version = b.expected""";

    private static final String LOCK = "SELECT version FROM sync_offsets WHERE partition = $1 FOR UPDATE";

    private static final String SET = """
            UPDATE sync_offsets SET version = $3, updated_at = now() WHERE partition = $1 AND version = $2""";

    private OffsetTable() {}

    /** The offset of a partition, which nobody can move until the transaction ends. */
    static Future<Long> lock(Database.Session session, int partition) {
        return session.run(LOCK, Tuple.of(partition))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /**
     * Puts an offset anywhere, also back, within a transaction.
     *
     * @return fails with {@link OffsetsMovedException} when it is not at {@code from}
     */
    static Future<Void> set(Database.Session session, int partition, long from, long to) {
        return session.run(SET, Tuple.of(partition, from, to))
                .compose(moved -> moved.rowCount() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(new OffsetsMovedException(1, 0)));
    }

    /** As committed now. */
    public static Future<Offsets> read(Database database) {
        return database.with(session -> session.run(READ)).map(OffsetTable::offsets);
    }

    private static Offsets offsets(RowSet<Row> rows) {
        if (rows.size() != Partitions.COUNT) {
            throw new IllegalStateException("table sync_offsets has " + rows.size()
                    + " rows: must be one for each of the " + Partitions.COUNT + " partitions; it was changed by hand");
        }
        Offsets offsets = Offsets.none();
        for (Row row : rows) {
            offsets = offsets.with(row.getInteger(0), row.getLong(1));
        }
        return offsets;
    }

    /**
     * Moves the offsets within a transaction, and keeps their rows locked until its end, so that a second writer waits and
     * then fails.
     *
     * @return fails with {@link OffsetsMovedException} when one of them is not where the batch starts from
     */
    static Future<Void> advance(Database.Session session, List<Advance> advances) {
        int size = advances.size();
        Long[] partitions = new Long[size];
        Long[] expected = new Long[size];
        Long[] reached = new Long[size];
        for (int i = 0; i < size; i++) {
            Advance advance = advances.get(i);
            partitions[i] = (long) advance.partition();
            expected[i] = advance.from();
            reached[i] = advance.to();
        }
        return session.run(ADVANCE, Tuple.of(partitions, expected, reached))
                .compose(moved -> moved.rowCount() == size
                        ? Future.succeededFuture()
                        : Future.failedFuture(new OffsetsMovedException(size, moved.rowCount())));
    }
}
