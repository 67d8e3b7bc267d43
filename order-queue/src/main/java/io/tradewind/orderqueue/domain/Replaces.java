package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderEvent;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Cause;
import java.math.BigDecimal;
import java.util.function.Supplier;

/**
 * Puts an order of a {@link Desk} in the place of an open one. One that the broker has never had is replaced at once;
 * another one is to end first, and the new one waits for that. Which orders can be replaced, and by what, is in
 * {@link ReplaceRules}.
 *
 * <p>Pure, on the thread of its desk; holds nothing.
 */
final class Replaces {

    private final Desk desk;
    private final OrderGroups groups;
    private final AdmissionChecks checks;
    private final Supplier<String> ids;

    /** @param ids makes new UUIDv7 texts */
    Replaces(Desk desk, OrderGroups groups, AdmissionChecks checks, Supplier<String> ids) {
        this.desk = desk;
        this.groups = groups;
        this.checks = checks;
        this.ids = ids;
    }

    Replacement decide(ReplaceOrder command, TradingState state, long nowMs) {
        String known = desk.orderIdOf(command.accountId(), command.clientOrderId());
        if (known != null) {
            return new Replacement.Known(known);
        }
        Order order = desk.openOrder(command.orderId());
        if (order == null || !order.accountId().equals(command.accountId())) {
            return new Replacement.NotOpen();
        }
        Denial refusal = ReplaceRules.refusal(order, command.edit(), groups);
        if (refusal != null) {
            return new Replacement.Denied(refusal);
        }
        OrderTerms terms = ReplaceRules.terms(order, command.edit());
        Denial denial = denial(order, terms, command, state, nowMs);
        return denial == null ? take(order, terms, command, nowMs) : new Replacement.Denied(denial);
    }

    private Replacement.Taken take(Order order, OrderTerms terms, ReplaceOrder command, long nowMs) {
        Order next = Order.create(
                ids.get(),
                order.accountId(),
                command.clientOrderId(),
                terms,
                command.source(),
                OrderStatus.HELD,
                order.links().withReplaces(order.id()).withReplacedBy(null),
                nowMs);
        OrderChanges changes = new OrderChanges(desk, nowMs);
        changes.hold(next);
        Order linked = order.withLinks(order.links().withReplacedBy(next.id()));
        boolean here = order.status() == OrderStatus.HELD || desk.isQueued(order);
        Order after = linked.after(here ? OrderEvent.REPLACED : OrderEvent.REPLACE_REQUESTED, nowMs, null);
        changes.change(order, after);
        if (here) {
            groups.ended(order, after, true, changes);
        }
        Order stored = changes.latest(next.id());
        Cause cause = new Cause(command.correlationId(), command.clientOrderId(), command.source());
        return new Replacement.Taken(
                stored, stored.toJson(), desk.transaction(cause, changes.mutations()), here ? null : order.id());
    }

    /** Why what is left to be filled could not be admitted as an order, if the first one were not there. */
    private Denial denial(Order order, OrderTerms terms, ReplaceOrder command, TradingState state, long nowMs) {
        Account account = desk.account(order.accountId());
        OrderTerms rest = terms.withQty(terms.qty().subtract(order.filledQty()));
        PlaceOrder like = new PlaceOrder(
                order.accountId(), command.clientOrderId(), rest, command.source(), command.correlationId());
        if (order.status() == OrderStatus.HELD) {
            return checks.heldDenial(like, state, account, nowMs);
        }
        BigDecimal reserve = checks.reserve(rest, rest.qty());
        return account.without(
                order,
                checks.reserve(order.terms(), order.leavesQty()),
                () -> checks.denial(like, state, account, reserve, order, nowMs));
    }
}
