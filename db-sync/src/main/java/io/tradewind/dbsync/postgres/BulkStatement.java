package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.Column;
import io.tradewind.dbsync.domain.ColumnType;
import io.tradewind.dbsync.domain.Row;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Array;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One prepared statement for any number of rows: one array parameter per column, unnested by Postgres. Its text does not
 * depend on the number of rows, so that it is prepared once per connection.
 *
 * @param sql the statement
 * @param columns its parameters
 * @param indexes where the value of each parameter is in a row
 */
record BulkStatement(String sql, List<Column> columns, List<Integer> indexes) {

    private BulkStatement(String sql, List<Column> columns) {
        this(sql, columns, IntStream.range(0, columns.size()).boxed().toList());
    }

    /** Inserts new rows; of those that are there, replaces the older ones or keeps all, as the mapping says. */
    static BulkStatement put(TableMapping table) {
        BulkStatement insert = insert(table);
        return new BulkStatement(
                insert.sql + " ON CONFLICT (" + String.join(", ", table.key()) + ") DO " + onConflict(table),
                insert.columns);
    }

    /**
     * Inserts rows that are not there yet; one that is fails it. A row costs Postgres a fifth to a third less than by
     * {@link #put}, which has to be ready for another one at every step.
     */
    static BulkStatement insert(TableMapping table) {
        List<Column> columns = table.columns();
        String values = columns.stream()
                .map(column -> column.name() + cast(column.type()))
                .collect(Collectors.joining(", "));
        String sql = "INSERT INTO " + table.table() + " (" + names(columns) + ") SELECT " + values + " FROM "
                + unnest(columns);
        return new BulkStatement(sql, columns);
    }

    /** Changes some columns of rows that are there, where they are older. The parameters are whole rows. */
    static BulkStatement update(TableMapping table, List<Integer> changed) {
        List<Integer> indexes = new ArrayList<>(keyIndexes(table));
        indexes.addAll(changed);
        List<Column> columns = indexes.stream().map(table.columns()::get).toList();
        String assignments = changed.stream()
                .map(table.columns()::get)
                .map(column -> column.name() + " = b." + column.name() + cast(column.type()))
                .collect(Collectors.joining(", "));
        String sql = "UPDATE " + table.table() + " AS t SET " + assignments + " FROM " + unnest(columns) + " WHERE "
                + sameKey(table) + " AND t.version < b.version";
        return new BulkStatement(sql, columns, indexes);
    }

    private static List<Integer> keyIndexes(TableMapping table) {
        return IntStream.range(0, table.columns().size())
                .filter(c -> table.key().contains(table.columns().get(c).name()))
                .boxed()
                .toList();
    }

    /** Removes rows that are older than the delete. */
    static BulkStatement delete(TableMapping table) {
        List<Column> columns = table.deleteColumns();
        String sql = "DELETE FROM " + table.table() + " AS t USING " + unnest(columns) + " WHERE " + sameKey(table)
                + " AND t.version < b.version";
        return new BulkStatement(sql, columns);
    }

    private static String sameKey(TableMapping table) {
        return table.key().stream().map(name -> "t." + name + " = b." + name).collect(Collectors.joining(" AND "));
    }

    private static String onConflict(TableMapping table) {
        if (table.onConflict() == OnConflict.KEEP) {
            return "NOTHING";
        }
        String assignments = table.columns().stream()
                .map(Column::name)
                .filter(name -> !table.key().contains(name))
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", "));
        return "UPDATE SET " + assignments + " WHERE " + table.table() + ".version < excluded.version";
    }

    /**
     * The rows that the parameters make. Each array is unnested in the list of columns, where Postgres takes one value of
     * each at a time; named together in FROM, every one of them would be copied to a store of its own first.
     */
    private static String unnest(List<Column> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i ->
                        "unnest($" + (i + 1) + "::" + sqlType(columns.get(i).type()) + "[]) AS "
                                + columns.get(i).name())
                .collect(Collectors.joining(", ", "(SELECT ", ") AS b"));
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /**
     * The parameters for these rows, column by column. A column that no row fills is left empty: Postgres fills shorter
     * arrays up with NULL, and half the columns of most orders are such.
     */
    Tuple parameters(List<Row> rows) {
        Tuple tuple = Tuple.tuple();
        for (int c = 0; c < columns.size(); c++) {
            int index = indexes.get(c);
            // The client tells the type of a parameter by that of the array.
            Class<?> type = javaType(columns.get(c).type());
            Object[] array = (Object[]) Array.newInstance(type, rows.size());
            boolean empty = true;
            for (int r = 0; r < array.length; r++) {
                Object value = rows.get(r).values().get(index);
                array[r] = value;
                empty &= value == null;
            }
            tuple.addValue(empty ? Array.newInstance(type, 0) : array);
        }
        return tuple;
    }

    /** The type of the array's elements. */
    static String sqlType(ColumnType type) {
        return switch (type) {
            // As text, decimals may be NULL, which the client cannot encode in an array of them; and it would turn the
            // text of a document into a JSON string. Postgres casts both.
            case TEXT, JSON, DECIMAL -> "text";
            case INTEGER -> "bigint";
            case FLAG -> "boolean";
            case TIME -> "timestamptz";
            case DATE -> "date";
        };
    }

    static String cast(ColumnType type) {
        return switch (type) {
            case DECIMAL -> "::numeric";
            case JSON -> "::jsonb";
            case TEXT, INTEGER, FLAG, TIME, DATE -> "";
        };
    }

    private static Class<?> javaType(ColumnType type) {
        return switch (type) {
            case TEXT, JSON, DECIMAL -> String.class;
            case INTEGER -> Long.class;
            case FLAG -> Boolean.class;
            case TIME -> OffsetDateTime.class;
            case DATE -> LocalDate.class;
        };
    }
}
