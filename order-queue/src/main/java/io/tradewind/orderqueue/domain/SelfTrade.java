package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;

/**
 * Self-trade prevention: an order must not be able to trade with a limit order of the same account that rests on the
 * other side. A limit order goes to its limit; a market order to the far side of the quote and the room that a market
 * order holds back beyond it. An order that waits for its stop price trades with nobody yet and is not looked at, on
 * either side; nor is one that is held for another. Pure.
 */
final class SelfTrade {

    private SelfTrade() {}

    /** @param room what a market order may pay beyond the quote, as a fraction of it */
    static Denial check(OrderTerms terms, OpenBook book, Quote quote, BigDecimal room) {
        boolean buys = terms.side() == Side.BUY;
        if (terms.type() != OrderType.LIMIT && terms.type() != OrderType.MARKET) {
            return null;
        }
        BigDecimal resting = book.best(terms.symbol(), buys ? Side.SELL : Side.BUY);
        if (resting == null) {
            return null;
        }
        BigDecimal reach = terms.limitPrice();
        if (reach == null) {
            reach = buys
                    ? quote.ask().multiply(BigDecimal.ONE.add(room))
                    : quote.bid().multiply(BigDecimal.ONE.subtract(room));
        }
        int compared = reach.compareTo(resting);
        if (buys ? compared < 0 : compared > 0) {
            return null;
        }
        return Denial.of(
                DenialCode.RISK_SELF_TRADE,
                "this " + (buys ? "buy" : "sell") + " could trade with an own order that " + (buys ? "sells" : "buys")
                        + " " + terms.symbol() + " at " + resting.toPlainString()
                        + "; cancel that first, or set a limit that does not reach it",
                terms.limitPrice() != null ? "limit_price" : "side");
    }
}
