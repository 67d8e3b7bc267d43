package io.tradewind.contracts.broker;

import io.tradewind.contracts.orders.Order;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Where orders are executed. A broker knows an order by our order id and must never execute one id twice: sending the
 * same order again is harmless. All methods are called on one event loop of the order-queue and must not block it;
 * whatever happens to an order, or to the connection, is told to the {@link Listener}, on that event loop.
 *
 * <p>One such object is one session. The order-queue has a session per worker, each with accounts of its own, which move
 * from one to another: an order may be asked for, canceled, or sent once more over another session than before, also
 * while the earlier session still believes that it is in charge. The promise that one id is never executed twice holds
 * across all sessions. From the first question about an order on, what happens to it is told to the session that asked.
 * A session that hears of orders it has nothing to do with is not disturbed.
 *
 * <p>A future that fails says that the outcome is <em>unknown</em>: the order-queue will ask {@link #find}. A question
 * that fails is asked again; each must be answered after every request that was made before it.
 */
public interface Broker {

    /** The most that one page of an answer holds. */
    int MAX_PAGE = 1_000;

    /** Hears what happens to orders, possibly late, twice or out of order, and whether the broker can be reached. */
    interface Listener {

        /** Reports in the order in which the broker made them. */
        void onReports(List<ExecutionReport> reports);

        /**
         * The connection is lost: nothing that was on its way is known to have arrived, and no orders are sent until
         * {@link #onConnected}. The broker tries to connect again by itself.
         *
         * @param reason in words, for people
         */
        default void onDisconnected(String reason) {}

        /** The broker is there again after {@link #onDisconnected}; reports in between may be lost. */
        default void onConnected() {}
    }

    /**
     * Connects; reports arrive from then on. Fails when the broker cannot be reached now: it is called again a little
     * later, until it succeeds once. From then on the broker keeps the connection up itself.
     */
    Future<Void> open(Listener listener);

    /** Sends new orders. Completes when the broker has them; what becomes of each is reported. */
    Future<Void> submit(List<Order> orders);

    /** Asks for cancels. Completes when the broker has the requests; the outcome of each is reported. */
    Future<Void> cancel(List<String> orderIds);

    /**
     * Asks that an order ends in favour of another one: for what the first has not filled of the quantity of the second,
     * which counts what the first has filled. Completes when the broker has the request. The first is reported as
     * {@link ExecutionReport.Kind#REPLACED} or {@link ExecutionReport.Kind#CANCELED}, or as
     * {@link ExecutionReport.Kind#CANCEL_REJECTED} when it goes on as it was. After that the order-queue submits the second
     * for exactly what is left, which a broker that has it already passes over, as with any order that comes again.
     *
     * <p>Unless a venue can do better, the first is canceled.
     *
     * @param orderId the order that is to end
     * @param replacement the order that comes in its place
     */
    default Future<Void> replace(String orderId, Order replacement) {
        return cancel(List.of(orderId));
    }

    /** Everything the broker knows about an order, empty when it has never seen it. */
    Future<Optional<BrokerOrder>> find(String orderId);

    /**
     * Every order that the broker works for any account, whoever sent it; in no particular order.
     *
     * @param cursor {@link BrokerPage#next} of the page before, {@code null} for the first page. An order that is there
     *     from before the first page is asked for until after the last must be on one of them
     */
    Future<BrokerPage<BrokerOpenOrder>> openOrders(String cursor);

    /**
     * What the broker has executed for any account, whoever sent the order, oldest first. A broker may have forgotten
     * what is older than a while; it must not leave out anything in between.
     *
     * @param sinceMs by the clock of the broker, milliseconds since the epoch
     * @param cursor {@link BrokerPage#next} of the page before, {@code null} for the first page
     */
    Future<BrokerPage<BrokerExecution>> executions(long sinceMs, String cursor);

    /**
     * What the accounts hold at the broker, flat ones left out. Empty when the broker keeps no books of its own, as the
     * paper broker does not: then there is nothing to compare.
     */
    Future<Optional<List<BrokerPosition>>> positions();

    /**
     * The accounts of a partition go to another session; nothing more about them is asked of this one, until they come
     * back. Behind all requests made before. Nothing to do for a venue that all sessions share.
     */
    default Future<Void> letGo(int partition) {
        return Future.succeededFuture();
    }

    Future<Void> close();
}
