package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.Reconcile;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.domain.Mismatch;
import io.tradewind.orderqueue.endpoint.Reconciler.Outcome;
import io.tradewind.orderqueue.endpoint.RunRecord.Trigger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has all workers compare their desks with the broker, every so often and when an operator asks, makes one run of their
 * answers, and keeps what was found. What the rules cannot end is left to people: the account is set to reducing, and it
 * is told as unresolved until a later run no longer finds it.
 *
 * <p>On the event loop of the order-queue; closed by {@link OrderEndpoint}. After a crash the next start compares
 * everything.
 */
final class Reconciliations {

    static final String ACTOR = "reconciliation";

    private static final Logger LOG = LoggerFactory.getLogger(Reconciliations.class);

    private final Vertx vertx;
    private final Workers workers;
    private final RunHistory history;
    private final ReconciliationMetrics metrics;
    private final Supplier<String> ids;
    private final Clock clock;
    private final long intervalMs;
    /** What the last look at each account could not end, by what it is about. */
    private final Map<String, Mismatch> unresolved = new LinkedHashMap<>();
    /** Why the last comparison of a partition came to nothing. */
    private final Map<Integer, String> failures = new TreeMap<>();

    private MessageConsumer<Reconcile> consumer;
    private long timer;
    private boolean closed;

    Reconciliations(
            Vertx vertx,
            Workers workers,
            RunHistory history,
            ReconciliationMetrics metrics,
            Supplier<String> ids,
            Clock clock,
            Duration interval) {
        this.vertx = vertx;
        this.workers = workers;
        this.history = history;
        this.metrics = metrics;
        this.ids = ids;
        this.clock = clock;
        this.intervalMs = interval.toMillis();
    }

    Future<Void> open() {
        consumer = vertx.eventBus().consumer(Addresses.ORDERS_RECONCILE, this::onCommand);
        timer = vertx.setPeriodic(intervalMs, id -> onTimer());
        return consumer.completion();
    }

    Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        metrics.close();
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    /** What could not be ended. */
    List<Mismatch> unresolved() {
        return List.copyOf(unresolved.values());
    }

    /** Why a comparison came to nothing; {@code null} when the last of every partition was done. */
    String lastFailure() {
        return failures.values().stream().findFirst().orElse(null);
    }

    // ---- when

    private void onTimer() {
        if (closed) {
            return;
        }
        long now = clock.millis();
        workers.askAll(worker -> worker.compareAtRest())
                .compose(answers -> {
                    List<Future<Outcome>> done = answers.stream()
                            .filter(answer -> answer.failed() || answer.result().isPresent())
                            .map(answer -> answer.map(Optional::get))
                            .toList();
                    return done.isEmpty()
                            ? Future.succeededFuture()
                            : merged(record(Trigger.TIMER, false, ACTOR, now), done, null);
                })
                .onFailure(failure -> LOG.warn("not compared with the broker: {}", failure.getMessage()));
    }

    /** An operator asks. */
    private void onCommand(Message<Reconcile> message) {
        Reconcile command = message.body();
        RunRecord record = record(Trigger.OPERATOR, command.dryRun(), command.actor(), clock.millis());
        workers.askAll(worker -> worker.compare(Trigger.OPERATOR, command.dryRun(), command.actor()))
                .compose(answers -> merged(record, answers, command.correlationId()))
                .onSuccess(v -> message.reply(record.toJson()))
                .onFailure(failure -> message.fail(
                        Failure.of(failure) == Failure.INTERNAL
                                ? Failure.UNAVAILABLE.code()
                                : Failure.of(failure).code(),
                        "not compared with the broker: " + failure.getMessage()));
    }

    private RunRecord record(Trigger trigger, boolean dryRun, String actor, long nowMs) {
        return new RunRecord(ids.get(), trigger, dryRun, actor, nowMs);
    }

    // ---- what comes of it

    /** Keeps what the workers that were done have found; fails when one was not. */
    private Future<Void> merged(RunRecord record, List<Future<Outcome>> answers, String correlationId) {
        Set<Integer> partitions = new HashSet<>();
        Throwable undone = null;
        for (Future<Outcome> answer : answers) {
            if (answer.failed()) {
                undone = answer.cause();
            } else if (answer.result().failure() != null) {
                undone = new IllegalStateException(answer.result().failure());
                failed(answer.result());
            } else {
                partitions.addAll(answer.result().partitions());
                record.add(answer.result().record());
            }
        }
        Future<Void> kept = partitions.isEmpty()
                ? Future.succeededFuture()
                : keep(new Outcome(record, partitions, null), correlationId);
        Throwable failure = undone;
        return failure == null ? kept : kept.compose(v -> Future.failedFuture(failure));
    }

    /** Completes when what was found is stored, and accounts that people have to look at only get smaller. */
    Future<Void> keep(Outcome outcome, String correlationId) {
        if (outcome.failure() != null) {
            failed(outcome);
            return Future.succeededFuture();
        }
        RunRecord record = outcome.record();
        if (!record.dryRun()) {
            // Of what a dry run finds nobody was told: the next one in earnest must still find it new.
            keepUnresolved(record, outcome.partitions());
        }
        return escalate(record)
                .compose(v -> history.end(record, correlationId, clock.millis()))
                .onComplete(over -> {
                    if (over.succeeded()) {
                        failures.keySet().removeAll(outcome.partitions());
                    } else {
                        // Whether people were told is not known: they are told again.
                        record.newMismatches().forEach(each -> unresolved.remove(each.toString()));
                        outcome.partitions()
                                .forEach(p -> failures.put(p, over.cause().getMessage()));
                    }
                    metrics.ended(record, over.succeeded());
                });
    }

    private void failed(Outcome outcome) {
        outcome.partitions().forEach(partition -> failures.put(partition, outcome.failure()));
        metrics.ended(outcome.record(), false);
    }

    /** What was not ended stays told until a run over its partition no longer finds it. */
    private void keepUnresolved(RunRecord record, Set<Integer> partitions) {
        Set<String> known = new HashSet<>(unresolved.keySet());
        unresolved.values().removeIf(mismatch -> partitions.contains(Partitions.of(mismatch.accountId())));
        for (Mismatch mismatch : record.mismatches()) {
            if (mismatch.isEscalated()) {
                unresolved.put(mismatch.toString(), mismatch);
                if (!known.contains(mismatch.toString())) {
                    record.isNew(mismatch);
                }
            }
        }
        metrics.unresolved(unresolved.size());
    }

    /** People have to look: until then the account only gets smaller. Once per mismatch, so that people may decide. */
    private Future<Void> escalate(RunRecord record) {
        if (record.dryRun()) {
            return Future.succeededFuture();
        }
        Map<String, Mismatch> accounts = new LinkedHashMap<>();
        record.newMismatches().forEach(mismatch -> accounts.putIfAbsent(mismatch.accountId(), mismatch));
        Future<Void> done = Future.succeededFuture();
        for (Mismatch mismatch : accounts.values()) {
            LOG.error("reconciliation: account {} needs attention: {}", mismatch.accountId(), mismatch);
            String reason = "reconciliation: " + mismatch.kind().text() + " " + mismatch.subject() + ": ours "
                    + mismatch.ours() + ", the broker's " + mismatch.theirs();
            done = done.compose(v -> workers.askOwner(
                    mismatch.accountId(),
                    worker -> worker.tighten(mismatch.accountId(), TradingState.REDUCING, reason, ACTOR)));
        }
        return done;
    }
}
