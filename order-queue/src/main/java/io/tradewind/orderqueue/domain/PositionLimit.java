package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;

/**
 * How large a position may become, long or short, if all open orders of the order's side were executed and none of the
 * other. An order that only makes a position smaller passes, however large it is. Pure.
 */
final class PositionLimit {

    private PositionLimit() {}

    /**
     * @param held units held, negative when short
     * @param open units that open orders of the same side may still execute, without an order that this one replaces
     * @param last price of the last trade
     */
    static Denial check(OrderTerms terms, RiskLimits limits, BigDecimal held, BigDecimal open, BigDecimal last) {
        if (limits.maxPositionQty() == null && limits.maxPositionNotional() == null) {
            return null;
        }
        boolean buys = terms.side() == Side.BUY;
        BigDecimal after = open.add(terms.qty()).add(buys ? held : held.negate());
        if (after.signum() <= 0) {
            return null;
        }
        if (limits.maxPositionQty() != null && after.compareTo(limits.maxPositionQty()) > 0) {
            return denial(terms, held, open, after, "max_position_qty", limits.maxPositionQty());
        }
        if (limits.maxPositionNotional() == null) {
            return null;
        }
        BigDecimal value = after.multiply(last);
        return value.compareTo(limits.maxPositionNotional()) <= 0
                ? null
                : denial(terms, held, open, value, "max_position_notional", limits.maxPositionNotional());
    }

    private static Denial denial(
            OrderTerms terms, BigDecimal held, BigDecimal open, BigDecimal after, String name, BigDecimal limit) {
        return Denial.of(
                DenialCode.RISK_MAX_POSITION,
                "the position in " + terms.symbol() + " could become " + after.toPlainString()
                        + (terms.side() == Side.BUY ? " long" : " short") + ", more than " + name + " "
                        + limit.toPlainString() + " (held: " + held.toPlainString() + ", in open orders: "
                        + open.toPlainString() + ", requested: " + terms.qty().toPlainString() + ")",
                terms.notional() != null ? "notional" : "qty");
    }
}
