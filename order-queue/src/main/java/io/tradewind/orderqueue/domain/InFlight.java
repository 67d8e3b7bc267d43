package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Order;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which open orders of a {@link Desk} are on their way to the broker without an answer so far, and which were to be sent
 * but never got there. Sendings are counted, so that an answer to a question can be told to be older than a sending.
 *
 * <p>Pure, on the thread of its desk. Nothing of it is stored: after a crash every open order that is not
 * {@code accepted} counts as on its way until the broker was asked.
 */
final class InFlight {

    private static final long UNSENT = Long.MAX_VALUE;

    /** With which sending each went; {@link #UNSENT} until its dispatch is durable. Bounded by what a desk dispatches. */
    private final Map<String, Long> sendingOf = new HashMap<>();

    /** Never seen by the broker: they wait in their lane again. */
    private final Set<String> unsent = new HashSet<>();

    private long sendings;

    /** An order that was read, and may have been sent by an earlier desk. */
    void mayBeSent(String orderId) {
        sendingOf.put(orderId, sendings);
    }

    /** An order is dispatched: its place is taken, and it is sent when that is durable. */
    void dispatched(String orderId) {
        sendingOf.put(orderId, UNSENT);
    }

    /** Those of the orders that have not been answered for meanwhile are sent now. */
    void sent(List<Order> orders) {
        sendings++;
        orders.forEach(order -> sendingOf.computeIfPresent(order.id(), (id, before) -> sendings));
    }

    /** The broker has the order, or it is over. */
    void answered(String orderId) {
        sendingOf.remove(orderId);
        unsent.remove(orderId);
    }

    /** The order is not on its way after all; whether it is sent again is a question of its own. */
    void gone(String orderId) {
        sendingOf.remove(orderId);
    }

    /** Whether an order was dispatched or sent after so many {@link #sendings}. */
    boolean sentSince(String orderId, long askedAfter) {
        return sendingOf.getOrDefault(orderId, askedAfter) > askedAfter;
    }

    /** @return whether this is news: the order does not wait in its lane again already */
    boolean sendAgain(String orderId) {
        return unsent.add(orderId);
    }

    /** Whether an order waits in its lane again. */
    boolean isToSendAgain(String orderId) {
        return unsent.contains(orderId);
    }

    /** Takes an order that waited in its lane again; {@code false} when it did not, or no longer. */
    boolean takeToSendAgain(String orderId) {
        return unsent.remove(orderId);
    }

    /** How often orders were sent so far. */
    long sendings() {
        return sendings;
    }

    int size() {
        return sendingOf.size();
    }
}
