package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;

/**
 * The limits on one order for itself: quantity, value, price collar. Pure; allocates only what it denies with, but for
 * two products where a limit asks for them.
 */
final class OrderLimits {

    private OrderLimits() {}

    static Denial check(OrderTerms terms, RiskLimits limits, Quote quote) {
        if (limits.maxOrderQty() != null && terms.qty().compareTo(limits.maxOrderQty()) > 0) {
            return Denial.of(
                    DenialCode.RISK_MAX_ORDER_QTY,
                    "qty " + terms.qty().toPlainString() + " is more than max_order_qty "
                            + limits.maxOrderQty().toPlainString(),
                    terms.notional() != null ? "notional" : "qty");
        }
        if (limits.maxOrderNotional() != null) {
            BigDecimal value = OrderValue.of(terms, quote);
            if (value.compareTo(limits.maxOrderNotional()) > 0) {
                return Denial.of(
                        DenialCode.RISK_MAX_ORDER_NOTIONAL,
                        "the order is worth " + value.toPlainString() + ", more than max_order_notional "
                                + limits.maxOrderNotional().toPlainString(),
                        terms.notional() != null ? "notional" : "qty");
            }
        }
        return limits.priceCollar() == null || terms.limitPrice() == null
                ? null
                : collar(terms, limits.priceCollar(), quote);
    }

    /**
     * A limit that is worse than the last price by more than the collar: a buy above it, a sell below it. A limit on the
     * other side waits, and harms nobody. Of a stop-limit order the stop price counts as the last one, as it will be
     * then.
     */
    private static Denial collar(OrderTerms terms, BigDecimal collar, Quote quote) {
        boolean buys = terms.side() == Side.BUY;
        BigDecimal last = terms.stopPrice() != null ? terms.stopPrice() : quote.last();
        BigDecimal bound = last.multiply(buys ? BigDecimal.ONE.add(collar) : BigDecimal.ONE.subtract(collar));
        int compared = terms.limitPrice().compareTo(bound);
        return (buys ? compared <= 0 : compared >= 0) ? null : denial(terms, collar, last, bound);
    }

    private static Denial denial(OrderTerms terms, BigDecimal collar, BigDecimal last, BigDecimal bound) {
        return Denial.of(
                DenialCode.RISK_PRICE_COLLAR,
                "limit_price " + terms.limitPrice().toPlainString() + " is "
                        + (terms.side() == Side.BUY ? "above " : "below ")
                        + bound.toPlainString() + ", which is " + collar.toPlainString() + " (price_collar) away from "
                        + (terms.stopPrice() != null ? "stop_price " : "the last price ") + last.toPlainString(),
                "limit_price");
    }
}
