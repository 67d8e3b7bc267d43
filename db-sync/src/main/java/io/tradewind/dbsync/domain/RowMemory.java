package io.tradewind.dbsync.domain;

import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the rows written last look like in Postgres, so that a change of one of them need only carry the columns that
 * differ. It holds as long as nobody else writes to the tables, which is just what every batch checks when it moves the
 * offsets: so it is {@link #clear() emptied} whenever a batch fails or sets a row aside, and begins empty after a start.
 * A row that is not known is written whole, which is right in any case.
 *
 * <p>Bounded: the rows used longest ago are forgotten, and rows at the end of their life at once: nearly every order ends
 * within the batch that brings it, and thousands of them that nobody asks for would be copied by every collection. One
 * thread.
 */
public final class RowMemory {

    /** Rows known at a time; of an order about 1.5 KB each. */
    static final int MAX_ROWS = 10_000;

    /** Fewer rows with the same changed columns than this share a statement with others: it costs more than columns. */
    static final int MIN_ROWS_PER_UPDATE = 32;

    /**
     * Rows of which only some columns are written.
     *
     * @param columns indexes of those columns among those of the table, without the key, the version among them
     */
    public record Update(TableMapping table, List<Integer> columns, List<Row> rows) {

        public Update {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /**
     * How the rows of one table are written.
     *
     * @param whole those that are new, or not known here
     */
    public record Plan(List<Row> whole, List<Update> updates) {

        public Plan {
            whole = List.copyOf(whole);
            updates = List.copyOf(updates);
        }
    }

    private record Key(String table, List<Object> values) {}

    private final Map<Key, List<Object>> rows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, List<Object>> eldest) {
            return size() > MAX_ROWS;
        }
    };

    /** @param op puts, not deletes */
    public Plan plan(TableOp op) {
        TableMapping table = op.table();
        if (op.delete() || table.onConflict() == OnConflict.KEEP) {
            return new Plan(op.rows(), List.of());
        }
        List<Integer> key = table.keyIndexes();
        List<Row> whole = new ArrayList<>();
        Map<BitSet, List<Row>> byChange = new LinkedHashMap<>();
        for (Row row : op.rows()) {
            List<Object> known = rows.get(key(table, key, row));
            if (known == null) {
                whole.add(row);
            } else {
                byChange.computeIfAbsent(difference(known, row.values()), columns -> new ArrayList<>())
                        .add(row);
            }
        }
        return new Plan(whole, updates(table, byChange));
    }

    private static List<Update> updates(TableMapping table, Map<BitSet, List<Row>> byChange) {
        List<Update> updates = new ArrayList<>();
        BitSet restColumns = new BitSet();
        List<Row> rest = new ArrayList<>();
        byChange.forEach((columns, same) -> {
            if (same.size() >= MIN_ROWS_PER_UPDATE) {
                updates.add(update(table, columns, same));
            } else {
                restColumns.or(columns);
                rest.addAll(same);
            }
        });
        if (!rest.isEmpty()) {
            rest.sort(TableMapping.WRITE_ORDER);
            updates.add(update(table, restColumns, rest));
        }
        return updates;
    }

    private static Update update(TableMapping table, BitSet columns, List<Row> same) {
        return new Update(table, columns.stream().boxed().toList(), same);
    }

    private static BitSet difference(List<Object> known, List<Object> values) {
        BitSet different = new BitSet(values.size());
        for (int c = 0; c < values.size(); c++) {
            Object value = values.get(c);
            if (value == null ? known.get(c) != null : !value.equals(known.get(c))) {
                different.set(c);
            }
        }
        return different;
    }

    /** These rows are in Postgres as they are here, every one of them. Those that will hardly change again are not kept. */
    public void learn(TableMapping table, List<Row> written) {
        if (table.onConflict() == OnConflict.KEEP) {
            return;
        }
        List<Integer> key = table.keyIndexes();
        for (Row row : written) {
            if (TableMappings.isLast(table, row)) {
                rows.remove(key(table, key, row));
            } else {
                rows.put(key(table, key, row), row.values());
            }
        }
    }

    /** These rows are not there any more, or it is not known what they look like. */
    public void forget(TableOp op) {
        List<Integer> key = op.delete()
                ? IntStream.range(0, op.table().key().size()).boxed().toList()
                : op.table().keyIndexes();
        op.rows().forEach(row -> rows.remove(key(op.table(), key, row)));
    }

    /** Nothing is known from now on. */
    public void clear() {
        rows.clear();
    }

    int size() {
        return rows.size();
    }

    private static Key key(TableMapping table, List<Integer> indexes, Row row) {
        List<Object> values = new ArrayList<>(indexes.size());
        for (int index : indexes) {
            values.add(row.values().get(index));
        }
        return new Key(table.table(), values);
    }
}
