package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends the transactions of one desk to the state-store, in order, in groups: what comes in within {@link #PACE_MS} gathers
 * for the next commit. Several commits may be on their way, each naming the last transaction of the one before it, without
 * which it is turned away: a transaction holds what the ones before it decided (an account after two fills), so nothing may
 * be done on top of something that was lost. Whoever waits is told in the order in which things were decided.
 *
 * <p>After the first commit that is not wholly done nothing more is sent: a desk whose memory is ahead of the log by
 * something that failed must be loaded anew. Commits already on their way are answered one by one.
 *
 * <p>On the event loop of its desk; lives as long as the desk.
 */
final class Outbox {

    /**
     * Commits on their way at the same time. Two or three are enough for the log to be busy while an answer travels; more of
     * them would be smaller ones.
     */
    static final int MAX_IN_FLIGHT = 4;

    /**
     * What was decided is written also when the log is over its budget, new orders included: those are turned away before
     * anything is decided, see {@link io.tradewind.orderqueue.domain.AdmissionPause}.
     */
    private static final Durability DURABILITY = Durability.SETTLING;

    /** Transactions in one commit. */
    static final int MAX_GROUP = 2_048;

    /**
     * After a commit of so many transactions the next one is sent no sooner than {@link #PACE_MS} behind it, and neither is
     * any while another one is on its way. Every commit costs the same few messages and system calls for whatever is in it:
     * at such a rate, a moment's wait halves what an order costs. With fewer there is nothing to gather.
     */
    static final int PACED_GROUP = 4;

    /** The shortest time that a timer can wait. */
    static final long PACE_MS = 1;

    private static final long PACE_NS = TimeUnit.MILLISECONDS.toNanos(PACE_MS);

    /** A transaction and who waits for it. */
    private record Entry(Transaction transaction, Runnable onDurable, Consumer<Failure> onFailure) {}

    /** A commit on its way. */
    private static final class Sent {
        private final List<Entry> group;
        /** Those who wait for it and everything before, and for nothing behind it. */
        private final List<Promise<Void>> waiters = new ArrayList<>();

        private AsyncResult<CommitReply> answer;

        Sent(List<Entry> group) {
            this.group = group;
        }
    }

    private final Vertx vertx;
    private final StateClient state;
    private final int partition;
    private final Runnable gather;
    private final Consumer<String> onBroken;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    /** In the order in which they were sent, which is that in which they are told. */
    private final Deque<Sent> inFlight = new ArrayDeque<>();

    private boolean broken;
    private boolean gathering;
    private boolean pausing;
    private String lastSentId;
    private int lastGroup;
    private long lastSentNs;
    private Promise<Void> idle;

    /**
     * @param gather asked to {@link #add} what is better decided late, each time that a commit is about to be sent
     * @param onBroken told once, with the reason, when a commit was not wholly done
     */
    Outbox(Vertx vertx, StateClient state, int partition, Runnable gather, Consumer<String> onBroken) {
        this.vertx = vertx;
        this.state = state;
        this.partition = partition;
        this.gather = gather;
        this.onBroken = onBroken;
    }

    /**
     * Takes a transaction; call {@link #flush} when all of a turn are in.
     *
     * @param onFailure told whether it was not done, or may have been
     */
    void add(Transaction transaction, Runnable onDurable, Consumer<Failure> onFailure) {
        if (broken) {
            onFailure.accept(Failure.UNAVAILABLE);
        } else {
            waiting.addLast(new Entry(transaction, onDurable, onFailure));
        }
    }

    void flush() {
        if (gathering || broken || inFlight.size() >= MAX_IN_FLIGHT || pauses()) {
            return;
        }
        gathering = true;
        try {
            gather.run();
        } finally {
            gathering = false;
        }
        while (!broken && inFlight.size() < MAX_IN_FLIGHT && !waiting.isEmpty()) {
            send();
        }
    }

    /** Whether it is too early for the next commit; then a timer flushes. */
    private boolean pauses() {
        boolean paced = lastGroup >= PACED_GROUP || !inFlight.isEmpty();
        if (!pausing && paced && System.nanoTime() - lastSentNs < PACE_NS) {
            pausing = true;
            vertx.setTimer(PACE_MS, id -> {
                pausing = false;
                flush();
            });
        }
        return pausing;
    }

    private void send() {
        List<Entry> group = new ArrayList<>();
        while (!waiting.isEmpty() && group.size() < MAX_GROUP) {
            group.add(waiting.removeFirst());
        }
        List<Transaction> transactions = group.stream().map(Entry::transaction).toList();
        Commit commit = new Commit(partition, DURABILITY, lastSentId, transactions);
        lastSentId = transactions.get(transactions.size() - 1).id();
        lastGroup = group.size();
        lastSentNs = System.nanoTime();
        Sent sent = new Sent(group);
        inFlight.addLast(sent);
        state.commit(commit).onComplete(answer -> {
            sent.answer = answer;
            tellAnswered();
        });
    }

    /** Tells of all commits that are answered and have no unanswered one before them. */
    private void tellAnswered() {
        while (!inFlight.isEmpty() && inFlight.peekFirst().answer != null) {
            Sent sent = inFlight.removeFirst();
            if (sent.answer.succeeded()) {
                onReply(sent, sent.answer.result());
            } else {
                onFailure(sent, sent.answer.cause());
            }
        }
        flush();
        tellIdle();
    }

    private void onReply(Sent sent, CommitReply reply) {
        if (reply.allCommitted()) {
            sent.group.forEach(entry -> entry.onDurable().run());
            sent.waiters.forEach(Promise::complete);
            return;
        }
        // All of a desk expect the same owner: one that is turned away means that all are, from there on.
        boolean first = breaks();
        TransactionOutcome reason = null;
        for (int i = 0; i < sent.group.size(); i++) {
            TransactionOutcome outcome = reply.outcomes().get(i);
            if (outcome instanceof TransactionOutcome.Committed) {
                sent.group.get(i).onDurable().run();
            } else {
                reason = reason == null ? outcome : reason;
                sent.group.get(i).onFailure().accept(Failure.UNAVAILABLE);
            }
        }
        failWaiters(sent);
        if (first) {
            breakDown("turned away: " + reason);
        }
    }

    private void onFailure(Sent sent, Throwable failure) {
        boolean first = breaks();
        sent.group.forEach(entry -> entry.onFailure().accept(Failure.of(failure)));
        failWaiters(sent);
        if (first) {
            breakDown(failure.getMessage());
        }
    }

    /**
     * First of all when a commit was not wholly done: whoever is told of it may add and flush, and nothing may be sent.
     *
     * @return whether it is the first one
     */
    private boolean breaks() {
        boolean first = !broken;
        broken = true;
        return first;
    }

    private static void failWaiters(Sent sent) {
        sent.waiters.forEach(each -> each.fail("a commit was not done"));
    }

    private void breakDown(String reason) {
        List<Entry> unsent = List.copyOf(waiting);
        waiting.clear();
        unsent.forEach(entry -> entry.onFailure().accept(Failure.UNAVAILABLE));
        onBroken.accept(reason);
    }

    /** Completes when what was added so far is durable, whatever is added later; fails when some of it is not. */
    Future<Void> whenDurable() {
        Promise<Void> durable = Promise.promise();
        if (broken) {
            durable.fail("a commit was not done");
        } else if (!waiting.isEmpty()) {
            Entry last = waiting.removeLast();
            waiting.addLast(new Entry(
                    last.transaction(),
                    () -> {
                        last.onDurable().run();
                        durable.complete();
                    },
                    failure -> {
                        last.onFailure().accept(failure);
                        durable.fail("a commit was not done");
                    }));
        } else if (!inFlight.isEmpty()) {
            inFlight.peekLast().waiters.add(durable);
        } else {
            durable.complete();
        }
        return durable.future();
    }

    /** Completes when nothing is on its way or waiting. */
    Future<Void> whenIdle() {
        if (idle == null) {
            idle = Promise.promise();
            tellIdle();
        }
        return idle.future();
    }

    /** Whether everything that was decided is durable. */
    boolean isIdle() {
        return inFlight.isEmpty() && waiting.isEmpty();
    }

    int waiting() {
        return waiting.size();
    }

    private void tellIdle() {
        if (idle != null && isIdle()) {
            idle.tryComplete();
        }
    }
}
