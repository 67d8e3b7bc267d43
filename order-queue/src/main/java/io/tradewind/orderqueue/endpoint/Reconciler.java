package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.endpoint.RunRecord.Trigger;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the desks of one worker with the broker: orders, then fills, then positions. A desk that was just loaded, and
 * every desk after the line to the broker was down, is compared before any of its orders leaves; all of them when {@link
 * Reconciliations} says so, which keeps what was found.
 *
 * <p>One run at a time, on the event loop of the worker, which closes it. A crash ends a run; what it booked is durable,
 * and the next start compares everything.
 */
final class Reconciler {

    /** Pause before a comparison that orders wait for is tried again. */
    private static final long RETRY_MS = 200;

    /** How far before the start of the last run executions are listed again: they may appear late. */
    private static final long MARGIN_MS = 10_000;

    /**
     * How far back executions are compared at a start. Less than the shortest time for which the state keeps activities,
     * by which it is known what is booked.
     */
    private static final long MAX_LOOKBACK_MS = Duration.ofMinutes(30).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /**
     * What a comparison came to.
     *
     * @param failure why it came to nothing; {@code null} when it was done
     */
    record Outcome(RunRecord record, Set<Integer> partitions, String failure) {}

    private final Vertx vertx;
    private final Broker broker;
    private final BrokerConnection connection;
    private final StateClient state;
    private final Collection<DeskDriver> drivers;
    private final Function<Outcome, Future<Void>> keeper;
    private final Supplier<String> ids;
    private final Clock clock;
    private final long graceMs;

    private long comparedToMs;
    private Future<Outcome> running = Future.succeededFuture();
    private boolean closed;

    /**
     * @param drivers the desks of the worker, as they are at any time
     * @param keeper told of comparisons that orders wait for; they leave when it has kept what was found
     */
    Reconciler(
            Vertx vertx,
            Broker broker,
            BrokerConnection connection,
            StateClient state,
            Collection<DeskDriver> drivers,
            Function<Outcome, Future<Void>> keeper,
            Supplier<String> ids,
            Clock clock,
            Duration grace) {
        this.vertx = vertx;
        this.broker = broker;
        this.connection = connection;
        this.state = state;
        this.drivers = drivers;
        this.keeper = keeper;
        this.ids = ids;
        this.clock = clock;
        this.graceMs = grace.toMillis();
    }

    void close() {
        closed = true;
    }

    // ---- when

    /** The line to the broker is up or down: nothing leaves before everything was compared. */
    void onConnection(boolean up) {
        drivers.forEach(DeskDriver::hold);
        if (up) {
            releaseHeld();
        }
    }

    /** Compares the desks whose orders wait for it, as soon as the broker can be asked. */
    void releaseHeld() {
        if (closed || !connection.isUp() || !running.isComplete()) {
            return; // the end of the run under way, or the connection, comes back to it
        }
        List<DeskDriver> held = drivers.stream().filter(DeskDriver::isHeld).toList();
        if (!held.isEmpty()) {
            run(Trigger.START, held, false, Reconciliations.ACTOR).onFailure(failure -> {
                LOG.warn("not compared with the broker: {}; no order leaves, trying again", failure.getMessage());
                vertx.setTimer(RETRY_MS, id -> releaseHeld());
            });
        }
    }

    /** Compares all desks, after the comparison under way; fails when that cannot be done now. */
    Future<Outcome> compareAll(Trigger trigger, boolean dryRun, String actor) {
        Promise<Void> turn = Promise.promise();
        running.onComplete(over -> turn.complete());
        return turn.future().compose(v -> {
            if (!isReady()) {
                return Future.failedFuture(Failure.UNAVAILABLE.exception(
                        connection.isUp() ? "a partition is loading" : connection.whyAway()));
            }
            if (!running.isComplete()) {
                return Future.failedFuture(Failure.UNAVAILABLE.exception("another comparison is under way"));
            }
            return run(trigger, List.copyOf(drivers), dryRun, actor);
        });
    }

    /** Whether no order waits for a comparison, none is under way, and one could be made. */
    boolean isAtRest() {
        return running.isComplete() && isReady() && drivers.stream().noneMatch(DeskDriver::isHeld);
    }

    private boolean isReady() {
        return !closed && connection.isUp() && drivers.stream().allMatch(DeskDriver::isActive);
    }

    // ---- one run

    private Future<Outcome> run(Trigger trigger, List<DeskDriver> of, boolean dryRun, String actor) {
        RunRecord record = new RunRecord(ids.get(), trigger, dryRun, actor, clock.millis());
        long connected = connection.times();
        Map<DeskDriver, DeskComparison> desks = new LinkedHashMap<>();
        for (DeskDriver driver : of) {
            LoadedDesk loaded = driver.loaded();
            if (loaded != null) {
                desks.put(
                        driver,
                        new DeskComparison(
                                loaded, driver.brokerLink(), broker, state, clock, trigger == Trigger.START, dryRun));
            }
        }
        Set<Integer> partitions =
                desks.keySet().stream().map(DeskDriver::partition).collect(Collectors.toSet());
        Future<Outcome> done = compare(record, desks)
                .transform(over -> Future.succeededFuture(new Outcome(
                        record,
                        partitions,
                        over.succeeded() ? null : String.valueOf(over.cause().getMessage()))));
        Future<Outcome> kept = trigger == Trigger.START ? done.compose(this::keep) : done;
        Future<Outcome> told = kept.onSuccess(outcome -> {
            if (trigger == Trigger.START && connection.times() == connected) {
                desks.forEach((driver, desk) -> {
                    if (!desk.isOver()) {
                        driver.release();
                    }
                });
            }
        });
        running = told;
        told.onComplete(over -> {
            // A desk may have been loaded meanwhile. A failed run that orders wait for is tried again after a pause.
            if (over.succeeded() || trigger != Trigger.START) {
                releaseHeld();
            }
        });
        return told;
    }

    /** Fails when the comparison has, or when what it found could not be kept. */
    private Future<Outcome> keep(Outcome outcome) {
        return keeper.apply(outcome)
                .compose(v -> outcome.failure() == null
                        ? Future.succeededFuture(outcome)
                        : Future.failedFuture(outcome.failure()));
    }

    private Future<Void> compare(RunRecord record, Map<DeskDriver, DeskComparison> desks) {
        boolean starting = record.trigger() == Trigger.START;
        long startedMs = record.startedMs();
        long sinceMs = starting || comparedToMs == 0
                ? startedMs - MAX_LOOKBACK_MS
                : Math.max(comparedToMs - MARGIN_MS, startedMs - MAX_LOOKBACK_MS);
        List<BrokerExecution> executions = new ArrayList<>();
        return BrokerPages.all(broker::openOrders)
                .compose(orders -> BrokerPages.all(cursor -> broker.executions(sinceMs, cursor))
                        .compose(listed -> {
                            executions.addAll(listed);
                            return look(desks, orders, executions);
                        }))
                .compose(suspect -> suspect && !starting ? pause().map(true) : Future.succeededFuture(suspect))
                .compose(suspect -> suspect ? each(desks, DeskComparison::lookAgain) : Future.succeededFuture())
                .compose(v -> positions(record, desks))
                .map(v -> {
                    record.compared(
                            desks.values().stream()
                                    .mapToInt(DeskComparison::orders)
                                    .sum(),
                            count(executions, desks, each -> each.report().accountId()));
                    desks.values().forEach(desk -> record.found(desk.mismatches()));
                    if (!record.dryRun() && desks.size() == drivers.size()) {
                        comparedToMs = startedMs;
                    }
                    return null;
                });
    }

    private Future<Boolean> look(
            Map<DeskDriver, DeskComparison> desks, List<BrokerOpenOrder> orders, List<BrokerExecution> executions) {
        Map<Integer, List<BrokerOpenOrder>> ordersOf = parted(orders, each -> Partitions.of(each.accountId()));
        Map<Integer, List<BrokerExecution>> executionsOf =
                parted(executions, each -> Partitions.of(each.report().accountId()));
        List<Boolean> suspect = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<DeskDriver, DeskComparison> entry : desks.entrySet()) {
            int partition = entry.getKey().partition();
            done = done.compose(v -> entry.getValue()
                    .look(ordersOf.getOrDefault(partition, List.of()), executionsOf.getOrDefault(partition, List.of()))
                    .map(some -> {
                        suspect.add(some);
                        return null;
                    }));
        }
        return done.map(v -> suspect.contains(true));
    }

    private Future<Void> positions(RunRecord record, Map<DeskDriver, DeskComparison> desks) {
        return broker.positions().compose(first -> {
            if (first.isEmpty()) {
                return Future.succeededFuture();
            }
            record.positions(count(first.get(), desks, BrokerPosition::accountId));
            Map<Integer, List<BrokerPosition>> one = parted(first.get(), each -> Partitions.of(each.accountId()));
            boolean differ = false;
            for (Map.Entry<DeskDriver, DeskComparison> desk : desks.entrySet()) {
                differ |= desk.getValue().look(one.getOrDefault(desk.getKey().partition(), List.of()));
            }
            return differ
                    ? pause().compose(v -> broker.positions()).map(second -> {
                        Map<Integer, List<BrokerPosition>> again =
                                parted(second.orElse(List.of()), each -> Partitions.of(each.accountId()));
                        desks.forEach(
                                (driver, desk) -> desk.lookAgain(again.getOrDefault(driver.partition(), List.of())));
                        return null;
                    })
                    : Future.succeededFuture();
        });
    }

    // ---- asking

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(graceMs, id -> over.complete());
        return over.future();
    }

    private static <T> Map<Integer, List<T>> parted(List<T> all, ToIntFunction<T> partition) {
        Map<Integer, List<T>> parts = new LinkedHashMap<>();
        all.forEach(each -> parts.computeIfAbsent(partition.applyAsInt(each), p -> new ArrayList<>())
                .add(each));
        return parts;
    }

    /** How many are of the partitions that are compared. */
    private static <T> int count(List<T> all, Map<DeskDriver, DeskComparison> desks, Function<T, String> account) {
        Set<Integer> partitions =
                desks.keySet().stream().map(DeskDriver::partition).collect(Collectors.toSet());
        return (int) all.stream()
                .filter(each -> partitions.contains(Partitions.of(account.apply(each))))
                .count();
    }

    private static Future<Void> each(
            Map<DeskDriver, DeskComparison> desks, Function<DeskComparison, Future<Void>> step) {
        Future<Void> done = Future.succeededFuture();
        for (DeskComparison desk : desks.values()) {
            done = done.compose(v -> desk.isOver() ? Future.succeededFuture() : step.apply(desk));
        }
        return done;
    }
}
