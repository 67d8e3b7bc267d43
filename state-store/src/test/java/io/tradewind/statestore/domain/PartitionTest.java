package io.tradewind.statestore.domain;

import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.delete;
import static io.tradewind.statestore.domain.Transactions.json;
import static io.tradewind.statestore.domain.Transactions.key;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.tradewind.contracts.state.TransactionOutcome.Conflict;
import io.tradewind.contracts.state.TransactionOutcome.Refused;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionTest {

    private static final long NOW = 1_700_000_000_000L;

    private final Partition partition = new Partition(PARTITION);

    @Test
    void shouldGiveVersionsWithoutGapsAndShowThemOnlyWhenDurable() {
        Staged staged = partition.stage(List.of(put("t1", "a", "1"), put("t2", "b", "2")), NOW);

        assertEquals(List.of(new Committed(1, false), new Committed(2, false)), staged.outcomes());
        assertEquals(2, staged.durableAt());
        assertNull(read("a"), "not durable yet");

        LogAppend append = partition.nextAppend();
        assertEquals(0, append.afterVersion());
        assertEquals(2, append.lastVersion());
        assertEquals(2, partition.onDurable(2).size());
        assertEquals(new Entity(key("a"), 1, NOW, json("1")), read("a"));
        assertEquals(2, partition.durableVersion());
        assertTrue(partition.isIdle());
    }

    @Test
    void shouldAnswerARepeatedTransactionWithTheFirstAnswer() {
        partition.stage(List.of(put("t1", "a", "1")), NOW);
        Staged waiting = partition.stage(List.of(put("t1", "a", "other")), NOW);
        assertEquals(List.of(new Committed(1, true)), waiting.outcomes());
        assertEquals(1, waiting.durableAt(), "the repetition waits for the first to be durable");

        commitAll();
        Staged later = partition.stage(List.of(put("t1", "a", "other")), NOW);
        assertEquals(0, later.durableAt());
        assertEquals(json("1"), read("a").json());
    }

    @Test
    void shouldCheckExpectationsAgainstWhatIsStaged() {
        Expectation absent = new Expectation(key("a"), Expectation.ABSENT);
        Staged staged = partition.stage(
                List.of(
                        put("t1", "a", "1", absent),
                        put("t2", "a", "2", absent),
                        put("t3", "a", "3", new Expectation(key("a"), 1)),
                        delete("t4", "a"),
                        put("t5", "a", "5", absent)),
                NOW);

        assertEquals(new Conflict(key("a"), 0, 1), staged.outcomes().get(1));
        assertEquals(new Committed(2, false), staged.outcomes().get(2));
        assertEquals(new Committed(4, false), staged.outcomes().get(4), "a staged delete counts as absent");
        commitAll();
        assertEquals(json("5"), read("a").json());
    }

    @Test
    void shouldRefuseWhatDoesNotBelongHere() {
        EntityKey elsewhere = new EntityKey("thing", "#" + (PARTITION + 1), "x");
        Transaction foreign = new Transaction(
                "t1", new Cause("c", null, "t"), List.of(new Mutation(elsewhere, json("1"))), List.of());
        Transaction empty = new Transaction("t2", new Cause("c", null, "t"), List.of(), List.of());

        Staged staged = partition.stage(List.of(foreign, empty), NOW);

        Refused refused = assertInstanceOf(Refused.class, staged.outcomes().get(0));
        assertTrue(refused.reason().contains("partition 4"), refused.reason());
        assertInstanceOf(Refused.class, staged.outcomes().get(1));
        assertFalse(partition.hasWaiting());
    }

    @Test
    void shouldGatherWhatComesWhileAnAppendIsInFlight() {
        partition.stage(List.of(put("t1", "a", "1")), NOW);
        LogAppend first = partition.nextAppend();
        partition.stage(List.of(put("t2", "a", "2"), put("t3", "b", "3")), NOW);
        LogAppend second = partition.nextAppend();

        assertEquals(first.lastVersion(), second.afterVersion());
        assertEquals(
                List.of(2L, 3L),
                second.transactions().stream()
                        .map(CommittedTransaction::version)
                        .toList());
        assertEquals(1, partition.onDurable(1).size());
        assertEquals(json("1"), read("a").json());
        assertEquals(2, partition.onDurable(3).size());
        assertEquals(json("2"), read("a").json());
    }

    @Test
    void shouldGiveVersionsOfDiscardedTransactionsToOthers() {
        partition.stage(List.of(put("t1", "a", "1")), NOW);
        partition.nextAppend();
        partition.stage(List.of(put("t2", "b", "2")), NOW);
        partition.nextAppend();
        partition.stage(List.of(put("t3", "c", "3")), NOW);

        partition.onDurable(1);
        partition.discardStaged();

        assertEquals(json("1"), read("a").json());
        Staged again = partition.stage(List.of(put("t2", "b", "2")), NOW);
        assertEquals(List.of(new Committed(2, false)), again.outcomes(), "the discarded try left nothing behind");
        commitAll();
        assertEquals(2, partition.durableVersion());
    }

    @Test
    void shouldConflateRelaxedChangesAndNeverLetThemOvertakeADurableOne() {
        partition.takeRelaxed(List.of(put("r1", "a", "old"), put("r2", "b", "1")));
        partition.takeRelaxed(List.of(put("r3", "b", "2")));
        partition.stage(List.of(put("t1", "a", "durable")), NOW);
        partition.stageRelaxed("relaxed", NOW);
        commitAll();

        assertEquals(json("durable"), read("a").json());
        assertEquals(json("2"), read("b").json());
        assertEquals(2, partition.durableVersion(), "all relaxed changes are one transaction");
    }

    @Test
    void shouldPageInBothDirections() {
        for (int i = 0; i < 25; i++) {
            partition.stage(List.of(put("t" + i, String.format("id%02d", i), "v")), NOW);
        }
        commitAll();

        List<String> forward = new ArrayList<>();
        ReadEntities query = ReadEntities.of("thing", Transactions.OWNER, 10);
        EntitiesPage page = partition.read(query, false);
        while (true) {
            page.entities().forEach(entity -> forward.add(entity.key().id()));
            if (!page.more()) {
                break;
            }
            page = partition.read(query.after(page.entities().get(9).key()), false);
        }
        assertEquals(25, forward.size());
        assertEquals(forward.stream().sorted().toList(), forward);

        EntitiesPage last = partition.read(query.reversed(), false);
        assertEquals("id24", last.entities().get(0).key().id());
        EntitiesPage everyKey = partition.read(ReadEntities.ofPartition(PARTITION, "thing"), false);
        assertEquals(25, everyKey.entities().size());
        assertFalse(everyKey.more());
    }

    @Test
    void shouldRefuseALogWithAMissingVersion() {
        partition.replay(new CommittedTransaction(1, NOW, "t1", Transactions.cause("t1"), List.of()));
        IllegalStateException damaged = assertThrows(
                IllegalStateException.class,
                () -> partition.replay(new CommittedTransaction(3, NOW, "t3", Transactions.cause("t3"), List.of())));
        assertTrue(damaged.getMessage().contains("from version 1 to 3"), damaged.getMessage());
    }

    @Test
    void shouldServeTheTailOfTheLogFromMemory() {
        partition.stage(List.of(put("t1", "a", "1"), put("t2", "a", "2"), put("t3", "a", "3")), NOW);
        commitAll();

        assertEquals(List.of(2L, 3L), versions(partition.recentAfter(1, 10)));
        assertEquals(List.of(2L), versions(partition.recentAfter(1, 1)));
        assertEquals(List.of(), partition.recentAfter(3, 10));
    }

    private static List<Long> versions(List<CommittedTransaction> transactions) {
        return transactions.stream().map(CommittedTransaction::version).toList();
    }

    private void commitAll() {
        while (partition.hasWaiting()) {
            partition.onDurable(partition.nextAppend().lastVersion());
        }
    }

    private Entity read(String id) {
        List<Entity> found = partition.read(ReadEntities.one(key(id)), false).entities();
        return found.isEmpty() ? null : found.get(0);
    }
}
