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

    /** Orders that went together: which sending it was, and when. */
    private record Sending(long number, long atMs) {
        static final long NO_TIME = Long.MIN_VALUE;
    }

    private static final Sending UNSENT = new Sending(Long.MAX_VALUE, Sending.NO_TIME);

    /** An answer of which it is not known when the order was sent. */
    static final long UNTIMED = -1;

    /** With which sending each went; {@link #UNSENT} until its dispatch is durable. Bounded by what a desk dispatches. */
    private final Map<String, Sending> sendingOf = new HashMap<>();

    /** Never seen by the broker: they wait in their lane again. */
    private final Set<String> unsent = new HashSet<>();

    private long sendings;

    /** An order that was read, and may have been sent by an earlier desk. */
    void mayBeSent(String orderId) {
        sendingOf.put(orderId, new Sending(sendings, Sending.NO_TIME));
    }

    /** An order is dispatched: its place is taken, and it is sent when that is durable. */
    void dispatched(String orderId) {
        sendingOf.put(orderId, UNSENT);
    }

    /** Those of the orders that have not been answered for meanwhile are sent now. */
    void sent(List<Order> orders, long nowMs) {
        Sending sending = new Sending(++sendings, nowMs);
        orders.forEach(order -> sendingOf.computeIfPresent(order.id(), (id, before) -> sending));
    }

    /**
     * The broker has the order, or it is over.
     *
     * @return how long the broker took, in milliseconds; {@link #UNTIMED} when it was not on its way, or sent by an
     *     earlier desk
     */
    long answered(String orderId, long nowMs) {
        Sending sending = sendingOf.remove(orderId);
        unsent.remove(orderId);
        return sending == null || sending.atMs == Sending.NO_TIME ? UNTIMED : Math.max(0, nowMs - sending.atMs);
    }

    /** Nothing can happen to the order any more. */
    void over(String orderId) {
        sendingOf.remove(orderId);
        unsent.remove(orderId);
    }

    /** The order is not on its way after all; whether it is sent again is a question of its own. */
    void gone(String orderId) {
        sendingOf.remove(orderId);
    }

    /** Whether an order was dispatched or sent after so many {@link #sendings}. */
    boolean sentSince(String orderId, long askedAfter) {
        Sending sending = sendingOf.get(orderId);
        return sending != null && sending.number > askedAfter;
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
