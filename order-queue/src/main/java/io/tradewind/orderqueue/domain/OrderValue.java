package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;

/** What an order is worth, for the rules that ask for money. Pure. */
final class OrderValue {

    private OrderValue() {}

    /**
     * The price that an order is valued at: its limit; else the price that makes it work; else the side of the quote
     * that it would trade with.
     */
    static BigDecimal price(OrderTerms terms, Quote quote) {
        if (terms.limitPrice() != null) {
            return terms.limitPrice();
        }
        if (terms.stopPrice() != null) {
            return terms.stopPrice();
        }
        return terms.side() == Side.BUY ? quote.ask() : quote.bid();
    }

    /** The money that it says itself, or its units at {@link #price}. */
    static BigDecimal of(OrderTerms terms, Quote quote) {
        return terms.notional() != null ? terms.notional() : terms.qty().multiply(price(terms, quote));
    }
}
