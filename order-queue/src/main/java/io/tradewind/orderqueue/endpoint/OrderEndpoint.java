package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Reconcile;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.AdmissionPause;
import io.tradewind.orderqueue.domain.Desk;
import io.tradewind.orderqueue.domain.DeskLimits;
import io.tradewind.orderqueue.domain.KillOrder;
import io.tradewind.orderqueue.domain.Liquidation;
import io.tradewind.orderqueue.domain.Prices;
import io.tradewind.orderqueue.domain.Risk;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All desks of this process: opens one {@link DeskDriver} per partition, hands each the reports of the broker that
 * concern it, and takes the trading state. On one event loop; closed by the verticle.
 */
public final class OrderEndpoint {

    private final Vertx vertx;
    private final TradingStates tradingStates = new TradingStates();
    private final Risk risk = new Risk(tradingStates);
    private final RiskEndpoint riskEndpoint;
    private final AdmissionPause pause = new AdmissionPause();
    private final Clock clock;
    private final QueueMetrics metrics;
    private final List<DeskDriver> drivers = new ArrayList<>();
    private MessageConsumer<SetTradingState> tradingStateConsumer;
    private MessageConsumer<LogPressure> pressureConsumer;
    private MessageConsumer<Reconcile> reconcileConsumer;
    private final BrokerConnection connection;
    private final TradingStateWriter tradingStateWriter;
    private final Reconciler reconciler;
    private final KillSwitch killSwitch;
    private final Supplier<String> ids;
    private final ReconciliationMetrics reconciliationMetrics;

    public OrderEndpoint(
            Vertx vertx,
            StateClient state,
            Broker broker,
            DeskLimits limits,
            Prices prices,
            List<String> accounts,
            Supplier<String> ids,
            Clock clock,
            String instance,
            MeterRegistry meters,
            Duration reconcileInterval,
            Duration reconcileGrace) {
        this.vertx = vertx;
        this.clock = clock;
        metrics = new QueueMetrics(meters);
        connection = new BrokerConnection(vertx, broker, clock, this::onReports, this::onConnection);
        tradingStateWriter = new TradingStateWriter(state, tradingStates, ids, clock);
        reconciliationMetrics = new ReconciliationMetrics(meters);
        reconciliationMetrics.watch(connection::isUp);
        DeskLoader loader = new DeskLoader(state, limits, prices, risk, pause, ids, clock, instance);
        riskEndpoint = new RiskEndpoint(vertx, state, risk, prices, ids, clock);
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            int p = partition;
            List<String> here = accounts.stream()
                    .filter(account -> Partitions.of(account) == p)
                    .toList();
            drivers.add(new DeskDriver(
                    vertx, p, state, loader, broker, connection, tradingStates, risk, here, ids, clock, metrics));
        }
        this.ids = ids;
        killSwitch = new KillSwitch(vertx, drivers, tradingStates, ids, clock, meters);
        reconciler = new Reconciler(
                vertx,
                broker,
                connection,
                state,
                tradingStateWriter,
                drivers,
                new RunHistory(state, ids),
                reconciliationMetrics,
                clock,
                reconcileInterval,
                reconcileGrace);
    }

    /** Completes when every desk takes commands. */
    public Future<Void> open() {
        tradingStateConsumer = vertx.eventBus().consumer(Addresses.ORDERS_TRADING_STATE, this::onTradingState);
        pressureConsumer = vertx.eventBus()
                .consumer(Addresses.STATE_PRESSURE, message -> pause.heard(message.body(), clock.millis()));
        reconcileConsumer = vertx.eventBus().consumer(Addresses.ORDERS_RECONCILE, reconciler::onCommand);
        connection.open();
        reconciler.start();
        killSwitch.start();
        return Future.all(drivers.stream()
                        .map(driver -> driver.open(reconciler::releaseHeld))
                        .toList())
                .compose(v -> reconcileConsumer.completion())
                .compose(v -> tradingStateConsumer.completion())
                .compose(v -> riskEndpoint.open())
                .compose(v -> pressureConsumer.completion());
    }

    /** Prices have changed: held stop-losses may have been reached. */
    public void onQuotes() {
        drivers.forEach(DeskDriver::onQuotes);
    }

    /** Writes all accounts at the latest prices, and shows how the queue is. */
    public void mark() {
        drivers.forEach(DeskDriver::mark);
        metrics.observe(drivers, clock.millis());
    }

    /** How many desks take commands. */
    public long activeDesks() {
        return drivers.stream().filter(DeskDriver::isActive).count();
    }

    /** Why no order leaves, or what people have to look at; {@code null} when all is well. */
    public String trouble() {
        long held = drivers.stream().filter(DeskDriver::isHeld).count();
        if (!connection.isUp()) {
            return "orders are taken and wait: " + connection.whyAway();
        }
        if (held > 0) {
            return "orders of " + held + " partitions wait for the comparison with the broker"
                    + (reconciler.lastFailure() == null ? "" : ": " + reconciler.lastFailure());
        }
        if (reconciler.lastFailure() != null) {
            return "not compared with the broker: " + reconciler.lastFailure();
        }
        return reconciler.unresolved().isEmpty()
                ? null
                : reconciler.unresolved().size() + " mismatches with the broker need attention, the first: "
                        + reconciler.unresolved().get(0);
    }

    /** Takes nothing more and completes when everything decided is durable. */
    public Future<Void> drain() {
        return Future.join(drivers.stream().map(DeskDriver::drain).toList()).mapEmpty();
    }

    public Future<Void> close() {
        metrics.close();
        reconciliationMetrics.close();
        reconciler.close();
        killSwitch.close();
        return Future.join(drivers.stream().map(DeskDriver::close).toList())
                .eventually(tradingStateConsumer::unregister)
                .eventually(riskEndpoint::close)
                .eventually(pressureConsumer::unregister)
                .eventually(reconcileConsumer::unregister)
                .eventually(connection::close)
                .mapEmpty();
    }

    private void onConnection(boolean up) {
        reconciler.onConnection(up);
    }

    private void onReports(List<ExecutionReport> reports) {
        reports.stream()
                .collect(Collectors.groupingBy(report -> Partitions.of(report.accountId())))
                .forEach((partition, own) -> drivers.get(partition).onReports(own));
    }

    private void onTradingState(Message<SetTradingState> message) {
        SetTradingState command = message.body();
        if (command.state() == null) {
            message.reply(reply(command.accountId(), 0));
            return;
        }
        KillOrder order = command.cancelAll() || command.flatten() ? new KillOrder(ids.get(), command.flatten()) : null;
        tradingStateWriter
                .set(
                        command.accountId(),
                        command.state(),
                        order,
                        command.reason(),
                        command.actor(),
                        command.correlationId())
                .onSuccess(stored -> {
                    TradingStateReply reply = reply(command.accountId(), order == null ? 0 : openOrders(command));
                    killSwitch.act();
                    message.reply(reply);
                })
                .onFailure(failure ->
                        message.fail(Failure.of(failure).code(), "trading state not stored: " + failure.getMessage()));
    }

    private int openOrders(SetTradingState command) {
        return desks().mapToInt(desk -> desk.accountIds().stream()
                        .filter(id -> command.accountId() == null
                                || command.accountId().equals(id))
                        .mapToInt(id -> desk.openOrderIds(id).size())
                        .sum())
                .sum();
    }

    private Stream<Desk> desks() {
        return drivers.stream().map(DeskDriver::desk).filter(Objects::nonNull);
    }

    private TradingStateReply reply(String accountId, int canceling) {
        TradingState own = accountId == null ? TradingState.ACTIVE : tradingStates.own(accountId);
        int flattening = tradingStates.hasOrders()
                ? desks().mapToInt(desk -> (int) desk.accountIds().stream()
                                .filter(id -> accountId == null || accountId.equals(id))
                                .filter(id -> tradingStates.isFlattening(id) && !new Liquidation(desk, id).isFlat())
                                .count())
                        .sum()
                : 0;
        return new TradingStateReply(tradingStates.global(), own, canceling, flattening);
    }
}
