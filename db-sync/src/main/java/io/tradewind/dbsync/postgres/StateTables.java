package io.tradewind.dbsync.postgres;

import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.Column;
import io.tradewind.dbsync.domain.ColumnType;
import io.tradewind.dbsync.domain.StateRows;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.dbsync.domain.TableMappings.Names;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tables against the state: compares rows with what they have to be, and makes them so.
 *
 * <p>State is read at some version of its partition, the tables stand at their offset. What is written here must not be
 * older than what the tables hold: so every writing locks the offset first, and is refused with {@link
 * TablesAheadException} when it is beyond the version at which the state was read. Until the transaction ends, nobody can
 * move it.
 *
 * <p>On the event loop of its database, with the connection for itself. Holds nothing to close.
 */
public final class StateTables {

    /** Of a value, in what is said about a difference. */
    private static final int MAX_VALUE_CHARS = 120;

    private static final String HISTORY_BEYOND = "DELETE FROM log_archive WHERE partition = $1 AND last_version > $2";
    private static final String AUDIT_BEYOND = "DELETE FROM state_changes WHERE partition = $1 AND version > $2";

    private final Database database;
    private final BatchWriter writer;

    public StateTables(Database database, BatchWriter writer) {
        this.database = database;
        this.writer = writer;
    }

    /**
     * How a row compares with the entity that it is of.
     *
     * @param version of the row; 0 when there is none
     * @param differences one for each column that has another value
     */
    public record Compared(EntityKey key, long entityVersion, long version, List<String> differences) {}

    /** The name of a row, and its version. */
    public record Named(EntityKey key, long version) {}

    /** Compares all rows; none are left out. */
    public Future<List<Compared>> compare(StateRows expected) {
        if (expected.rows().isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        BulkStatement put = BulkStatement.put(expected.table());
        Tuple parameters = put.parameters(expected.rows());
        return database.with(session -> session.run(compareSql(expected.table()), parameters))
                .map(rows -> {
                    List<Compared> all = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        var change =
                                expected.rows().get((int) (row.getLong(0) - 1)).change();
                        Long version = row.getLong(1);
                        all.add(new Compared(
                                change.key(),
                                change.version(),
                                version == null ? 0 : version,
                                Arrays.asList(row.getArrayOfStrings(2))));
                    }
                    return all;
                });
    }

    /** Writes rows anew, whatever stands there, and takes back what was set aside of their entities. */
    public Future<Written> replace(int partition, long readAt, String domain, StateRows rows) {
        return writer.write(rows.batch(), session -> lock(session, partition, readAt)
                .compose(locked -> DeadLetterTable.resolve(
                        session,
                        partition,
                        domain,
                        rows.rows().stream().map(row -> row.change().key()).toList()))
                .compose(resolved -> clear(session, readAt, rows)));
    }

    /** Writes a batch that moves no offset, where it is newer than what stands there, in place of dead letters. */
    public Future<Written> writeInstead(int partition, long readAt, Batch batch, List<DeadLetterTable.Letter> letters) {
        return writer.write(batch, session -> lock(session, partition, readAt)
                .compose(locked -> DeadLetterTable.remove(session, letters)));
    }

    /** The rows of a partition, in the order of their names, behind {@code after} or from the first. */
    public Future<List<Named>> names(TableMapping table, int partition, EntityKey after, int limit) {
        Names names = TableMappings.names(table);
        String domain =
                names.domainColumn() == null ? "'" + names.domain() + "'::text COLLATE \"C\"" : names.domainColumn();
        String name = domain + ", " + names.partitionKeyColumn() + ", " + names.idColumn();
        String sql = "SELECT " + name + ", version FROM " + table.table() + " WHERE partition = $1 AND (" + name
                + ") > ($2, $3, $4) ORDER BY 1, 2, 3 LIMIT $5";
        Tuple parameters = after == null
                ? Tuple.of(partition, "", "", "", limit)
                : Tuple.of(partition, after.domain(), after.partitionKey(), after.id(), limit);
        return database.with(session -> session.run(sql, parameters)).map(rows -> {
            List<Named> found = new ArrayList<>(rows.size());
            for (Row row : rows) {
                found.add(
                        new Named(new EntityKey(row.getString(0), row.getString(1), row.getString(2)), row.getLong(3)));
            }
            return found;
        });
    }

    /** The versions of the rows of these entities, those that there are. */
    public Future<Map<EntityKey, Long>> versions(TableMapping table, List<EntityKey> keys) {
        Names names = TableMappings.names(table);
        String sql = "SELECT b.domain, b.partition_key, b.id, t.version FROM unnest($1::text[], $2::text[],"
                + " $3::text[]) AS b(domain, partition_key, id) JOIN " + table.table() + " AS t ON " + sameName(names);
        Tuple parameters = Tuple.of(
                keys.stream().map(EntityKey::domain).toArray(String[]::new),
                keys.stream().map(EntityKey::partitionKey).toArray(String[]::new),
                keys.stream().map(EntityKey::id).toArray(String[]::new));
        return database.with(session -> session.run(sql, parameters)).map(rows -> {
            Map<EntityKey, Long> found = new HashMap<>();
            for (Row row : rows) {
                found.put(new EntityKey(row.getString(0), row.getString(1), row.getString(2)), row.getLong(3));
            }
            return found;
        });
    }

    private static String sameName(Names names) {
        return (names.domainColumn() == null ? "" : "t." + names.domainColumn() + " = b.domain AND ") + "t."
                + names.partitionKeyColumn() + " = b.partition_key AND t." + names.idColumn() + " = b.id";
    }

    /** Removes rows that the state does not have, if they are still of these versions. */
    public Future<Long> remove(TableMapping table, int partition, long readAt, List<Named> rows) {
        Names names = TableMappings.names(table);
        String sql = "DELETE FROM " + table.table() + " AS t USING unnest($1::text[], $2::text[], $3::text[],"
                + " $4::bigint[]) AS b(domain, partition_key, id, version) WHERE " + sameName(names)
                + " AND t.version = b.version";
        Tuple parameters = Tuple.of(
                rows.stream().map(row -> row.key().domain()).toArray(String[]::new),
                rows.stream().map(row -> row.key().partitionKey()).toArray(String[]::new),
                rows.stream().map(row -> row.key().id()).toArray(String[]::new),
                rows.stream().map(Named::version).toArray(Long[]::new));
        return database.inTransaction(session -> lock(session, partition, readAt)
                        .compose(locked -> session.run(sql, parameters))
                        .map(removed -> (long) removed.rowCount()))
                .onComplete(done -> writer.forget());
    }

    /**
     * Lets go of everything of a partition beyond a version, and puts its offset there: what Postgres holds beyond the end
     * of the log belongs to a log that is no more.
     */
    public Future<Long> cutBack(int partition, long from, long to) {
        return database.inTransaction(session -> {
                    Future<Long> removed = OffsetTable.set(session, partition, from, to)
                            .compose(set -> session.run(HISTORY_BEYOND, Tuple.of(partition, to)))
                            .compose(archive -> session.run(AUDIT_BEYOND, Tuple.of(partition, to)))
                            .map(0L);
                    for (TableMapping table : TableMappings.all()) {
                        String sql = "DELETE FROM " + table.table() + " WHERE partition = $1 AND version > $2";
                        removed = removed.compose(before ->
                                session.run(sql, Tuple.of(partition, to)).map(gone -> before + gone.rowCount()));
                    }
                    return removed;
                })
                .onComplete(done -> writer.forget());
    }

    /** Goes on from another version, because the log cannot be followed from where the offset is. */
    public Future<Void> skip(int partition, long from, long to) {
        return database.inTransaction(session -> OffsetTable.set(session, partition, from, to));
    }

    private static Future<Void> lock(Database.Session session, int partition, long readAt) {
        return OffsetTable.lock(session, partition)
                .compose(offset -> offset <= readAt
                        ? Future.succeededFuture()
                        : Future.failedFuture(new TablesAheadException(partition, offset, readAt)));
    }

    /** Rows that never change are only replaced by the very same version: an earlier one has its right to stay. */
    private static Future<Void> clear(Database.Session session, long readAt, StateRows rows) {
        if (rows.rows().isEmpty()) {
            return Future.succeededFuture();
        }
        TableMapping table = rows.table();
        BulkStatement delete = BulkStatement.delete(table);
        String sameKey =
                table.key().stream().map(name -> "t." + name + " = b." + name).collect(Collectors.joining(" AND "));
        String sql = "DELETE FROM " + table.table() + " AS t USING " + unnest(delete.columns()) + " WHERE " + sameKey
                + " AND t.version " + (table.onConflict() == OnConflict.KEEP ? "= b.version" : "<= " + readAt);
        List<io.tradewind.dbsync.domain.Row> keys =
                rows.rows().stream().map(row -> table.delete(row.change())).toList();
        return session.run(sql, delete.parameters(keys)).mapEmpty();
    }

    private static String compareSql(TableMapping table) {
        List<Column> columns = table.columns();
        String sameKey =
                table.key().stream().map(name -> "t." + name + " = b." + name).collect(Collectors.joining(" AND "));
        String differences = columns.stream()
                .filter(column -> !table.key().contains(column.name()))
                .map(StateTables::difference)
                .collect(Collectors.joining(", "));
        return "SELECT b.ordinality, t.version, array_remove(ARRAY[" + differences + "]::text[], NULL) FROM "
                + unnestOrdered(columns) + " LEFT JOIN " + table.table() + " AS t ON " + sameKey
                + " ORDER BY b.ordinality";
    }

    private static String difference(Column column) {
        String expected = "b." + column.name() + cast(column.type());
        String found = "t." + column.name();
        return "CASE WHEN " + found + " IS DISTINCT FROM " + expected + " THEN '" + column.name() + " is ' || "
                + shown(found) + " || ' instead of ' || " + shown(expected) + " END";
    }

    private static String shown(String value) {
        return "coalesce(left((" + value + ")::text, " + MAX_VALUE_CHARS + "), 'NULL')";
    }

    private static String unnest(List<Column> columns) {
        return "unnest(" + arrays(columns) + ") AS b(" + names(columns) + ")";
    }

    private static String unnestOrdered(List<Column> columns) {
        return "unnest(" + arrays(columns) + ") WITH ORDINALITY AS b(" + names(columns) + ", ordinality)";
    }

    private static String arrays(List<Column> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "$" + (i + 1) + "::"
                        + BulkStatement.sqlType(columns.get(i).type()) + "[]")
                .collect(Collectors.joining(", "));
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    private static String cast(ColumnType type) {
        return BulkStatement.cast(type);
    }
}
