package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Mutation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one decision does to orders: each change is in the memory of the desk at once, and the last state of each order
 * is collected for the one transaction that makes all of it durable. Lives as long as the decision.
 */
final class OrderChanges {

    private final Desk desk;
    private final long nowMs;
    private final Map<String, Order> latest = new LinkedHashMap<>();

    OrderChanges(Desk desk, long nowMs) {
        this.desk = desk;
        this.nowMs = nowMs;
    }

    long nowMs() {
        return nowMs;
    }

    /** A new order that waits for another one. */
    void hold(Order order) {
        desk.hold(order);
        latest.put(order.id(), order);
    }

    void change(Order before, Order after) {
        desk.changeOrder(before, after);
        latest.put(after.id(), after);
    }

    /** An order that waited for another one is queued. */
    void release(Order held, Order released) {
        desk.release(held, released, nowMs);
        latest.put(released.id(), released);
    }

    boolean isEmpty() {
        return latest.isEmpty();
    }

    /** The last state of an order that was changed; {@code null} when it was not. */
    Order latest(String orderId) {
        return latest.get(orderId);
    }

    Collection<Order> orders() {
        return latest.values();
    }

    List<Mutation> mutations() {
        return latest.values().stream()
                .map(order -> new Mutation(Desk.orderKey(order), order.toJson()))
                .toList();
    }
}
