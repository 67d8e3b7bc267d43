package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import io.tradewind.statestore.domain.RetentionRules;
import io.tradewind.statestore.domain.RetentionScan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Lets go of what retention allows: deletes in ordinary transactions, which the log and every follower see, so that the
 * state stays what its log says. Each expects the version that was looked at; one that changes meanwhile stays.
 *
 * <p>On the event loop of the state-store. A crash between two transactions leaves the rest for the next time.
 */
final class Cleaner {

    /** Entities looked at in one turn of the event loop, and about the most deletes in one transaction. */
    static final int SLICE = 256;

    private final Vertx vertx;
    private final Function<Commit, Future<CommitReply>> commit;
    private final MemoryMetrics metrics;
    private final OneByOne oneByOne = new OneByOne();
    private long transactions;

    Cleaner(Vertx vertx, Function<Commit, Future<CommitReply>> commit, MemoryMetrics metrics) {
        this.vertx = vertx;
        this.commit = commit;
        this.metrics = metrics;
    }

    boolean isIdle() {
        return !oneByOne.isBusy();
    }

    /**
     * Goes through a partition once.
     *
     * @param syncedVersion the last version that the database has
     * @return how many entities have left; fails when a transaction does, what left before that has left
     */
    Future<Long> clean(PartitionServer server, RetentionRules rules, LongSupplier syncedVersion, long nowMs) {
        return oneByOne.run(() -> {
            Pass pass = new Pass(server, server.partition().retention(rules, nowMs), syncedVersion);
            pass.later();
            return pass.done.future();
        });
    }

    private final class Pass {
        final PartitionServer server;
        final RetentionScan scan;
        final LongSupplier syncedVersion;
        final Object partition;
        final Promise<Long> done = Promise.promise();
        long removed;

        Pass(PartitionServer server, RetentionScan scan, LongSupplier syncedVersion) {
            this.server = server;
            this.scan = scan;
            this.syncedVersion = syncedVersion;
            this.partition = server.partition();
        }

        void later() {
            vertx.runOnContext(v -> {
                try {
                    slice();
                } catch (RuntimeException failure) {
                    done.tryFail(failure);
                }
            });
        }

        void slice() {
            if (scan.isAtEnd() || !server.isServing() || server.partition() != partition) {
                done.complete(removed);
                return;
            }
            long beganNs = System.nanoTime();
            List<Expectation> found = scan.next(syncedVersion.getAsLong(), SLICE);
            metrics.retentionSlice(System.nanoTime() - beganNs);
            if (found.isEmpty()) {
                later();
                return;
            }
            commit.apply(new Commit(server.number(), Durability.DURABLE, List.of(transaction(found))))
                    .onSuccess(reply -> {
                        // A conflict means that one of them lives: all of them are left for the next time.
                        if (reply.outcomes().get(0) instanceof TransactionOutcome.Committed) {
                            removed += found.size();
                            metrics.retired(found.size());
                        }
                        later();
                    })
                    .onFailure(done::tryFail);
        }

        Transaction transaction(List<Expectation> found) {
            String id = "retention-" + server.number() + "-" + server.epoch() + "-" + ++transactions;
            List<Mutation> deletes =
                    found.stream().map(e -> new Mutation(e.key(), null)).toList();
            return new Transaction(id, new Cause(id, null, Cause.RETENTION), deletes, found);
        }
    }
}
