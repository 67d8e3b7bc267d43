package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConflationTest {

    private static final SubscriptionFilter FILTER = new SubscriptionFilter("a", EnumSet.of(Topic.ORDERS));

    private final Conflation conflation = new Conflation();

    @Test
    void shouldKeepTheLatestOfEachEntityInTheOrderOfPositions() {
        conflation.hold(event(1, 1, "x"));
        conflation.hold(event(1, 2, "y"));
        conflation.hold(event(1, 3, "x"));

        List<StreamEvent> taken = conflation.takeAll();

        assertEquals(List.of("y", "x"), taken.stream().map(e -> e.key().id()).toList());
        assertEquals(List.of(2L, 3L), taken.stream().map(StreamEvent::version).toList());
        assertTrue(conflation.isEmpty());
    }

    @Test
    void shouldTakeOnePartitionAndLeaveTheOthers() {
        conflation.hold(event(1, 1, "x"));
        conflation.hold(event(2, 9, "y"));

        assertEquals(1, conflation.take(1).size());
        assertEquals("y", conflation.takeAll().get(0).key().id());
    }

    @Test
    void shouldSayWhenItIsFull() {
        for (int i = 1; i < Conflation.MAX_ENTITIES; i++) {
            assertFalse(conflation.hold(event(1, i, "e" + i)));
        }
        assertTrue(conflation.hold(event(1, Conflation.MAX_ENTITIES, "last")));
    }

    private static StreamEvent event(int partition, long version, String id) {
        CommittedTransaction tx = new CommittedTransaction(
                version,
                1,
                "t" + version,
                new Cause("c", "c", "a"),
                List.of(new Mutation(new EntityKey(Domains.ORDER, "a", id), Json.of("{}"))));
        return StreamEvent.of(FILTER, partition, tx, Position.behind(version - 1))
                .get(0);
    }
}
