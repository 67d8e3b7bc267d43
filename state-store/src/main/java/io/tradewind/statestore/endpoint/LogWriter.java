package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.statestore.domain.LogAppend;
import io.tradewind.statestore.redis.PartitionLog;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes what a partition has staged to its log, and tells the world what became durable: first those who wait for their
 * answer, then all who follow. While as many appends are in flight as may be, what arrives gathers for the next one.
 *
 * <p>An append that fails may have been carried out all the same: that is for the recovery of {@link PartitionServer} to
 * find out, which {@linkplain #abandon abandons} all that are in flight. On the event loop of the partition.
 */
final class LogWriter {

    private final Vertx vertx;
    private final PartitionServer server;
    private final PartitionLog log;
    private final Freshness freshness;
    private final PendingAnswers answers;
    private final Consumer<Changes> onChanges;
    private final StoreMetrics metrics;
    private final int maxInFlight;

    private int inFlight;
    /** Grows whenever appends are abandoned: what comes of earlier ones no longer counts. */
    private int generation;

    LogWriter(
            Vertx vertx,
            PartitionServer server,
            PartitionLog log,
            Freshness freshness,
            PendingAnswers answers,
            Consumer<Changes> onChanges,
            StoreMetrics metrics,
            int maxInFlight) {
        this.vertx = vertx;
        this.server = server;
        this.log = log;
        this.freshness = freshness;
        this.answers = answers;
        this.onChanges = onChanges;
        this.metrics = metrics;
        this.maxInFlight = maxInFlight;
    }

    /** Sends what has gathered, as long as the window of appends in flight is open. */
    void pump() {
        while (server.isServing()
                && inFlight < maxInFlight
                && server.partition().hasWaiting()) {
            LogAppend append = server.partition().nextAppend();
            int sentIn = generation;
            long sentNs = System.nanoTime();
            inFlight++;
            log.append(server.number(), server.epoch(), append)
                    .onSuccess(done -> {
                        if (sentIn == generation) {
                            inFlight--;
                            freshness.confirmed(sentNs);
                            metrics.appended(append.transactions().size(), System.nanoTime() - sentNs);
                            onDurable(append.lastVersion());
                            pump();
                        }
                    })
                    .onFailure(failure -> {
                        if (sentIn == generation) {
                            server.beginRecovery(
                                    "append behind version " + append.afterVersion() + ": " + failure.getMessage());
                        }
                    });
        }
    }

    /** The log holds everything up to this version. */
    void onDurable(long version) {
        List<CommittedTransaction> durable = server.partition().onDurable(version);
        answers.give(server.partition().durableVersion());
        if (!durable.isEmpty()) {
            Changes changes = new Changes(server.number(), server.epoch(), durable);
            vertx.eventBus().publish(Addresses.stateChanges(server.number()), changes);
            onChanges.accept(changes);
        }
    }

    /** What is in flight is no longer waited for, whatever comes of it. */
    void abandon() {
        generation++;
        inFlight = 0;
    }

    boolean hasInFlight() {
        return inFlight > 0;
    }
}
