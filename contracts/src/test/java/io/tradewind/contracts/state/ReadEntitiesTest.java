package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadEntitiesTest {

    private static ReadEntities query(int partition, String key, List<String> ids, int limit) {
        return new ReadEntities(partition, "order", key, ids, null, null, false, limit, ReadEntities.ANY_AGE);
    }

    @Test
    void shouldAskForOneEntityOnItsPartition() {
        EntityKey key = new EntityKey("order", "alice", "7");
        ReadEntities query = ReadEntities.one(key);
        assertEquals(key.partition(), query.partition());
        assertEquals(List.of("7"), query.ids());
        assertEquals("alice", query.partitionKey());
    }

    @Test
    void shouldAskForAWholePartition() {
        ReadEntities query = ReadEntities.ofPartition(5, "order");
        assertEquals(5, query.partition());
        assertNull(query.partitionKey());
        assertTrue(query.ids().isEmpty());
        assertEquals(ReadEntities.MAX_LIMIT, query.limit());
    }

    @Test
    void shouldGoOnBehindTheLastEntityAndKeepTheRest() {
        ReadEntities first = ReadEntities.of("order", "alice", 10).reversed();
        ReadEntities next = first.after(new EntityKey("order", "alice", "7"));
        assertEquals("alice", next.afterKey());
        assertEquals("7", next.afterId());
        assertTrue(next.descending());
        assertEquals(10, next.limit());
        assertEquals(first.partition(), next.partition());
        assertFalse(next.reversed().descending());
        assertEquals("7", next.reversed().afterId());
    }

    @Test
    void shouldCopyItsIds() {
        List<String> ids = new ArrayList<>(List.of("1"));
        ReadEntities query = ReadEntities.byIds("order", "alice", ids);
        ids.add("2");
        assertEquals(List.of("1"), query.ids());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, ReadEntities.MAX_LIMIT + 1})
    void shouldBoundTheLimit(int limit) {
        String message = assertThrows(IllegalArgumentException.class, () -> query(0, "a", List.of(), limit))
                .getMessage();
        assertEquals("limit " + limit + ": must be within 1..1000", message);
    }

    @Test
    void shouldBoundTheIds() {
        assertEquals(
                1000, query(0, "a", Collections.nCopies(1000, "x"), 1).ids().size());
        List<String> many = Collections.nCopies(1001, "x");
        assertThrows(IllegalArgumentException.class, () -> query(0, "a", many, 1));
    }

    @Test
    void shouldWantAKeyWithIdsAndARealPartition() {
        assertThrows(IllegalArgumentException.class, () -> query(0, null, List.of("1"), 1));
        assertThrows(IllegalArgumentException.class, () -> query(16, "a", List.of(), 1));
        assertThrows(IllegalArgumentException.class, () -> query(-1, "a", List.of(), 1));
    }

    @Test
    void shouldBoundQueriesOfTheLog() {
        assertThrows(IllegalArgumentException.class, () -> new ReadLog(0, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ReadLog(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new ReadLog(0, 0, ReadLog.MAX_LIMIT + 1));
        assertThrows(IllegalArgumentException.class, () -> new ReadLog(16, 0, 1));
    }

    @Test
    void shouldBoundCommits() {
        Transaction tx = new Transaction("1", new Cause(null, null, "test"), List.of(), List.of());
        assertThrows(IllegalArgumentException.class, () -> new Commit(0, Durability.DURABLE, List.of()));
        List<Transaction> most = Collections.nCopies(Commit.MAX_TRANSACTIONS, tx);
        assertEquals(
                Commit.MAX_TRANSACTIONS,
                new Commit(0, Durability.DURABLE, most).transactions().size());
        List<Transaction> many = Collections.nCopies(Commit.MAX_TRANSACTIONS + 1, tx);
        assertThrows(IllegalArgumentException.class, () -> new Commit(0, Durability.DURABLE, many));
    }

    @Test
    void shouldNotTakeNoIdsForAllIds() {
        assertThrows(IllegalArgumentException.class, () -> ReadEntities.byIds("order", "alice", List.of()));
    }

    @Test
    void shouldRefuseAKeyThatIsPinnedToNoPartition() {
        assertThrows(IllegalArgumentException.class, () -> new EntityKey("thing", "#x", "1"));
        assertThrows(IllegalArgumentException.class, () -> new EntityKey("thing", "#16", "1"));
        assertEquals(15, new EntityKey("thing", "#15", "1").partition());
    }
}
