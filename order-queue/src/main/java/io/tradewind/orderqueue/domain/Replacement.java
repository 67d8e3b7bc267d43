package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Transaction;

/** What a desk says to somebody who wants an order replaced. */
public sealed interface Replacement {

    /**
     * It is taken, once the transaction is durable.
     *
     * @param replacement the new order, as the transaction stores it
     * @param json its document
     * @param atBroker the order that the broker is to end in its favour; {@code null} when the broker has never had it
     */
    record Taken(Order replacement, Json json, Transaction transaction, String atBroker) implements Replacement {}

    /** There is an order with this client order id already; whether it is the replacement is still to be seen. */
    record Known(String orderId) implements Replacement {}

    /** The order is not open: it is over, or there is none. */
    record NotOpen() implements Replacement {}

    record Denied(Denial denial) implements Replacement {}
}
