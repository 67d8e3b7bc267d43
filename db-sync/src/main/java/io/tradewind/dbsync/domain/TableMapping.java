package io.tradewind.dbsync.domain;

import io.tradewind.contracts.FieldNames;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How the entities of a domain become rows of a table.
 *
 * @param columns every column that is written; one is named {@code version}
 * @param key names of the primary key columns, filled from the entity's name alone, and from {@code part}
 * @param part field of the document that tells the rows of one entity apart, such as a day; {@code null} where an entity
 *     has but one row. A document without the field makes no row. Such rows are never deleted
 * @param fields that the columns come from, each at the place of its column; without any, documents are not read at all
 * @param onConflict what happens to a row that is there already
 * @param onDelete what a delete in the log does to the row
 */
public record TableMapping(
        String table,
        List<Column> columns,
        List<String> key,
        String part,
        FieldNames fields,
        OnConflict onConflict,
        OnDelete onDelete) {

    public enum OnConflict {
        /** A newer version replaces it, an older one does nothing. */
        REPLACE_OLDER,
        /** It stays: rows of this table never change. */
        KEEP
    }

    public enum OnDelete {
        REMOVE_ROW,
        /** History outlives the state-store's memory: there a delete only means "no longer needed in memory". */
        KEEP_ROW
    }

    public static final String VERSION = "version";

    /** When an entity came to be: that is when it was put for the first time, or right before. */
    private static final String BORN = "created_at";

    /**
     * The order in which rows are written, everywhere: two writers that lock rows in one order cannot lock each other
     * out.
     */
    static final Comparator<Row> WRITE_ORDER =
            (a, b) -> compare(a.change().key(), b.change().key());

    private static int compare(EntityKey a, EntityKey b) {
        int order = a.domain().compareTo(b.domain());
        if (order == 0) {
            order = a.partitionKey().compareTo(b.partitionKey());
        }
        return order == 0 ? a.id().compareTo(b.id()) : order;
    }

    public TableMapping {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        if (part != null && onDelete != OnDelete.KEEP_ROW) {
            throw new IllegalArgumentException("table " + table + ": a delete does not say which rows it means");
        }
    }

    private TableMapping(
            String table,
            List<Column> columns,
            List<String> key,
            String part,
            OnConflict onConflict,
            OnDelete onDelete) {
        this(
                table,
                columns,
                key,
                part,
                FieldNames.of(columns.stream().map(Column::field).toList()),
                onConflict,
                onDelete);
    }

    /** A table with one row for each entity. */
    static TableMapping of(
            String table, List<Column> columns, List<String> key, OnConflict onConflict, OnDelete onDelete) {
        return new TableMapping(table, columns, key, null, onConflict, onDelete);
    }

    /** A table with several rows for each entity, told apart by a field; none is ever removed. */
    static TableMapping ofParts(
            String table, List<Column> columns, List<String> key, String part, OnConflict onConflict) {
        return new TableMapping(table, columns, key, part, onConflict, OnDelete.KEEP_ROW);
    }

    /** The columns of the statement that deletes: the key, then the version. */
    public List<Column> deleteColumns() {
        List<Column> picked = new ArrayList<>(key.stream().map(this::column).toList());
        picked.add(column(VERSION));
        return picked;
    }

    /**
     * The row of a put.
     *
     * @throws BadRowException when the document does not fit the table
     */
    Row put(EntityChange change) {
        String[] texts = fields.isEmpty() ? null : texts(change);
        Object[] values = new Object[columns.size()];
        int lastTime = -1;
        for (int c = 0; c < values.length; c++) {
            Column column = columns.get(c);
            String text = texts == null ? null : texts[c];
            if (text != null && column.type() == ColumnType.TIME) {
                // Most times of a document are one or two moments.
                values[c] =
                        lastTime >= 0 && text.equals(texts[lastTime]) ? values[lastTime] : column.value(change, text);
                lastTime = c;
            } else {
                values[c] = column.value(change, text);
            }
        }
        return new Row(change, Arrays.asList(values));
    }

    /** The row of a delete: key and version. */
    public Row delete(EntityChange change) {
        List<Object> values = new ArrayList<>();
        for (Column column : deleteColumns()) {
            values.add(column.value(change, null));
        }
        return new Row(change, values);
    }

    private String[] texts(EntityChange change) {
        try {
            return JsonObjects.read(change.json(), fields);
        } catch (IllegalArgumentException e) {
            throw new BadRowException(e.getMessage(), e);
        }
    }

    /** Where the column {@value #BORN} is; -1 where there is none, or where it does not speak of the row. */
    int bornIndex() {
        return part != null ? -1 : columns.stream().map(Column::name).toList().indexOf(BORN);
    }

    /** Where the primary key is among the columns. */
    List<Integer> keyIndexes() {
        List<String> names = columns.stream().map(Column::name).toList();
        return key.stream().map(names::indexOf).toList();
    }

    private Column column(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("table " + table + " has no column " + name));
    }
}
