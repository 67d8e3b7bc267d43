package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerPage;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.orders.Reconcile;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.Mismatch;
import io.tradewind.orderqueue.endpoint.RunRecord.Trigger;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the desks with the broker: orders, then fills, then positions. A desk that was just loaded, and every desk
 * after the line to the broker was down, is compared before any of its orders leaves; all of them every so often, and
 * when an operator asks. What the rules cannot end is left to people: the account is set to reducing, and it is told as
 * unresolved until a later run no longer finds it.
 *
 * <p>One run at a time, on the event loop of the order-queue; closed by {@link OrderEndpoint}. A crash ends a run; what
 * it booked is durable, and the next start compares everything.
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

    /** Pages of one list of the broker; a broker that lists more is not compared. */
    private static final int MAX_PAGES = 2_000;

    private static final String ACTOR = "reconciliation";
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final Vertx vertx;
    private final Broker broker;
    private final BrokerConnection connection;
    private final StateClient state;
    private final TradingStateWriter tradingStates;
    private final List<DeskDriver> drivers;
    private final RunHistory history;
    private final ReconciliationMetrics metrics;
    private final Clock clock;
    private final long intervalMs;
    private final long graceMs;
    /** What the last look at each account could not end, by what it is about. */
    private final Map<String, Mismatch> unresolved = new LinkedHashMap<>();

    private long timer;
    private long comparedToMs;
    private Future<RunRecord> running = Future.succeededFuture();
    private String lastFailure;
    private boolean closed;

    Reconciler(
            Vertx vertx,
            Broker broker,
            BrokerConnection connection,
            StateClient state,
            TradingStateWriter tradingStates,
            List<DeskDriver> drivers,
            RunHistory history,
            ReconciliationMetrics metrics,
            Clock clock,
            Duration interval,
            Duration grace) {
        this.vertx = vertx;
        this.broker = broker;
        this.connection = connection;
        this.state = state;
        this.tradingStates = tradingStates;
        this.drivers = drivers;
        this.history = history;
        this.metrics = metrics;
        this.clock = clock;
        this.intervalMs = interval.toMillis();
        this.graceMs = grace.toMillis();
    }

    void start() {
        timer = vertx.setPeriodic(intervalMs, id -> onTimer());
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    /** What it could not end. */
    List<Mismatch> unresolved() {
        return List.copyOf(unresolved.values());
    }

    /** Why the last comparison came to nothing; {@code null} when it was done. */
    String lastFailure() {
        return lastFailure;
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
            run(Trigger.START, held, false, ACTOR, null).onFailure(failure -> {
                LOG.warn("not compared with the broker: {}; no order leaves, trying again", failure.getMessage());
                vertx.setTimer(RETRY_MS, id -> releaseHeld());
            });
        }
    }

    private void onTimer() {
        if (running.isComplete() && isReady() && drivers.stream().noneMatch(DeskDriver::isHeld)) {
            run(Trigger.TIMER, drivers, false, ACTOR, null)
                    .onFailure(failure -> LOG.warn("not compared with the broker: {}", failure.getMessage()));
        }
    }

    /** An operator asks. */
    void onCommand(Message<Reconcile> message) {
        Reconcile command = message.body();
        Promise<Void> turn = Promise.promise();
        running.onComplete(over -> turn.complete());
        turn.future()
                .compose(v -> {
                    if (!isReady()) {
                        return Future.failedFuture(Failure.UNAVAILABLE.exception(
                                connection.isUp() ? "a partition is loading" : connection.whyAway()));
                    }
                    if (!running.isComplete()) {
                        return Future.failedFuture(Failure.UNAVAILABLE.exception("another comparison is under way"));
                    }
                    return run(Trigger.OPERATOR, drivers, command.dryRun(), command.actor(), command.correlationId());
                })
                .onSuccess(record -> message.reply(record.toJson()))
                .onFailure(failure -> message.fail(
                        Failure.of(failure) == Failure.INTERNAL
                                ? Failure.UNAVAILABLE.code()
                                : Failure.of(failure).code(),
                        "not compared with the broker: " + failure.getMessage()));
    }

    private boolean isReady() {
        return !closed && connection.isUp() && drivers.stream().allMatch(DeskDriver::isActive);
    }

    // ---- one run

    private Future<RunRecord> run(
            Trigger trigger, List<DeskDriver> of, boolean dryRun, String actor, String correlationId) {
        RunRecord record = history.begin(trigger, dryRun, actor, clock.millis());
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
        Future<RunRecord> done = compare(record, desks)
                .compose(v -> escalate(record, dryRun))
                .compose(v -> history.end(record, correlationId, clock.millis()))
                .map(v -> record);
        Future<RunRecord> told = done.onComplete(over -> {
            lastFailure = over.succeeded() ? null : over.cause().getMessage();
            metrics.ended(record, over.succeeded());
            if (over.succeeded() && trigger == Trigger.START && connection.times() == connected) {
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

    private Future<Void> compare(RunRecord record, Map<DeskDriver, DeskComparison> desks) {
        boolean starting = record.trigger() == Trigger.START;
        long startedMs = record.startedMs();
        long sinceMs = starting || comparedToMs == 0
                ? startedMs - MAX_LOOKBACK_MS
                : Math.max(comparedToMs - MARGIN_MS, startedMs - MAX_LOOKBACK_MS);
        List<BrokerOpenOrder> orders = new ArrayList<>();
        List<BrokerExecution> executions = new ArrayList<>();
        return pages(broker::openOrders, orders, null, 0)
                .compose(v -> pages(cursor -> broker.executions(sinceMs, cursor), executions, null, 0))
                .compose(v -> look(desks, orders, executions))
                .compose(suspect -> suspect && !starting ? pause().map(true) : Future.succeededFuture(suspect))
                .compose(suspect -> suspect ? each(desks, DeskComparison::lookAgain) : Future.succeededFuture())
                .compose(v -> positions(record, desks))
                .map(v -> {
                    record.compared(
                            desks.values().stream()
                                    .mapToInt(DeskComparison::orders)
                                    .sum(),
                            executions.size());
                    desks.values().forEach(desk -> record.found(desk.mismatches()));
                    if (!record.dryRun() && desks.size() == drivers.size()) {
                        comparedToMs = startedMs;
                    }
                    keepUnresolved(record, desks.keySet());
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
            record.positions(first.get().size());
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

    /** What was not ended stays told until a run over its partition no longer finds it. */
    private void keepUnresolved(RunRecord record, Set<DeskDriver> desks) {
        Set<Integer> partitions = new HashSet<>();
        desks.forEach(driver -> partitions.add(driver.partition()));
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
    private Future<Void> escalate(RunRecord record, boolean dryRun) {
        if (dryRun) {
            return Future.succeededFuture();
        }
        Map<String, Mismatch> accounts = new LinkedHashMap<>();
        record.newMismatches().forEach(mismatch -> accounts.putIfAbsent(mismatch.accountId(), mismatch));
        Future<Void> done = Future.succeededFuture();
        for (Mismatch mismatch : accounts.values()) {
            LOG.error("reconciliation: account {} needs attention: {}", mismatch.accountId(), mismatch);
            done = done.compose(v -> tradingStates.tighten(
                    mismatch.accountId(),
                    TradingState.REDUCING,
                    "reconciliation: " + mismatch.kind().text() + " " + mismatch.subject() + ": ours " + mismatch.ours()
                            + ", the broker's " + mismatch.theirs(),
                    ACTOR));
        }
        return done;
    }

    // ---- asking

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(graceMs, id -> over.complete());
        return over.future();
    }

    private static <T> Future<Void> pages(
            Function<String, Future<BrokerPage<T>>> ask, List<T> into, String cursor, int pages) {
        if (pages == MAX_PAGES) {
            return Future.failedFuture("the broker lists more than " + MAX_PAGES + " pages");
        }
        return ask.apply(cursor).compose(page -> {
            into.addAll(page.items());
            return page.next() == null ? Future.succeededFuture() : pages(ask, into, page.next(), pages + 1);
        });
    }

    private static <T> Map<Integer, List<T>> parted(List<T> all, ToIntFunction<T> partition) {
        Map<Integer, List<T>> parts = new LinkedHashMap<>();
        all.forEach(each -> parts.computeIfAbsent(partition.applyAsInt(each), p -> new ArrayList<>())
                .add(each));
        return parts;
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
