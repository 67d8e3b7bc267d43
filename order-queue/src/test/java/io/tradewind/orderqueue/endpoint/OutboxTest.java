package io.tradewind.orderqueue.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The outbox on an event loop, against a state-store that answers when the test says so. */
@Timeout(60)
class OutboxTest {

    private static final int PARTITION = 3;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final BlockingQueue<Message<Commit>> commits = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    /** What is only decided when a commit is about to be sent. */
    private final List<String> late = new ArrayList<>();

    private Outbox outbox;

    @BeforeEach
    void open() throws Exception {
        MessageCodecs.registerAll(vertx.eventBus());
        await(vertx.eventBus()
                .<Commit>consumer(Addresses.stateCommit(PARTITION), commits::add)
                .completion());
        StateClient state = new StateClient(vertx.eventBus(), Duration.ofSeconds(30));
        outbox = new Outbox(vertx, state, PARTITION, this::addLate, reason -> told.add("broken: " + reason));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void shouldSendInOrderWithoutWaitingForAnswersAndNameTheTransactionBefore() throws Exception {
        add("a");
        flush();
        Message<Commit> first = commit("a");
        assertNull(first.body().after());
        add("b");
        add("c");
        flush();
        Message<Commit> second = commit("b", "c");
        assertEquals("a", second.body().after());
        add("d");
        flush();
        Message<Commit> third = commit("d");
        assertEquals("c", third.body().after());
        done(first);
        assertTold("a durable");
        done(second);
        assertTold("b durable");
        assertTold("c durable");
        done(third);
        assertTold("d durable");
    }

    @Test
    void shouldTellInTheOrderInWhichItWasDecidedWhateverIsAnsweredFirst() throws Exception {
        add("a");
        flush();
        Message<Commit> first = commit("a");
        add("b");
        flush();
        done(commit("b"));
        turnTheLoop();
        assertTrue(told.isEmpty(), "nobody is told of b before a");
        done(first);
        assertTold("a durable");
        assertTold("b durable");
    }

    @Test
    void shouldGatherWhatComesInWhileAsManyAreOnTheirWayAsMayBe() throws Exception {
        List<Message<Commit>> sent = fill();
        add("b");
        add("c");
        flush();
        turnTheLoop();
        assertTrue(commits.isEmpty(), "no more than may be");
        done(sent.get(0));
        assertTold("a0 durable");
        commit("b", "c");
    }

    /** Has as many commits on their way as may be: a0, a1 and so on. */
    private List<Message<Commit>> fill() throws Exception {
        List<Message<Commit>> sent = new ArrayList<>();
        for (int i = 0; i < Outbox.MAX_IN_FLIGHT; i++) {
            add("a" + i);
            flush();
            sent.add(commit("a" + i));
        }
        return sent;
    }

    /** What was sent or answered before has come through the event bus, and a pause between two commits is over. */
    private void turnTheLoop() throws Exception {
        Promise<Void> turned = Promise.promise();
        onLoop(() -> vertx.setTimer(2 * Outbox.PACE_MS, id -> turned.complete()));
        await(turned.future());
    }

    @Test
    void shouldSendWhatComesRightBehindALargeGroupToo() throws Exception {
        String[] large =
                IntStream.range(0, Outbox.PACED_GROUP).mapToObj(i -> "t" + i).toArray(String[]::new);
        for (String id : large) {
            add(id);
        }
        flush();
        Message<Commit> first = commit(large);
        add("behind");
        flush();
        done(first);
        for (String id : large) {
            assertTold(id + " durable");
        }
        done(commit("behind"));
        assertTold("behind durable");
    }

    @Test
    void shouldAskForWhatIsDecidedLateJustBeforeItSends() throws Exception {
        List<Message<Commit>> sent = fill();
        add("b");
        onLoop(() -> {
            late.add("late");
            outbox.flush();
        });
        turnTheLoop();
        onLoop(() -> assertEquals(List.of("late"), late, "not asked for while nothing can be sent"));
        done(sent.get(0));
        commit("b", "late");
    }

    @Test
    void shouldBoundTheGroup() throws Exception {
        onLoop(() -> {
            for (int i = 0; i <= Outbox.MAX_GROUP; i++) {
                outbox.add(transaction("t" + i), () -> {}, failure -> {});
            }
            outbox.flush();
        });
        Message<Commit> first = commits.poll(30, TimeUnit.SECONDS);
        assertEquals(Outbox.MAX_GROUP, first.body().transactions().size());
        done(first);
        commit("t" + Outbox.MAX_GROUP);
    }

    @Test
    void shouldTellAllThatNothingWasDoneWhenTurnedAway() throws Exception {
        add("a");
        flush();
        Message<Commit> first = commit("a");
        add("b");
        first.fail(Failure.UNAVAILABLE.code(), "full");
        assertTold("a UNAVAILABLE");
        assertTold("b UNAVAILABLE");
        assertTold("broken: full");
        add("c");
        assertTold("c UNAVAILABLE");
        flush();
        turnTheLoop();
        assertTrue(commits.isEmpty(), "a broken one sends nothing");
    }

    @Test
    void shouldSendNothingOnTopOfALostGroupWhenAFailureIsAnsweredWithMore() throws Exception {
        onLoop(() -> {
            outbox.add(transaction("a"), () -> {}, failure -> {
                told.add("a " + failure);
                outbox.add(transaction("more"), () -> told.add("more durable"), f -> told.add("more " + f));
                outbox.flush();
            });
            outbox.flush();
        });
        Message<Commit> first = commit("a");
        add("b");
        first.fail(Failure.UNAVAILABLE.code(), "full");
        assertTold("a UNAVAILABLE");
        assertTold("more UNAVAILABLE");
        assertTold("b UNAVAILABLE");
        assertTold("broken: full");
        assertTrue(commits.isEmpty(), "what waits may follow from what was lost");
    }

    @Test
    void shouldSayUnknownOnlyOfWhatWasSent() throws Exception {
        add("a");
        flush();
        Message<Commit> first = commit("a");
        add("b");
        first.fail(Failure.UNKNOWN.code(), "no answer from the log");
        assertTold("a UNKNOWN");
        assertTold("b UNAVAILABLE");
        assertTold("broken: no answer from the log");
    }

    @Test
    void shouldTellOfEachCommitOnItsWayWhatBecameOfItWhenOneBeforeItsAnswerIsLost() throws Exception {
        add("a");
        flush();
        Message<Commit> first = commit("a");
        add("b");
        flush();
        Message<Commit> second = commit("b");
        add("c");
        flush();
        Message<Commit> third = commit("c");
        first.fail(Failure.UNKNOWN.code(), "no answer from the log");
        assertTold("a UNKNOWN");
        assertTold("broken: no answer from the log");
        done(second);
        assertTold("b durable");
        third.fail(Failure.UNAVAILABLE.code(), "nothing was done");
        assertTold("c UNAVAILABLE");
        turnTheLoop();
        assertTrue(told.isEmpty(), "broken once");
    }

    @Test
    void shouldKeepWhatWasDoneOfACommitThatWasDoneInPart() throws Exception {
        add("a");
        add("b");
        flush();
        commit("a", "b")
                .reply(new CommitReply(List.of(
                        new Committed(1, false),
                        new TransactionOutcome.Conflict(new EntityKey("owner", "#3", "order-queue"), 1, 2))));
        assertTold("a durable");
        assertTold("b UNAVAILABLE");
        assertTrue(told.poll(30, TimeUnit.SECONDS).startsWith("broken: turned away: Conflict"));
    }

    @Test
    void shouldBeIdleWhenEverythingIsDurable() throws Exception {
        assertTrue(onLoop(() -> assertTrue(outbox.whenIdle().isComplete())).succeeded());
        outbox = new Outbox(
                vertx, new StateClient(vertx.eventBus(), Duration.ofSeconds(30)), PARTITION, () -> {}, told::add);
        add("a");
        flush();
        Message<Commit> first = commit("a");
        List<Future<Void>> idle = new ArrayList<>();
        onLoop(() -> {
            assertFalse(outbox.isIdle());
            idle.add(outbox.whenIdle());
            assertFalse(idle.get(0).isComplete());
        });
        done(first);
        await(idle.get(0));
        onLoop(() -> assertTrue(outbox.isIdle()));
    }

    @Test
    void shouldBecomeIdleWhenItBreaks() throws Exception {
        add("a");
        flush();
        Message<Commit> first = commit("a");
        add("b");
        List<Future<Void>> idle = new ArrayList<>();
        onLoop(() -> idle.add(outbox.whenIdle()));
        first.fail(Failure.UNAVAILABLE.code(), "closing");
        await(idle.get(0));
        onLoop(() -> assertEquals(0, outbox.waiting()));
    }

    private void add(String id) throws Exception {
        onLoop(() ->
                outbox.add(transaction(id), () -> told.add(id + " durable"), failure -> told.add(id + " " + failure)));
    }

    /** As one who decides late does: with a flush of its own, which must not send a part of it. */
    private void addLate() {
        List<String> ids = List.copyOf(late);
        late.clear();
        ids.forEach(id -> {
            outbox.add(transaction(id), () -> told.add(id + " durable"), failure -> told.add(id + " " + failure));
            outbox.flush();
        });
    }

    private void flush() throws Exception {
        onLoop(() -> outbox.flush());
    }

    private Message<Commit> commit(String... ids) throws InterruptedException {
        Message<Commit> message = commits.poll(30, TimeUnit.SECONDS);
        assertEquals(
                List.of(ids),
                message.body().transactions().stream().map(Transaction::id).toList());
        return message;
    }

    private static void done(Message<Commit> message) {
        message.reply(new CommitReply(message.body().transactions().stream()
                .<TransactionOutcome>map(tx -> new Committed(1, false))
                .toList()));
    }

    private void assertTold(String what) throws InterruptedException {
        assertEquals(what, told.poll(30, TimeUnit.SECONDS));
    }

    private Future<Void> onLoop(Runnable action) throws Exception {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            try {
                action.run();
                done.complete();
            } catch (RuntimeException | AssertionError failure) {
                done.fail(failure);
            }
        });
        await(done.future());
        return done.future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    static Transaction transaction(String id) {
        Mutation put = new Mutation(new EntityKey("order", "alice", id), Json.of("{}"));
        return new Transaction(id, new Cause(id, null, "test"), List.of(put), List.of());
    }
}
