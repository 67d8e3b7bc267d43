package io.tradewind.statestore.cluster;

import static io.tradewind.statestore.cluster.Waiting.until;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers as they should be: every partition gets one small transaction after the other, each with an id of its own, and
 * one that is not answered with success is sent again with the same id, for as long as it takes. What was acknowledged is
 * remembered for the audit.
 */
final class Writers {

    /** The domain that they write. */
    static final String DOMAIN = "thing";

    private static final long PAUSE_MS = 5;
    /** Pause before a transaction is repeated. */
    private static final long REPEAT_MS = 20;

    private final Vertx vertx;
    private final StateClient client;
    private final Map<Integer, Map<String, Long>> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicLong> latestNs = new ConcurrentHashMap<>();
    private final List<String> surprises = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean stopping;

    Writers(Vertx vertx, StateClient client) {
        this.vertx = vertx;
        this.client = client;
        for (int p = 0; p < Partitions.COUNT; p++) {
            acknowledged.put(p, new ConcurrentHashMap<>());
            latestNs.put(p, new AtomicLong());
        }
    }

    Writers start() {
        stopping = false;
        for (int p = 0; p < Partitions.COUNT; p++) {
            running.incrementAndGet();
            write(p);
        }
        return this;
    }

    /** Lets every writer finish what it has begun. */
    void stop() {
        stopping = true;
        until("the last transactions are acknowledged", () -> running.get() == 0);
        if (!surprises.isEmpty()) {
            throw new AssertionError(surprises);
        }
    }

    int acknowledged() {
        return acknowledged.values().stream().mapToInt(Map::size).sum();
    }

    /** Transaction ids of a partition and the versions that they were acknowledged with. */
    Map<String, Long> acknowledged(int partition) {
        return acknowledged.get(partition);
    }

    /** How often writers were told to try again, by kind. */
    Map<String, AtomicInteger> failures() {
        return failures;
    }

    /** Whether every one of {@code partitions} has acknowledged something that was sent after {@code sinceNs}. */
    boolean haveWritten(List<Integer> partitions, long sinceNs) {
        return partitions.stream().allMatch(p -> latestNs.get(p).get() - sinceNs > 0);
    }

    private void write(int partition) {
        if (stopping) {
            running.decrementAndGet();
            return;
        }
        String id = "p" + partition + "-" + (acknowledged.get(partition).size() + 1);
        EntityKey key = new EntityKey(DOMAIN, Partitions.pinnedKey(partition), "counter");
        Json document = Json.of("{\"by\":\"" + id + "\"}");
        Transaction transaction =
                new Transaction(id, new Cause(id, null, "test"), List.of(new Mutation(key, document)), List.of());
        send(partition, new Commit(partition, Durability.DURABLE, List.of(transaction)));
    }

    private void send(int partition, Commit commit) {
        long sentNs = System.nanoTime();
        client.commit(commit)
                .onSuccess(reply -> onReply(partition, commit, reply, sentNs))
                .onFailure(failure -> {
                    String kind = Failure.of(failure)
                            + (failure.getMessage().startsWith("Timed out") ? " after a timeout" : "");
                    failures.computeIfAbsent(kind, f -> new AtomicInteger()).incrementAndGet();
                    if (Failure.of(failure) == Failure.UNAVAILABLE || Failure.of(failure) == Failure.UNKNOWN) {
                        vertx.setTimer(REPEAT_MS, t -> send(partition, commit));
                    } else {
                        surprise(commit + ": " + failure);
                    }
                });
    }

    private void onReply(int partition, Commit commit, CommitReply reply, long sentNs) {
        if (reply.outcomes().get(0) instanceof Committed committed) {
            acknowledged.get(partition).put(commit.transactions().get(0).id(), committed.version());
            latestNs.get(partition).set(sentNs);
            vertx.setTimer(PAUSE_MS, t -> write(partition));
        } else {
            surprise(commit + ": " + reply);
        }
    }

    private synchronized void surprise(String what) {
        surprises.add(what);
        running.decrementAndGet();
    }
}
