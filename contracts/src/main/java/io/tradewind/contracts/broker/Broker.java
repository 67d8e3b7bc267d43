package io.tradewind.contracts.broker;

import io.tradewind.contracts.orders.Order;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Where orders are executed. A broker knows an order by our order id and must never execute one id twice: sending the
 * same order again is harmless. All methods are called on the event loop of the order-queue and must not block it;
 * whatever happens to an order is told to the {@link Listener}, on that event loop.
 *
 * <p>A future that fails says that the outcome is <em>unknown</em>: the order-queue will ask {@link #find}.
 */
public interface Broker {

    /** Hears what happens to orders, possibly late, twice or out of order. */
    interface Listener {

        /** Reports in the order in which the broker made them. */
        void onReports(List<ExecutionReport> reports);
    }

    /** Connects; reports arrive from then on. */
    Future<Void> open(Listener listener);

    /** Sends new orders. Completes when the broker has them; what becomes of each is reported. */
    Future<Void> submit(List<Order> orders);

    /** Asks for cancels. Completes when the broker has the requests; the outcome of each is reported. */
    Future<Void> cancel(List<String> orderIds);

    /** Everything the broker knows about an order, empty when it has never seen it. */
    Future<Optional<BrokerOrder>> find(String orderId);

    Future<Void> close();
}
