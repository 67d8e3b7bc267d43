package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Durability;
import io.tradewind.statestore.domain.LogBudget;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.domain.Staged;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Takes the commits of one partition, or says why not: it does not serve, it is full, memory or the log are. A durable one
 * is staged and answered when the log has it; a relaxed one is answered at once and goes to the log with the next
 * {@linkplain #flushRelaxed flush}. On the event loop of the partition.
 */
final class CommitIntake {

    private final Vertx vertx;
    private final PartitionServer server;
    private final LogWriter writer;
    private final PendingAnswers answers;
    private final LogBudget budget;
    private final Supplier<String> relaxedRefusal;
    private final Clock clock;
    private final StoreMetrics metrics;

    private long relaxedCommits;
    private boolean draining;

    /** @param relaxedRefusal why relaxed writes are turned away now; {@code null} when they are not */
    CommitIntake(
            Vertx vertx,
            PartitionServer server,
            LogWriter writer,
            PendingAnswers answers,
            LogBudget budget,
            Supplier<String> relaxedRefusal,
            Clock clock,
            StoreMetrics metrics) {
        this.vertx = vertx;
        this.server = server;
        this.writer = writer;
        this.answers = answers;
        this.budget = budget;
        this.relaxedRefusal = relaxedRefusal;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Takes commits again, as soon as the partition serves. */
    void open() {
        draining = false;
    }

    void onCommit(Message<Commit> message) {
        Partition partition = server.partition();
        if (!server.isServing() || draining) {
            refuse(message, "partition " + server.number() + " is " + (draining ? "closing" : server.state()));
            return;
        }
        if (partition.isFull()) {
            metrics.refused();
            refuse(
                    message,
                    "partition " + server.number() + " has " + Partition.MAX_STAGED
                            + " transactions waiting for the log, its limit: try again");
            return;
        }
        Commit commit = message.body();
        if (!budget.takes(commit.durability())) {
            metrics.refused();
            refuse(message, budget.sentence());
            return;
        }
        if (commit.after() != null && !partition.knows(commit.after())) {
            refuse(
                    message,
                    "partition " + server.number() + " does not have transaction " + commit.after()
                            + ", which this commit follows: nothing was done");
            return;
        }
        if (commit.durability() == Durability.RELAXED) {
            onRelaxed(message, commit);
            return;
        }
        Staged staged = partition.stage(commit.transactions(), clock.millis());
        CommitReply reply = new CommitReply(staged.outcomes());
        if (staged.durableAt() == 0) {
            message.reply(reply);
        } else {
            answers.add(staged.durableAt(), message, reply);
            writer.pump();
        }
    }

    private void onRelaxed(Message<Commit> message, Commit commit) {
        String refusal = relaxedRefusal.get();
        if (refusal != null) {
            refuse(message, refusal);
        } else {
            message.reply(new CommitReply(server.partition().takeRelaxed(commit.transactions())));
        }
    }

    /** Puts the relaxed changes that have gathered into the log. */
    void flushRelaxed() {
        if (server.isServing()) {
            server.partition().stageRelaxed("relaxed-" + server.epoch() + "-" + ++relaxedCommits, clock.millis());
            writer.pump();
        }
    }

    /** Takes no more commits and completes when all that were taken are durable. */
    Future<Void> drain() {
        draining = true;
        flushRelaxed();
        Promise<Void> drained = Promise.promise();
        awaitIdle(drained);
        return drained.future();
    }

    private void awaitIdle(Promise<Void> drained) {
        if (!server.isServing() || (server.partition().isIdle() && !writer.hasInFlight())) {
            drained.complete();
        } else {
            vertx.setTimer(1, id -> awaitIdle(drained));
        }
    }

    private static void refuse(Message<Commit> message, String why) {
        message.fail(Failure.UNAVAILABLE.code(), why);
    }
}
