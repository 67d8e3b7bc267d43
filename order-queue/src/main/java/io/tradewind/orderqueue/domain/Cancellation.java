package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderEvent;
import io.tradewind.contracts.orders.OrderStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries out that orders are wanted ended: those that the broker has never had end at once, the broker is to be asked
 * about the others. Lives as long as the decision.
 */
final class Cancellation {

    private final Desk desk;
    private final OrderGroups groups;
    private final OrderChanges changes;
    private final String why;
    private final List<String> atBroker = new ArrayList<>();

    Cancellation(Desk desk, OrderGroups groups, OrderChanges changes, String why) {
        this.desk = desk;
        this.groups = groups;
        this.changes = changes;
        this.why = why;
    }

    /** Orders that the broker is to be asked to cancel. */
    List<String> atBroker() {
        return atBroker;
    }

    /**
     * Somebody wants an order canceled. With one that waits goes what it waits for: the order that it is to replace, or
     * its parent and the other leg.
     */
    void cancel(Order order) {
        if (order.status() != OrderStatus.HELD) {
            end(order);
            return;
        }
        Order replaced = groups.toBeReplacedBy(order);
        List<Order> others = replaced != null ? List.of(replaced) : groups.group(order);
        drop(order);
        for (Order other : others) {
            Order now = desk.openOrder(other.id());
            if (now != null && now.status() == OrderStatus.HELD) {
                drop(now);
            } else if (now != null) {
                end(now);
            }
        }
    }

    /** An order that waits for no other one is to end. */
    void end(Order order) {
        if (order.status() == OrderStatus.PENDING_CANCEL) {
            atBroker.add(order.id());
            return;
        }
        if (desk.isQueued(order)) {
            Order after = order.after(OrderEvent.CANCELED, changes.nowMs(), why);
            changes.change(order, after);
            groups.ended(order, after, true, changes);
            return;
        }
        Order replacement = groups.replacementOf(order);
        if (replacement != null) {
            drop(replacement);
        }
        changes.change(order, order.after(OrderEvent.CANCEL_REQUESTED, changes.nowMs(), null));
        atBroker.add(order.id());
    }

    private void drop(Order held) {
        changes.change(held, held.after(OrderEvent.CANCELED, changes.nowMs(), why));
    }
}
