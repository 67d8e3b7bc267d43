package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Transaction;
import java.util.List;

/**
 * Orders on their way to the broker.
 *
 * @param transaction writes them as {@code pending_new}; must be durable before the broker sees the orders
 */
public record Dispatch(Transaction transaction, List<Order> orders) {}
