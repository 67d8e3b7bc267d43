package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderEdit;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import java.math.BigDecimal;

/**
 * The rules about putting an order in the place of another one: which orders can be replaced, and by what. The quantity
 * of an edit is the whole: what the order, and those that it has replaced, have filled already counts.
 */
final class ReplaceRules {

    private ReplaceRules() {}

    /** @return why an order cannot be replaced now, or {@code null} */
    static Denial refusal(Order order, OrderEdit edit, OrderGroups groups) {
        String id = order.id();
        if (order.status() == OrderStatus.PENDING_CANCEL) {
            return notReplaceable("order " + id + " is being canceled");
        }
        if (order.status() == OrderStatus.PENDING_REPLACE) {
            return notReplaceable("order " + id + " is being replaced by order "
                    + order.links().replacedBy() + " already");
        }
        if (order.status() == OrderStatus.HELD && groups.toBeReplacedBy(order) != null) {
            return notReplaceable(
                    "order " + id + " waits for order " + order.links().replaces() + ", which it replaces, to end");
        }
        if (order.status() == OrderStatus.HELD && order.isTriggered()) {
            return notReplaceable("order " + id + " has been triggered");
        }
        return fields(order, edit);
    }

    private static Denial notReplaceable(String why) {
        return Denial.of(DenialCode.ORDER_NOT_REPLACEABLE, why, null);
    }

    private static Denial fields(Order order, OrderEdit edit) {
        OrderType type = order.type();
        if (edit.limitPrice() != null && !type.hasLimit()) {
            return wrong(
                    "limit_price",
                    "goes with limit and stop_limit orders only; this one is a " + type.text() + " order");
        }
        if (edit.stopPrice() != null && !type.hasStop()) {
            return wrong(
                    "stop_price", "goes with stop and stop_limit orders only; this one is a " + type.text() + " order");
        }
        if (edit.trail() != null && type != OrderType.TRAILING_STOP) {
            return wrong("trail", "goes with trailing_stop orders only; this one is a " + type.text() + " order");
        }
        if (edit.qty() == null) {
            return null;
        }
        if (order.links().parentId() != null) {
            return wrong("qty", "of an exit follows from what there is to exit from");
        }
        if (edit.qty().compareTo(order.filledQty()) <= 0) {
            return wrong(
                    "qty",
                    "must be above " + order.filledQty().toPlainString() + ", what is filled of it already, not "
                            + edit.qty().toPlainString());
        }
        return null;
    }

    private static Denial wrong(String field, String rule) {
        return Denial.of(DenialCode.REQUEST_FIELD_INVALID, field + " " + rule, field);
    }

    /** The terms of the order that comes in place of {@code order}, for the whole quantity. */
    static OrderTerms terms(Order order, OrderEdit edit) {
        OrderTerms terms = order.terms();
        return terms.toBuilder()
                .qty(or(edit.qty(), terms.qty()))
                .notional(edit.qty() == null ? terms.notional() : null)
                .timeInForce(edit.timeInForce() == null ? terms.timeInForce() : edit.timeInForce())
                .limitPrice(or(edit.limitPrice(), terms.limitPrice()))
                .stopPrice(or(edit.stopPrice(), terms.stopPrice()))
                .trailPrice(terms.trailPrice() == null ? null : or(edit.trail(), terms.trailPrice()))
                .trailPercent(terms.trailPercent() == null ? null : or(edit.trail(), terms.trailPercent()))
                .build();
    }

    private static BigDecimal or(BigDecimal edited, BigDecimal before) {
        return edited == null ? before : edited;
    }
}
