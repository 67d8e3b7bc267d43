package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
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
 * Sends the transactions of one desk to the state-store, in order, in groups: while a commit is on its way, what comes
 * in gathers for the next. After the first commit that is not wholly done nothing more is sent: a desk
 * whose memory is ahead of the log by something that failed must be loaded anew.
 *
 * <p>On the event loop of its desk; lives as long as the desk.
 */
final class Outbox {

    /**
     * Commits on their way at the same time. Not more than one: a transaction holds what the ones before it decided (an
     * account after two fills), and the owner that it expects does not change when one of those is turned away for a
     * moment. Were the next one sent already, it could be taken, and what it holds of the lost one would count twice.
     */
    static final int MAX_IN_FLIGHT = 1;

    /**
     * What was decided is written also when the log is over its budget, new orders included: those are turned away before
     * anything is decided, see {@link io.tradewind.orderqueue.domain.AdmissionPause}.
     */
    private static final Durability DURABILITY = Durability.SETTLING;

    /** Transactions in one commit. */
    static final int MAX_GROUP = 2_048;

    /**
     * After a commit of so many transactions the next one is sent no sooner than {@link #PACE_MS} behind it. A log on a
     * fast disk takes a commit in a third of that, and every commit costs the same few messages and system calls for
     * whatever is in it: at such a rate, a moment's wait halves what an order costs. With fewer there is nothing to gather.
     */
    static final int PACED_GROUP = 4;

    /** The shortest time that a timer can wait. */
    private static final long PACE_MS = 1;

    private static final long PACE_NS = TimeUnit.MILLISECONDS.toNanos(PACE_MS);

    /** A transaction and who waits for it. */
    private record Entry(Transaction transaction, Runnable onDurable, Consumer<Failure> onFailure) {}

    private final Vertx vertx;
    private final StateClient state;
    private final int partition;
    private final Runnable gather;
    private final Consumer<String> onBroken;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    /** Those who wait for the commit on its way, and for nothing behind it. */
    private final List<Promise<Void>> afterCommit = new ArrayList<>();

    private int inFlight;
    private boolean broken;
    private boolean gathering;
    private boolean pausing;
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
        if (gathering || broken || inFlight >= MAX_IN_FLIGHT || pauses()) {
            return;
        }
        gathering = true;
        try {
            gather.run();
        } finally {
            gathering = false;
        }
        send();
    }

    /** Whether it is too early for the next commit; then a timer flushes. */
    private boolean pauses() {
        if (!pausing && lastGroup >= PACED_GROUP && System.nanoTime() - lastSentNs < PACE_NS) {
            pausing = true;
            vertx.setTimer(PACE_MS, id -> {
                pausing = false;
                lastGroup = 0;
                flush();
            });
        }
        return pausing;
    }

    private void send() {
        while (!broken && inFlight < MAX_IN_FLIGHT && !waiting.isEmpty()) {
            List<Entry> group = new ArrayList<>();
            while (!waiting.isEmpty() && group.size() < MAX_GROUP) {
                group.add(waiting.removeFirst());
            }
            inFlight++;
            lastGroup = group.size();
            lastSentNs = System.nanoTime();
            Commit commit = new Commit(
                    partition,
                    DURABILITY,
                    group.stream().map(Entry::transaction).toList());
            state.commit(commit).onSuccess(reply -> onReply(group, reply)).onFailure(failure -> {
                inFlight--;
                // First of all: whoever is told of the failure may add and flush, and nothing may be sent any more.
                broken = true;
                group.forEach(entry -> entry.onFailure().accept(Failure.of(failure)));
                failWaiters();
                breakDown(failure.getMessage());
                tellIdle();
            });
        }
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
        } else if (inFlight > 0) {
            afterCommit.add(durable);
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
        return inFlight == 0 && waiting.isEmpty();
    }

    int waiting() {
        return waiting.size();
    }

    private void onReply(List<Entry> group, CommitReply reply) {
        inFlight--;
        if (reply.allCommitted()) {
            group.forEach(entry -> entry.onDurable().run());
            List<Promise<Void>> told = List.copyOf(afterCommit);
            afterCommit.clear();
            told.forEach(Promise::complete);
            flush();
        } else {
            // All of a desk expect the same owner: one that is turned away means that all are, from there on.
            broken = true;
            TransactionOutcome first = null;
            for (int i = 0; i < group.size(); i++) {
                TransactionOutcome outcome = reply.outcomes().get(i);
                if (outcome instanceof TransactionOutcome.Committed) {
                    group.get(i).onDurable().run();
                } else {
                    first = first == null ? outcome : first;
                    group.get(i).onFailure().accept(Failure.UNAVAILABLE);
                }
            }
            failWaiters();
            breakDown("turned away: " + first);
        }
        tellIdle();
    }

    private void failWaiters() {
        List<Promise<Void>> told = List.copyOf(afterCommit);
        afterCommit.clear();
        told.forEach(each -> each.fail("a commit was not done"));
    }

    /** With one commit on its way at a time this happens once. */
    private void breakDown(String reason) {
        List<Entry> unsent = List.copyOf(waiting);
        waiting.clear();
        unsent.forEach(entry -> entry.onFailure().accept(Failure.UNAVAILABLE));
        onBroken.accept(reason);
    }

    private void tellIdle() {
        if (idle != null && isIdle()) {
            idle.tryComplete();
        }
    }
}
