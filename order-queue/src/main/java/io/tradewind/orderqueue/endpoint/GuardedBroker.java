package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPage;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.orders.Order;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A session with the broker that says nothing more once its worker was abandoned: another worker answers for its orders
 * then. What slips through, because it was on its way already, does no harm: a broker never executes one order id twice.
 *
 * <p>On the event loop of the worker, which closes it.
 */
final class GuardedBroker implements Broker {

    private final Broker broker;
    private final BooleanSupplier abandoned;

    GuardedBroker(Broker broker, BooleanSupplier abandoned) {
        this.broker = broker;
        this.abandoned = abandoned;
    }

    private <T> Future<T> unlessAbandoned(Supplier<Future<T>> request) {
        return abandoned.getAsBoolean() ? Future.failedFuture("this worker was replaced") : request.get();
    }

    @Override
    public Future<Void> open(Listener listener) {
        return unlessAbandoned(() -> broker.open(listener));
    }

    @Override
    public Future<Void> submit(List<Order> orders) {
        return unlessAbandoned(() -> broker.submit(orders));
    }

    @Override
    public Future<Void> cancel(List<String> orderIds) {
        return unlessAbandoned(() -> broker.cancel(orderIds));
    }

    @Override
    public Future<Void> replace(String orderId, Order replacement) {
        return unlessAbandoned(() -> broker.replace(orderId, replacement));
    }

    @Override
    public Future<Optional<BrokerOrder>> find(String orderId) {
        return unlessAbandoned(() -> broker.find(orderId));
    }

    @Override
    public Future<BrokerPage<BrokerOpenOrder>> openOrders(String cursor) {
        return unlessAbandoned(() -> broker.openOrders(cursor));
    }

    @Override
    public Future<BrokerPage<BrokerExecution>> executions(long sinceMs, String cursor) {
        return unlessAbandoned(() -> broker.executions(sinceMs, cursor));
    }

    @Override
    public Future<Optional<List<BrokerPosition>>> positions() {
        return unlessAbandoned(broker::positions);
    }

    @Override
    public Future<Void> letGo(int partition) {
        return unlessAbandoned(() -> broker.letGo(partition));
    }

    @Override
    public Future<Void> close() {
        return broker.close();
    }
}
