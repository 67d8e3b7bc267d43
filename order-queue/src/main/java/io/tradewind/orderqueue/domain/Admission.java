package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.Transaction;

/** What a desk says to an order that somebody wants placed. */
public sealed interface Admission {

    /**
     * It is taken, once the transaction is durable; then {@link Desk#enqueue} puts it into its lane, or it goes to the
     * broker at once when it {@link #leaves}.
     *
     * @param json the order as the transaction stores it
     */
    record Admitted(Order order, Json json, Transaction transaction) implements Admission {

        /**
         * Whether it need not wait for a turn: nobody else does, and the broker has room. Its transaction says already
         * that it may be at the broker, so that it is sent as soon as that is durable.
         */
        public boolean leaves() {
            return order.status() == OrderStatus.PENDING_NEW;
        }
    }

    /** There is an order with this client order id already; whether it has the same content is still to be seen. */
    record Known(String orderId) implements Admission {}

    record Denied(Denial denial) implements Admission {}
}
