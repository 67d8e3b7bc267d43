package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.Quotes;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.AdmissionPause;
import io.tradewind.orderqueue.domain.Desk;
import io.tradewind.orderqueue.domain.KillOrder;
import io.tradewind.orderqueue.domain.Liquidation;
import io.tradewind.orderqueue.domain.Prices;
import io.tradewind.orderqueue.domain.RateWindows;
import io.tradewind.orderqueue.domain.Risk;
import io.tradewind.orderqueue.domain.TradingStates;
import io.tradewind.orderqueue.endpoint.Reconciler.Outcome;
import io.tradewind.orderqueue.endpoint.RunRecord.Trigger;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop with everything that its partitions need: prices, limits and trading states of its own, its own session
 * with the broker, its own comparison with it. It shares nothing that changes with another worker but meters.
 *
 * <p>All methods are called on its event loop, through {@link #loop}, but for those that say otherwise. A worker whose loop
 * is stuck is abandoned by {@link Workers}: it writes nothing, sends nothing and hears nothing from then on, and closes
 * when it wakes up. Its partitions are taken by another one from the state-store, as after a crash.
 */
final class Worker {

    /** How long a partition that leaves waits for the log, and then for the broker. */
    private static final long GIVE_MS = 5_000;

    /** Pause before the stored quotes are asked for again. */
    private static final long RETRY_MS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final String name;
    private final Vertx vertx;
    private final QueueSettings settings;
    private final Clock clock;
    private final WorkerThread thread;
    private final StateClient state;
    private final BrokerSession session;
    private final Broker broker;
    private final Prices prices;
    private final TradingStates tradingStates = new TradingStates();
    private final Risk risk = new Risk(tradingStates);
    private final AdmissionPause pause = new AdmissionPause();
    private final Consumers consumers;
    private final QueueMetrics metrics;
    private final BrokerConnection connection;
    private final TradingStateWriter tradingStateWriter;
    private final Supplier<String> ids;
    private final Map<Integer, DeskDriver> drivers = new TreeMap<>();
    private final DeskParts parts;
    private final Reconciler reconciler;
    private final KillSwitch killSwitch;

    private long markTimer;
    private boolean closed;
    private volatile boolean abandoned;
    private volatile long shown;

    /**
     * @param name of its thread
     * @param ids makes unique texts, for this worker only
     * @param keeper told of comparisons that orders wait for, on the event loop of the worker
     */
    Worker(
            String name,
            Vertx vertx,
            QueueSettings settings,
            BrokerSession session,
            Supplier<String> ids,
            Clock clock,
            MeterRegistry meters,
            BiFunction<Worker, Outcome, Future<Void>> keeper) {
        this.name = name;
        this.vertx = vertx;
        this.settings = settings;
        this.clock = clock;
        this.session = session;
        this.ids = ids;
        thread = new WorkerThread(vertx, name);
        state = new StateClient(vertx.eventBus(), settings.stateTimeout(), () -> abandoned);
        broker = new GuardedBroker(session.broker(), () -> abandoned);
        prices = new Prices(settings.days());
        consumers = new Consumers(vertx.eventBus());
        metrics = new QueueMetrics(meters);
        tradingStateWriter = new TradingStateWriter(state, ids, clock);
        connection = new BrokerConnection(vertx, broker, clock, this::onReports, this::onConnection);
        DeskLoader loader =
                new DeskLoader(state, settings.limits(), prices, risk, pause, ids, clock, settings.instance());
        parts = new DeskParts(
                vertx,
                state,
                loader,
                broker,
                connection,
                tradingStates,
                risk,
                settings.accounts(),
                consumers,
                ids,
                clock,
                metrics);
        killSwitch = new KillSwitch(vertx, drivers.values(), tradingStates, ids, clock, meters);
        reconciler = new Reconciler(
                vertx,
                broker,
                connection,
                state,
                drivers.values(),
                outcome -> keeper.apply(this, outcome),
                ids,
                clock,
                settings.reconcileGrace());
    }

    // ---- life

    /** Any thread. */
    Loop loop() {
        return thread.loop();
    }

    /** Any thread. */
    String name() {
        return name;
    }

    /** Follows the market and reaches for the broker; completes when partitions can be taken. */
    Future<Void> open() {
        List<MessageConsumer<?>> heard = List.of(
                consumers.<Quotes>add(
                        Addresses.MARKET_QUOTES,
                        message -> onQuotes(message.body().quotes())),
                consumers.<LogPressure>add(
                        Addresses.STATE_PRESSURE, message -> pause.heard(message.body(), clock.millis())));
        connection.open();
        killSwitch.start();
        markTimer = vertx.setPeriodic(settings.markInterval().toMillis(), id -> mark());
        return Future.all(heard.stream().map(MessageConsumer::completion).toList())
                .compose(v -> storedQuotes());
    }

    /** The last quotes stored, so that instruments are known and open orders are worth something before the feed ticks. */
    private Future<Void> storedQuotes() {
        return state.read(ReadEntities.of(Domains.MARKET, Domains.MARKET_KEY, ReadEntities.MAX_LIMIT))
                .<Void>map(page -> {
                    prices.update(page.entities().stream()
                            .map(entity -> Quote.fromJson(entity.json()))
                            .filter(quote -> prices.quote(quote.symbol()) == null)
                            .toList());
                    return null;
                })
                .recover(failure -> {
                    LOG.warn("{}: the last prices are not known: {}; trying again", name, failure.getMessage());
                    Promise<Void> later = Promise.promise();
                    vertx.setTimer(RETRY_MS, id -> later.complete());
                    return later.future().compose(v -> closed ? Future.failedFuture("closed") : storedQuotes());
                });
    }

    /** Takes a partition; completes when its desk takes commands. */
    Future<Void> take(int partition) {
        if (closed) {
            return Future.failedFuture(name + " is closed");
        }
        DeskDriver driver = new DeskDriver(partition, parts);
        drivers.put(partition, driver);
        return driver.open(reconciler::releaseHeld);
    }

    /**
     * Gives a partition away: takes no more commands for it, sends none of its orders, and lets go of it when everything
     * decided is durable. What is still on its way after {@value #GIVE_MS} ms is refused by its next owner.
     *
     * @return how often its accounts have asked, for the next owner
     */
    Future<Map<String, RateWindows>> give(int partition) {
        DeskDriver driver = drivers.get(partition);
        driver.hold();
        return driver.drain()
                .timeout(GIVE_MS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    LOG.warn("{}: partition {} leaves before all is durable", name, partition);
                    return null;
                })
                // Orders that have become durable just now are sent in the next turn, before the broker lets go.
                .compose(v -> nextTurn())
                .compose(v -> broker.letGo(partition).timeout(GIVE_MS, TimeUnit.MILLISECONDS))
                .otherwise(failure -> {
                    LOG.warn("{}: partition {} leaves before the broker let go of it", name, partition, failure);
                    return null;
                })
                .compose(v -> {
                    drivers.remove(partition);
                    return driver.close();
                })
                .map(v -> risk.takeRates(partition));
    }

    /** Takes a partition from another worker. */
    Future<Void> take(int partition, Map<String, RateWindows> rates) {
        risk.putRates(rates);
        return take(partition);
    }

    private Future<Void> nextTurn() {
        Promise<Void> turn = Promise.promise();
        vertx.runOnContext(v -> turn.complete());
        return turn.future();
    }

    /** How many orders were decided on since this was asked last, by partition. */
    Map<Integer, Long> takeDecisions() {
        Map<Integer, Long> decisions = new TreeMap<>();
        drivers.forEach((partition, driver) -> decisions.put(partition, driver.takeDecisions()));
        return decisions;
    }

    /** Takes nothing more and completes when everything decided is durable. */
    Future<Void> drain() {
        return Future.join(drivers.values().stream().map(DeskDriver::drain).toList())
                .mapEmpty();
    }

    Future<Void> close() {
        closed = true;
        vertx.cancelTimer(markTimer);
        reconciler.close();
        killSwitch.close();
        metrics.close();
        // Whoever was asked may answer until the deadline of the request has passed.
        thread.close(2 * settings.stateTimeout().toMillis());
        return Future.join(drivers.values().stream().map(DeskDriver::close).toList())
                .eventually(consumers::removeAll)
                .eventually(connection::close)
                .mapEmpty();
    }

    // ---- whether it is well

    /** Asks it to show that its loop turns; any thread. */
    void check(long number) {
        loop().run(() -> shown = number);
    }

    /** The last check that it has answered; any thread, also when nobody else can listen. */
    long lastShown() {
        return shown;
    }

    /** Any thread. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** What its thread does at this moment; any thread. */
    String dump() {
        return thread.dump();
    }

    /**
     * Gives it up: from now on it neither writes nor sends nor hears anything, and whoever waits for it is told. It closes
     * when it wakes up. Any thread.
     *
     * @param awake called on its event loop when it has closed
     */
    void abandon(String reason, Runnable awake) {
        abandoned = true;
        consumers.silence();
        loop().giveUp(reason);
        loop().runInAnyCase(() -> close().onComplete(over -> {
            LOG.warn("{} has woken up, found itself replaced, and closed", name);
            awake.run();
        }));
    }

    // ---- what it hears

    private void onQuotes(List<Quote> news) {
        prices.update(news);
        session.market().accept(news);
        drivers.values().forEach(DeskDriver::onQuotes);
    }

    private void onConnection(boolean up) {
        reconciler.onConnection(up);
    }

    /** Reports about partitions that are elsewhere are left alone: who has them asks for them when it takes them. */
    private void onReports(List<ExecutionReport> reports) {
        if (abandoned) {
            return;
        }
        reports.stream()
                .collect(Collectors.groupingBy(report -> Partitions.of(report.accountId())))
                .forEach((partition, own) -> {
                    DeskDriver driver = drivers.get(partition);
                    if (driver != null) {
                        driver.onReports(own);
                    }
                });
    }

    /** Writes all accounts at the latest prices, and shows how the queue is. */
    private void mark() {
        drivers.values().forEach(DeskDriver::mark);
        metrics.observe(drivers.values(), clock.millis());
    }

    // ---- what it is asked

    /**
     * How it is.
     *
     * @param active desks that take commands
     * @param held desks whose orders wait for the comparison with the broker
     * @param brokerAway why the broker cannot be reached; {@code null} when it can
     * @param symbols instruments that are known
     */
    record Status(int active, int held, String brokerAway, Set<String> symbols) {}

    Status status() {
        return new Status(
                (int) drivers.values().stream().filter(DeskDriver::isActive).count(),
                (int) drivers.values().stream().filter(DeskDriver::isHeld).count(),
                connection.isUp() ? null : connection.whyAway(),
                prices.symbols());
    }

    /** Any thread. */
    boolean isBrokerUp() {
        return connection.isUp();
    }

    /** Any thread. */
    QueueView view() {
        return metrics.view();
    }

    Future<Outcome> compare(Trigger trigger, boolean dryRun, String actor) {
        return reconciler.compareAll(trigger, dryRun, actor);
    }

    /** Compares all desks if that is not in the way of anything; empty when it is. */
    Future<Optional<Outcome>> compareAtRest() {
        return reconciler.isAtRest()
                ? reconciler
                        .compareAll(Trigger.TIMER, false, Reconciliations.ACTOR)
                        .map(Optional::of)
                : Future.succeededFuture(Optional.empty());
    }

    Risk risk() {
        return risk;
    }

    // ---- trading states

    /** @param accountId {@code null} for all */
    TradingStateReply tradingState(String accountId) {
        return reply(accountId, 0);
    }

    /** Writes the state of an account of this worker, and puts it in force. */
    Future<TradingStateReply> setTradingState(SetTradingState command, KillOrder order) {
        return tradingStateWriter
                .store(
                        command.accountId(),
                        command.state(),
                        order,
                        command.reason(),
                        command.actor(),
                        command.correlationId())
                .map(stored -> putTradingState(command.accountId(), command.state(), order));
    }

    /** Puts a state that is durable in force. */
    TradingStateReply putTradingState(String accountId, TradingState next, KillOrder order) {
        tradingStates.put(TradingStates.key(accountId), next, order);
        TradingStateReply reply = reply(accountId, order == null ? 0 : openOrders(accountId));
        killSwitch.act();
        return reply;
    }

    /** Sets the state of an account of this worker unless its own is as strict already. */
    Future<Void> tighten(String accountId, TradingState next, String reason, String actor) {
        KillOrder order = tradingStates.ownOrder(accountId);
        return tradingStates.own(accountId).compareTo(next) >= 0
                ? Future.succeededFuture()
                : tradingStateWriter
                        .store(accountId, next, order, reason, actor, ids.get())
                        .onSuccess(stored -> tradingStates.put(TradingStates.key(accountId), next, order));
    }

    private int openOrders(String accountId) {
        return desks().mapToInt(desk -> accounts(desk, accountId)
                        .mapToInt(id -> desk.openOrderIds(id).size())
                        .sum())
                .sum();
    }

    private TradingStateReply reply(String accountId, int canceling) {
        TradingState own = accountId == null ? TradingState.ACTIVE : tradingStates.own(accountId);
        int flattening = tradingStates.hasOrders()
                ? desks().mapToInt(desk -> (int) accounts(desk, accountId)
                                .filter(id -> tradingStates.isFlattening(id) && !new Liquidation(desk, id).isFlat())
                                .count())
                        .sum()
                : 0;
        return new TradingStateReply(tradingStates.global(), own, canceling, flattening);
    }

    private Stream<Desk> desks() {
        return drivers.values().stream().map(DeskDriver::desk).filter(Objects::nonNull);
    }

    private static Stream<String> accounts(Desk desk, String accountId) {
        return desk.accountIds().stream().filter(id -> accountId == null || accountId.equals(id));
    }
}
