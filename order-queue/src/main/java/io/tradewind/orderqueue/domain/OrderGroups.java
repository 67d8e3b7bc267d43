package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderEvent;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderLinks;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The rules about orders that wait for another one, docs/ORDERS.md: legs for the end of their parent, a stop-loss for
 * the end of the take-profit beside it, a replacement for the end of the order that it replaces.
 *
 * <p>Of two exits only one is ever at the broker, so that both together never execute more than there is to exit from,
 * whatever comes late or gets lost. Everything follows from the documents of the open orders: after a crash nothing else
 * is needed. A leg that waits for its parent has the quantity of the parent, and what orders before it in the same place
 * have filled; a replacement that waits has the quantity that was asked for, with what the other one fills meanwhile.
 *
 * <p>Pure, on the thread of its desk.
 */
final class OrderGroups {

    private final Desk desk;
    private final Prices prices;
    /** Open legs by the order that they belong to. */
    private final Map<String, Set<String>> legs = new HashMap<>();
    /** Stop-losses that are held: the market may reach them. */
    private final Set<String> heldStops = new HashSet<>();

    OrderGroups(Desk desk, Prices prices) {
        this.desk = desk;
        this.prices = prices;
    }

    // ---- the index

    /** An order is open, by admission or loading. */
    void opened(Order order) {
        if (order.links().parentId() != null) {
            legs.computeIfAbsent(order.links().parentId(), id -> new LinkedHashSet<>())
                    .add(order.id());
        }
        if (order.status() == OrderStatus.HELD && isStopLoss(order)) {
            heldStops.add(order.id());
        }
    }

    /** An open order is no longer what it was. */
    void changed(Order before, Order after) {
        if (before.links().isNone() && after.links().isNone()) {
            return;
        }
        closed(before);
        if (!after.status().isTerminal()) {
            opened(after);
        }
    }

    private void closed(Order order) {
        heldStops.remove(order.id());
        Set<String> siblings = legs.get(order.links().parentId());
        if (siblings != null && siblings.remove(order.id()) && siblings.isEmpty()) {
            legs.remove(order.links().parentId());
        }
    }

    private List<Order> legsOf(String orderId) {
        return legs.getOrDefault(orderId, Set.of()).stream()
                .map(desk::openOrder)
                .toList();
    }

    private static boolean isExit(Order order) {
        return order.links().parentId() != null || order.orderClass() == OrderClass.OCO;
    }

    private static boolean isStopLoss(Order leg) {
        return leg.links().parentId() != null && leg.type() != OrderType.LIMIT;
    }

    // ---- admission

    /** The legs that an order brings with it, held; empty for most. */
    static List<Order> legsFor(Order parent, Supplier<String> ids, long nowMs) {
        OrderExits exits = parent.terms().exits();
        if (exits.orderClass() == OrderClass.SIMPLE) {
            return List.of();
        }
        List<Order> made = new ArrayList<>();
        boolean besideIt = exits.orderClass() == OrderClass.OCO;
        if (exits.takeProfitLimitPrice() != null && !besideIt) {
            made.add(leg(
                    parent,
                    exit(parent)
                            .type(OrderType.LIMIT)
                            .limitPrice(exits.takeProfitLimitPrice())
                            .priority(parent.priority())
                            .build(),
                    ids.get(),
                    nowMs));
        }
        if (exits.stopLossStopPrice() != null) {
            OrderTerms.Builder stop = exit(parent)
                    .type(exits.stopLossLimitPrice() == null ? OrderType.STOP : OrderType.STOP_LIMIT)
                    .stopPrice(exits.stopLossStopPrice())
                    .limitPrice(exits.stopLossLimitPrice())
                    .priority(Priority.CRITICAL);
            made.add(leg(parent, stop.build(), ids.get(), nowMs));
        }
        return made;
    }

    private static OrderTerms.Builder exit(Order parent) {
        boolean besideIt = parent.orderClass() == OrderClass.OCO;
        Side opposite = parent.side() == Side.BUY ? Side.SELL : Side.BUY;
        return OrderTerms.of(parent.symbol(), besideIt ? parent.side() : opposite)
                .qty(parent.qty())
                .timeInForce(parent.timeInForce());
    }

    private static Order leg(Order parent, OrderTerms terms, String id, long nowMs) {
        return Order.create(
                id,
                parent.accountId(),
                id,
                terms,
                parent.source(),
                OrderStatus.HELD,
                OrderLinks.legOf(parent.id()),
                nowMs);
    }

    /** The order with the ids of its legs. */
    static Order withLegs(Order parent, List<Order> legs) {
        if (legs.isEmpty()) {
            return parent;
        }
        String profit = null;
        String loss = null;
        for (Order leg : legs) {
            profit = isStopLoss(leg) ? profit : leg.id();
            loss = isStopLoss(leg) ? leg.id() : loss;
        }
        return parent.withLinks(parent.links().withLegs(profit, loss));
    }

    // ---- what follows from an end

    /**
     * An order has ended, and that is in the memory of the desk: moves on what waited for it.
     *
     * @param asked whether somebody wanted it canceled
     */
    void ended(Order before, Order after, boolean asked, OrderChanges changes) {
        if (after.links().isNone()) {
            return;
        }
        Order next = replacementOf(after);
        if (next != null) {
            replaced(before, after, next, changes);
        }
        if (after.orderClass() == OrderClass.BRACKET || after.orderClass() == OrderClass.OTO) {
            parentEnded(after, changes);
        }
        Order stop = stopLossBeside(after);
        if (stop != null) {
            exitEnded(after, stop, asked, changes);
        }
    }

    /** The broker goes on with an order that was to be replaced. */
    void kept(Order order, OrderChanges changes) {
        Order next = replacementOf(order);
        if (next != null) {
            cancel(next, "the broker kept order " + order.id() + ", which it was to replace", changes);
        }
    }

    /** The order that waits to take the place of this one, or {@code null}. */
    Order replacementOf(Order order) {
        Order next = desk.openOrder(order.links().replacedBy());
        return next != null && next.status() == OrderStatus.HELD ? next : null;
    }

    /** The order that this one waits for to take its place, or {@code null}. */
    Order toBeReplacedBy(Order held) {
        return desk.openOrder(held.links().replaces());
    }

    private void replaced(Order before, Order after, Order next, OrderChanges changes) {
        if (after.status() != OrderStatus.REPLACED) {
            cancel(
                    next,
                    "order " + after.id() + ", which it was to replace, is "
                            + after.status().text(),
                    changes);
            return;
        }
        BigDecimal rest = next.qty().subtract(after.filledQty());
        if (rest.signum() <= 0) {
            cancel(next, "order " + after.id() + " had filled all of it before it was replaced", changes);
            return;
        }
        Order sized = next.withQty(rest);
        for (Order leg : legsOf(after.id())) {
            BigDecimal moved = after.orderClass() == OrderClass.OCO
                    ? rest
                    : leg.qty().subtract(after.leavesQty()).add(rest);
            changes.change(leg, leg.withQty(moved).withLinks(leg.links().withParent(next.id())));
        }
        if (before.status() == OrderStatus.HELD) {
            changes.change(next, sized);
        } else if (isExit(sized) || desk.canAfford(sized)) {
            changes.release(next, sized.after(OrderEvent.RELEASED, changes.nowMs(), null));
        } else {
            Order over = sized.after(OrderEvent.CANCELED, changes.nowMs(), "the account cannot afford it any more");
            changes.change(next, over);
            ended(next, over, true, changes);
        }
    }

    /** The legs become what the parent has filled, or end with it. */
    private void parentEnded(Order parent, OrderChanges changes) {
        List<Order> held = legsOf(parent.id());
        if (held.isEmpty()) {
            return;
        }
        Order first = held.stream().filter(leg -> !isStopLoss(leg)).findFirst().orElse(held.get(0));
        BigDecimal filled = first.qty().subtract(parent.leavesQty());
        BigDecimal qty = filled.min(desk.closable(first));
        if (qty.signum() <= 0) {
            String why = filled.signum() <= 0
                    ? "nothing of order " + parent.id() + " was filled"
                    : "nothing of what order " + parent.id() + " has filled is left";
            held.forEach(leg -> cancel(leg, why, changes));
            return;
        }
        for (Order leg : held) {
            if (leg.id().equals(first.id())) {
                release(leg, qty, changes);
            } else {
                changes.change(leg, leg.withQty(qty));
            }
        }
    }

    /** The stop-loss that is held because this order is the exit that works, or {@code null}. */
    private Order stopLossBeside(Order exit) {
        String group =
                exit.orderClass() == OrderClass.OCO ? exit.id() : exit.links().parentId();
        if (group == null || isStopLoss(exit)) {
            return null;
        }
        for (Order leg : legsOf(group)) {
            if (leg.status() == OrderStatus.HELD && isStopLoss(leg) && toBeReplacedBy(leg) == null) {
                return leg;
            }
        }
        return null;
    }

    /** The take-profit has ended: the stop-loss gets the rest, or ends with it. */
    private void exitEnded(Order exit, Order stop, boolean asked, OrderChanges changes) {
        BigDecimal rest = stop.qty().subtract(exit.filledQty());
        if (rest.signum() <= 0) {
            cancel(stop, "the other exit was filled", changes);
            return;
        }
        if (exit.status() == OrderStatus.REPLACED && desk.openOrder(exit.links().replacedBy()) != null) {
            changes.change(stop, stop.withQty(rest));
            return;
        }
        boolean protects = stop.isTriggered()
                || exit.status() == OrderStatus.REJECTED
                || (exit.status() == OrderStatus.CANCELED && !asked);
        BigDecimal qty = rest.min(desk.closable(stop));
        if (protects && qty.signum() > 0) {
            release(stop, qty, changes);
        } else {
            cancel(stop, "the other exit is " + exit.status().text(), changes);
        }
    }

    private static void release(Order held, BigDecimal qty, OrderChanges changes) {
        changes.release(held, held.withQty(qty).after(OrderEvent.RELEASED, changes.nowMs(), null));
    }

    private static void cancel(Order held, String why, OrderChanges changes) {
        changes.change(held, held.after(OrderEvent.CANCELED, changes.nowMs(), why));
    }

    // ---- what is wanted ended

    /** All that ends together with a leg that somebody wants canceled: the other leg, and the parent. */
    List<Order> group(Order leg) {
        List<Order> group = new ArrayList<>();
        Order parent = desk.openOrder(leg.links().parentId());
        if (parent != null) {
            group.add(parent);
        }
        group.addAll(legsOf(leg.links().parentId()));
        group.removeIf(other -> other.id().equals(leg.id()));
        return group;
    }

    /** A held stop-loss that the market has reached, and the exit that has to end before it works. */
    record Reached(Order stop, Order exit) {}

    List<Reached> reached() {
        if (heldStops.isEmpty()) {
            return List.of();
        }
        List<Reached> reached = new ArrayList<>();
        for (String id : heldStops) {
            Order stop = desk.openOrder(id);
            Order exit = workingBeside(stop);
            boolean ends =
                    exit == null || exit.status() == OrderStatus.HELD || exit.status() == OrderStatus.PENDING_CANCEL;
            if (!ends && (stop.isTriggered() || isReached(stop))) {
                reached.add(new Reached(stop, exit));
            }
        }
        return reached;
    }

    private Order workingBeside(Order stop) {
        Order parent = desk.openOrder(stop.links().parentId());
        if (parent != null) {
            return parent.orderClass() == OrderClass.OCO ? parent : null;
        }
        for (Order leg : legsOf(stop.links().parentId())) {
            if (!isStopLoss(leg) && leg.status() != OrderStatus.HELD) {
                return leg;
            }
        }
        return null;
    }

    /** By the last trade: at the stop price or beyond it. */
    private boolean isReached(Order stop) {
        BigDecimal last = prices.last(stop.symbol());
        if (last == null) {
            return false;
        }
        int gap = last.compareTo(stop.stopPrice());
        return stop.side() == Side.SELL ? gap <= 0 : gap >= 0;
    }

    /** The command that would place this order, for the rules of admission. */
    static PlaceOrder commandOf(Order order) {
        return new PlaceOrder(
                order.accountId(), order.clientOrderId(), order.terms(), order.source(), order.clientOrderId());
    }
}
