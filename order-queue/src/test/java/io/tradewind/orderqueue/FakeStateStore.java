package io.tradewind.orderqueue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.TransactionOutcome;
import io.tradewind.orderqueue.domain.FakeState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The state-store on the event bus, in memory: one {@link FakeState} per partition. It can be told to hold commits
 * back, to turn them away, or to take them and lose the answer. Any thread: everything is under one lock.
 */
final class FakeStateStore {

    /** What becomes of a commit. */
    enum Fate {
        DONE,
        TURNED_AWAY,
        ANSWER_LOST,
        HELD
    }

    private final List<FakeState> partitions = new ArrayList<>();
    private final List<Message<Commit>> held = new ArrayList<>();
    /** Those of the same partition that came behind one that is held, as its log is in order. */
    private final List<Message<Commit>> behind = new ArrayList<>();

    private Function<Commit, Fate> fate = commit -> Fate.DONE;
    private boolean met;

    FakeStateStore() {
        for (int p = 0; p < Partitions.COUNT; p++) {
            partitions.add(new FakeState());
        }
    }

    Future<Void> open(Vertx vertx) {
        List<Future<Void>> registered = new ArrayList<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            MessageConsumer<Commit> commits = vertx.eventBus().consumer(Addresses.stateCommit(p), this::onCommit);
            MessageConsumer<ReadEntities> reads = vertx.eventBus().consumer(Addresses.stateRead(p), this::onRead);
            registered.add(commits.completion());
            registered.add(reads.completion());
        }
        return Future.all(registered).mapEmpty();
    }

    /** The next durable commit that {@code meant} applies to meets {@code next}; all others are done. */
    synchronized void once(Predicate<Commit> meant, Fate next) {
        met = false;
        fate = commit -> {
            if (!meant.test(commit)) {
                return Fate.DONE;
            }
            fate = later -> Fate.DONE;
            met = true;
            return next;
        };
    }

    /** Whether the commit of {@link #once} has come. */
    synchronized boolean hasMet() {
        return met;
    }

    synchronized int held() {
        return held.size();
    }

    synchronized void release() {
        List<Message<Commit>> released = new ArrayList<>(held);
        released.addAll(behind);
        held.clear();
        behind.clear();
        released.forEach(this::onCommit);
    }

    synchronized <T> T look(String partitionKey, Function<FakeState, T> at) {
        return at.apply(partitions.get(Partitions.of(partitionKey)));
    }

    synchronized boolean has(EntityKey key) {
        return partitions.get(key.partition()).get(key) != null;
    }

    private synchronized void onCommit(Message<Commit> message) {
        Commit commit = message.body();
        if (commit.durability() == Durability.RELAXED) {
            FakeState state = partitions.get(commit.partition());
            message.reply(new CommitReply(
                    commit.transactions().stream().map(state::commitRelaxed).toList()));
            state.flushRelaxed();
            return;
        }
        if (held.stream().anyMatch(before -> before.body().partition() == commit.partition())) {
            behind.add(message);
            return;
        }
        if (commit.after() != null && !partitions.get(commit.partition()).knows(commit.after())) {
            message.fail(Failure.UNAVAILABLE.code(), "the commit before this one was not done");
            return;
        }
        switch (fate.apply(commit)) {
            case DONE -> take(message);
            case TURNED_AWAY -> message.fail(Failure.UNAVAILABLE.code(), "the test says no");
            case HELD -> held.add(message);
            case ANSWER_LOST -> {
                commit.transactions().forEach(partitions.get(commit.partition())::commit);
                message.fail(Failure.UNKNOWN.code(), "the test lost the answer");
            }
        }
    }

    private void take(Message<Commit> message) {
        FakeState state = partitions.get(message.body().partition());
        List<TransactionOutcome> outcomes =
                message.body().transactions().stream().map(state::commit).toList();
        message.reply(new CommitReply(outcomes));
    }

    private synchronized void onRead(Message<ReadEntities> message) {
        message.reply(partitions.get(message.body().partition()).read(message.body()));
    }
}
