package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.AdmissionPause;
import io.tradewind.orderqueue.domain.DeskLimits;
import io.tradewind.orderqueue.domain.Prices;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * All desks of this process: opens one {@link DeskDriver} per partition, hands each the reports of the broker that
 * concern it, and takes the trading state. On one event loop; closed by the verticle.
 */
public final class OrderEndpoint {

    private final Vertx vertx;
    private final StateClient state;
    private final Broker broker;
    private final TradingStates tradingStates = new TradingStates();
    private final AdmissionPause pause = new AdmissionPause();
    private final Supplier<String> ids;
    private final Clock clock;
    private final QueueMetrics metrics;
    private final List<DeskDriver> drivers = new ArrayList<>();
    private MessageConsumer<SetTradingState> tradingStateConsumer;
    private MessageConsumer<LogPressure> pressureConsumer;

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
            MeterRegistry meters) {
        this.vertx = vertx;
        this.state = state;
        this.broker = broker;
        this.ids = ids;
        this.clock = clock;
        metrics = new QueueMetrics(meters);
        DeskLoader loader = new DeskLoader(state, limits, prices, tradingStates, pause, ids, clock, instance);
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            int p = partition;
            List<String> here = accounts.stream()
                    .filter(account -> Partitions.of(account) == p)
                    .toList();
            drivers.add(new DeskDriver(vertx, p, state, loader, broker, tradingStates, here, clock, metrics));
        }
    }

    /** Completes when every desk takes commands. */
    public Future<Void> open() {
        tradingStateConsumer = vertx.eventBus().consumer(Addresses.ORDERS_TRADING_STATE, this::onTradingState);
        pressureConsumer = vertx.eventBus()
                .consumer(Addresses.STATE_PRESSURE, message -> pause.heard(message.body(), clock.millis()));
        return broker.open(this::onReports)
                .compose(v -> Future.all(drivers.stream().map(DeskDriver::open).toList()))
                .compose(v -> tradingStateConsumer.completion())
                .compose(v -> pressureConsumer.completion());
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

    /** Takes nothing more and completes when everything decided is durable. */
    public Future<Void> drain() {
        return Future.join(drivers.stream().map(DeskDriver::drain).toList()).mapEmpty();
    }

    public Future<Void> close() {
        metrics.close();
        return Future.join(drivers.stream().map(DeskDriver::close).toList())
                .eventually(tradingStateConsumer::unregister)
                .eventually(pressureConsumer::unregister)
                .eventually(broker::close)
                .mapEmpty();
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
        EntityKey key = TradingStates.key(command.accountId());
        Mutation put = new Mutation(
                key,
                TradingStates.toJson(
                        command.accountId(), command.state(), command.reason(), command.actor(), clock.millis()));
        Transaction tx = new Transaction(
                ids.get(), new Cause(command.correlationId(), null, command.actor()), List.of(put), List.of());
        state.commit(new Commit(key.partition(), Durability.SETTLING, List.of(tx)))
                .compose(reply -> reply.allCommitted()
                        ? Future.succeededFuture()
                        : Future.failedFuture(Failure.INTERNAL.exception("turned away: " + reply.outcomes())))
                .onSuccess(committed -> {
                    tradingStates.put(key, command.state());
                    int canceling = command.cancelOpen() ? cancelOpen(command) : 0;
                    message.reply(reply(command.accountId(), canceling));
                })
                .onFailure(failure ->
                        message.fail(Failure.of(failure).code(), "trading state not stored: " + failure.getMessage()));
    }

    /** @return how many orders are being canceled */
    private int cancelOpen(SetTradingState command) {
        int canceling = 0;
        for (DeskDriver driver : drivers) {
            if (!driver.isActive()) {
                continue;
            }
            for (String account : driver.desk().accountIds()) {
                int open = driver.desk().openOrderIds(account).size();
                if (open > 0
                        && (command.accountId() == null || command.accountId().equals(account))) {
                    canceling += open;
                    int partition = Partitions.of(account);
                    vertx.eventBus()
                            .send(
                                    Addresses.ordersCancel(partition),
                                    new CancelOrders(
                                            partition, account, List.of(), command.actor(), command.correlationId()));
                }
            }
        }
        return canceling;
    }

    private TradingStateReply reply(String accountId, int canceling) {
        TradingState own = accountId == null ? TradingState.ACTIVE : tradingStates.own(accountId);
        return new TradingStateReply(tradingStates.global(), own, canceling);
    }
}
