package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Mutation;
import io.tradewind.dbsync.TestLog;
import io.tradewind.dbsync.domain.RowMemory.Plan;
import io.tradewind.dbsync.domain.RowMemory.Update;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowMemoryTest {

    private final RowMemory memory = new RowMemory();

    @Test
    void shouldWriteWholeWhatItDoesNotKnow() {
        Plan plan = memory.plan(orders(1, "accepted", 3));

        assertEquals(3, plan.whole().size());
        assertTrue(plan.updates().isEmpty());
    }

    @Test
    void shouldWriteOnlyTheColumnsThatDifferFromWhatItKnows() {
        learn(orders(1, "accepted", 40));

        Plan plan = memory.plan(orders(2, "filled", 41));

        assertEquals(1, plan.whole().size());
        assertEquals(1, plan.updates().size());
        assertEquals(
                List.of("filled_qty", "status", "version"),
                columns(plan.updates().get(0)));
        assertEquals(40, plan.updates().get(0).rows().size());
    }

    @Test
    void shouldPutFewRowsWithDifferentChangesIntoOneStatement() {
        learn(orders(1, "accepted", 60));
        List<Row> mixed = new ArrayList<>(orders(2, "filled", 50).rows());
        mixed.addAll(orders(2, "accepted", 60).rows().subList(50, 53));
        mixed.addAll(orders(2, "canceled", 60).rows().subList(53, 60));

        Plan plan = memory.plan(new TableOp(TableMappings.of("order"), false, mixed));

        assertEquals(2, plan.updates().size());
        assertEquals(
                List.of("filled_qty", "status", "version"),
                columns(plan.updates().get(0)));
        assertEquals(50, plan.updates().get(0).rows().size());
        assertEquals(List.of("status", "version"), columns(plan.updates().get(1)));
        assertEquals(10, plan.updates().get(1).rows().size());
    }

    @Test
    void shouldKnowNothingOfWhatWasForgotten() {
        learn(orders(1, "accepted", 3));
        memory.forget(orders(1, "accepted", 1));
        assertEquals(1, memory.plan(orders(2, "filled", 3)).whole().size());

        TableMapping positions = TableMappings.of("position");
        EntityChange position = change(1, TestLog.position("A", "AAPL", "1"));
        memory.learn(positions, List.of(positions.put(position)));
        memory.forget(new TableOp(positions, true, List.of(positions.delete(position))));
        assertEquals(
                1,
                memory.plan(new TableOp(positions, false, List.of(positions.put(position))))
                        .whole()
                        .size());

        memory.clear();
        assertEquals(3, memory.plan(orders(2, "filled", 3)).whole().size());
    }

    @Test
    void shouldNotKeepRowsAtTheEndOfTheirLife() {
        learn(orders(1, "accepted", 3));
        learn(orders(2, "filled", 4));

        assertEquals(0, memory.size());
        assertEquals(4, memory.plan(orders(3, "filled", 4)).whole().size());
    }

    @Test
    void shouldForgetTheRowsUsedLongestAgo() {
        learn(orders(1, "accepted", RowMemory.MAX_ROWS + 5));

        assertEquals(RowMemory.MAX_ROWS, memory.size());
        assertEquals(5, memory.plan(orders(2, "filled", 10)).whole().size());
    }

    private void learn(TableOp op) {
        memory.learn(op.table(), op.rows());
    }

    private static TableOp orders(long version, String status, int count) {
        TableMapping table = TableMappings.of("order");
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(table.put(
                    change(version, TestLog.order("A", "o" + i, status, status.equals("filled") ? "10" : "0"))));
        }
        return new TableOp(table, false, rows);
    }

    private static EntityChange change(long version, Mutation mutation) {
        return new EntityChange(0, mutation.key(), mutation.json(), version, version, 1, 1);
    }

    private static List<String> columns(Update update) {
        return update.columns().stream()
                .map(c -> update.table().columns().get(c).name())
                .toList();
    }
}
