package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a sum of money comes to in units, decided once, when the order is admitted: <em>notional / price, rounded down to
 * the lot</em>. The price is the limit price where there is one, else the stop price where there is one, else the far side of
 * the quote: the ask for a buy, the bid for a sell. So an order never costs more than its notional at that price.
 */
final class Notionals {

    private Notionals() {}

    /**
     * @param lot smallest step of a quantity
     * @return {@code command} itself when it has a quantity; with one of zero when the notional is too small for a lot, or
     *     there is no price
     */
    static PlaceOrder sized(PlaceOrder command, Quote quote, BigDecimal lot) {
        OrderTerms terms = command.terms();
        if (terms.notional() == null || terms.qty() != null) {
            return command;
        }
        BigDecimal price = price(terms, quote);
        BigDecimal qty = price == null || price.signum() <= 0
                ? BigDecimal.ZERO
                : terms.notional()
                        .divide(price.multiply(lot), 0, RoundingMode.DOWN)
                        .multiply(lot);
        return command.withTerms(terms.withQty(qty));
    }

    private static BigDecimal price(OrderTerms terms, Quote quote) {
        if (terms.limitPrice() != null) {
            return terms.limitPrice();
        }
        if (terms.stopPrice() != null) {
            return terms.stopPrice();
        }
        if (quote == null) {
            return null;
        }
        return terms.side() == Side.BUY ? quote.ask() : quote.bid();
    }
}
