package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.dbsync.TestLog;
import io.tradewind.dbsync.domain.NewRows.Split;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewRowsTest {

    private static final long SINCE = TestLog.T0;

    private final NewRows newRows = new NewRows();

    @Test
    void shouldTakeWhatComesOnceForNew() {
        TableOp activities = activities(NewRows.MIN_ROWS);

        Split split = newRows.split(activities, activities.rows(), SINCE);

        assertEquals(activities.rows(), split.fresh());
        assertEquals(List.of(), split.others());
    }

    @Test
    void shouldTakeWhatWasMadeWithinTheTimeOfTheBatchForNew() {
        List<Row> rows = new ArrayList<>(orders(SINCE - 1, 0, 5));
        List<Row> young = orders(SINCE, 5, NewRows.MIN_ROWS);
        rows.addAll(3, young);

        Split split = newRows.split(new TableOp(TableMappings.of("order"), false, rows), rows, SINCE);

        assertEquals(young, split.fresh());
        assertEquals(orders(SINCE - 1, 0, 5), split.others());
    }

    @Test
    void shouldTakeNothingForNewThatMayBeThere() {
        TableMapping table = TableMappings.of("position");
        List<Row> positions = new ArrayList<>();
        for (int i = 0; i < NewRows.MIN_ROWS; i++) {
            positions.add(table.put(change(TestLog.position("A", "S" + i, "1"))));
        }
        TableOp op = new TableOp(table, false, positions);
        assertEquals(new Split(List.of(), positions), newRows.split(op, positions, SINCE));

        List<Row> undated = List.of(TableMappings.of("order").put(change(TestLog.put("order", "A", "o", "{}"))));
        op = new TableOp(TableMappings.of("order"), false, undated);
        assertEquals(new Split(List.of(), undated), newRows.split(op, undated, SINCE));

        TableOp activities = activities(NewRows.MIN_ROWS);
        assertEquals(
                new Split(List.of(), activities.rows()), newRows.split(activities, activities.rows(), NewRows.NEVER));
    }

    @Test
    void shouldNotMakeAStatementForAFewRows() {
        TableOp activities = activities(NewRows.MIN_ROWS - 1);

        assertEquals(new Split(List.of(), activities.rows()), newRows.split(activities, activities.rows(), SINCE));
    }

    @Test
    void shouldNotGuessForAWhileBehindAWrongGuess() {
        TableOp activities = activities(NewRows.MIN_ROWS);

        newRows.wrong();
        for (int batch = 0; batch < NewRows.BATCHES_WITHOUT; batch++) {
            assertEquals(
                    List.of(),
                    newRows.split(activities, activities.rows(), SINCE).fresh(),
                    "batch " + batch);
            newRows.next();
        }

        assertEquals(
                activities.rows(),
                newRows.split(activities, activities.rows(), SINCE).fresh());
    }

    private static TableOp activities(int count) {
        TableMapping table = TableMappings.of("activity");
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(table.put(change(TestLog.activity("A", "e" + i, "o" + i, "10"))));
        }
        return new TableOp(table, false, rows);
    }

    private static List<Row> orders(long createdAtMs, int from, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            String json = JsonObjects.write(out -> out.text("symbol", "AAPL").time("created_at", createdAtMs))
                    .toString();
            rows.add(TableMappings.of("order").put(change(TestLog.put("order", "A", "o" + i, json))));
        }
        return rows;
    }

    private static EntityChange change(Mutation mutation) {
        return new EntityChange(0, mutation.key(), mutation.json(), 1, 1, TestLog.T0, 1);
    }
}
