package io.tradewind.dbsync.domain;

import static io.tradewind.dbsync.TestLog.activity;
import static io.tradewind.dbsync.TestLog.delete;
import static io.tradewind.dbsync.TestLog.order;
import static io.tradewind.dbsync.TestLog.position;
import static io.tradewind.dbsync.TestLog.tx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Mutation;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoalescerTest {

    private final Coalescer coalescer = new Coalescer();

    @Test
    void shouldLeaveOnlyTheLastChangeOfAnEntity() {
        coalescer.add(3, tx(7, order("A", "1", "accepted", "0")));
        coalescer.add(3, tx(8, order("A", "1", "pending_new", "0"), order("A", "2", "accepted", "0")));
        coalescer.add(3, tx(9, order("A", "1", "filled", "10")));

        List<EntityChange> changes = List.copyOf(coalescer.changes());

        assertEquals(2, changes.size());
        assertEquals(4, coalescer.mutations());
        EntityChange first = changes.get(0);
        assertEquals(order("A", "1", "filled", "10").json(), first.json());
        assertEquals(7, first.firstVersion());
        assertEquals(9, first.version());
        assertEquals(3, first.changes());
    }

    @Test
    void shouldDeleteWhatWasPutBefore() {
        coalescer.add(0, tx(1, position("A", "AAPL", "10")));
        coalescer.add(0, tx(2, delete(Domains.POSITION, "A", "AAPL")));

        assertTrue(coalescer.changes().iterator().next().isDelete());
    }

    @Test
    void shouldPutWhatWasDeletedBefore() {
        coalescer.add(0, tx(1, delete(Domains.POSITION, "A", "AAPL"), position("A", "AAPL", "3")));

        EntityChange change = coalescer.changes().iterator().next();
        assertFalse(change.isDelete());
        assertEquals(2, change.changes());
    }

    @Test
    void shouldKeepHistoryThatTheStateStoreForgets() {
        coalescer.add(0, tx(1, order("A", "1", "filled", "10"), activity("A", "e1", "1", "10")));
        coalescer.add(0, tx(2, delete(Domains.ORDER, "A", "1"), delete(Domains.ACTIVITY, "A", "e1")));

        assertTrue(coalescer.changes().stream().noneMatch(EntityChange::isDelete));
        assertEquals(2, coalescer.changes().size());
    }

    @Test
    void shouldKeepEveryRowWhoseEntityLeftByRetention() {
        List<Mutation> deletes = List.of(
                delete(Domains.ORDER, "A", "1"),
                delete(Domains.ACTIVITY, "A", "e1"),
                delete(Domains.SIGNAL, "A", "s1"),
                delete(Domains.POSITION, "A", "AAPL"));
        coalescer.add(0, new CommittedTransaction(1, 1_000, "t1", new Cause("t1", null, Cause.RETENTION), deletes));
        assertEquals(List.of(), List.copyOf(coalescer.changes()));

        coalescer.add(0, new CommittedTransaction(2, 1_000, "t2", new Cause("t2", null, "somebody"), deletes));
        assertEquals(
                List.of(Domains.SIGNAL, Domains.POSITION),
                coalescer.changes().stream()
                        .filter(EntityChange::isDelete)
                        .map(change -> change.key().domain())
                        .toList());
    }

    @Test
    void shouldKeepTheFirstOfRowsThatNeverChange() {
        coalescer.add(0, tx(1, activity("A", "e1", "1", "10")));
        coalescer.add(0, tx(2, activity("A", "e1", "1", "99")));

        assertEquals(1, coalescer.changes().iterator().next().version());
    }
}
