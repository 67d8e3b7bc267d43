package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderEvent;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.Priority;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of the open orders of a {@link Desk} to the broker: which of them wait ({@link Backlog}), how many it may have
 * unanswered ({@link InFlightLimit}), and which were sent ({@link InFlight}).
 *
 * <p>Pure, on the thread of its desk.
 */
final class Departures {

    private final Desk desk;
    private final Backlog backlog;
    private final InFlight inFlight = new InFlight();
    private final InFlightLimit limit;
    private List<Long> newLatenciesMs = new ArrayList<>();

    Departures(Desk desk, DeskLimits limits) {
        this.desk = desk;
        this.backlog = new Backlog(limits.maxLane(), limits.maxQueueDelayMs());
        this.limit = new InFlightLimit(limits.maxInFlight());
    }

    static boolean isSent(Order order) {
        return order.status() != OrderStatus.ACCEPTED && order.status() != OrderStatus.HELD;
    }

    // ---- what comes

    /** An open order that was read: it waits again, or may have been sent by an earlier desk. */
    void load(Order order) {
        if (order.status() == OrderStatus.ACCEPTED) {
            backlog.load(order.priority(), order.id());
        } else if (isSent(order)) {
            inFlight.mayBeSent(order.id());
        }
    }

    /** Why no more orders of a lane are taken; {@code null} when they are. */
    Denial denial(Priority lane, long nowMs) {
        return backlog.denial(lane, nowMs);
    }

    /** Whether an order can leave at once: nobody waits, and the broker may have one more. */
    boolean isFree() {
        return backlog.isIdle() && inFlight.size() < limit.current();
    }

    /** An order is admitted as sent; it is sent when that is durable. */
    void leaves(Order order) {
        inFlight.dispatched(order.id());
    }

    /** An order is admitted, and waits for its turn from {@link #arrived} on. */
    void arriving(Order order) {
        backlog.arriving(order.priority());
    }

    /** An admitted order is durable. */
    void arrived(Order order, long nowMs) {
        backlog.arrived(order.priority(), order.id(), nowMs);
    }

    /** An order that waited for another one waits for its turn from now on. */
    void released(Order order, long nowMs) {
        backlog.add(order.priority(), order.id(), nowMs);
    }

    // ---- what goes

    /** The next orders for the broker, as many as it may have unanswered; empty when there are none. */
    List<Order> next(int most, long nowMs) {
        int room = Math.min(most, limit.current() - inFlight.size());
        if (room <= 0 || backlog.isEmpty()) {
            return List.of();
        }
        List<Order> orders = new ArrayList<>();
        String next;
        while (orders.size() < room && (next = backlog.take(nowMs)) != null) {
            Order order = desk.openOrder(next);
            if (order == null || (order.status() != OrderStatus.ACCEPTED && !inFlight.takeToSendAgain(next))) {
                continue; // canceled while it waited, or the broker has it after all
            }
            Order pending =
                    order.status() == OrderStatus.ACCEPTED ? order.after(OrderEvent.DISPATCHED, nowMs, null) : order;
            desk.account(order.accountId()).changeOpen(order, pending);
            inFlight.dispatched(order.id());
            orders.add(pending);
        }
        return orders;
    }

    /** Their dispatch is durable, and they are sent to the broker now. */
    void sent(List<Order> orders, long nowMs) {
        inFlight.sent(orders, nowMs);
    }

    /** How often orders were sent so far. */
    long sendings() {
        return inFlight.sendings();
    }

    /** The broker has never seen an order: it is not on its way. */
    void gone(String orderId) {
        inFlight.gone(orderId);
    }

    /** An order that is not on its way after all is queued again, unless it is already. */
    void sendAgain(Order order, long nowMs) {
        if (inFlight.sendAgain(order.id())) {
            backlog.add(order.priority(), order.id(), nowMs);
        }
    }

    /** The broker has an open order, whatever it says about it. */
    void answered(String orderId, long nowMs) {
        int before = inFlight.size();
        long latencyMs = inFlight.answered(orderId, nowMs);
        if (latencyMs != InFlight.UNTIMED) {
            limit.answered(latencyMs, before, nowMs);
            newLatenciesMs.add(latencyMs);
        }
    }

    /** Nothing can happen to an order any more. */
    void over(Order order) {
        inFlight.over(order.id());
        backlog.remove(order.priority(), order.id());
    }

    // ---- questions

    /** Whether an open order waits in its lane, so that the broker cannot have it. */
    boolean isQueued(Order order) {
        return order.status() == OrderStatus.ACCEPTED || inFlight.isToSendAgain(order.id());
    }

    /** Whether an order was dispatched or sent after so many {@link #sendings}. */
    boolean sentSince(String orderId, long askedAfter) {
        return inFlight.sentSince(orderId, askedAfter);
    }

    /** Whether an open order is dispatched or sent since the broker was asked, or waits to be sent again. */
    boolean isOnItsWay(String orderId, long askedAfter) {
        return inFlight.sentSince(orderId, askedAfter) || inFlight.isToSendAgain(orderId);
    }

    /** See {@link Desk#takeLatenciesMs}. */
    List<Long> takeLatenciesMs() {
        List<Long> taken = newLatenciesMs;
        newLatenciesMs = new ArrayList<>();
        return taken;
    }

    int queued(Priority lane) {
        return backlog.depth(lane);
    }

    int laneLimit(Priority lane) {
        return backlog.limit(lane);
    }

    /** The id of the order that has waited longest in a lane. */
    String oldest(Priority lane) {
        return backlog.oldest(lane);
    }

    double drainPerSecond() {
        return backlog.drainPerSecond();
    }

    int inFlight() {
        return inFlight.size();
    }

    int inFlightLimit() {
        return limit.current();
    }
}
