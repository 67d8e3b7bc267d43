package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Asset;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;

/**
 * All that new orders are checked against beside form, money and room in the queue, in this order: what the instrument
 * allows, the limits on one order, the number of open orders, self-trades, the position. Cheap and fundamental rules come
 * first; the first that is broken is what the sender is told. {@link #rate} and {@link #shorting} stand apart, since they
 * are the very first and the very last of all checks.
 *
 * <p>A few comparisons per order and no look at other orders. Pure, on the thread of its desk.
 */
final class RiskChecks {

    private final Risk risk;
    private final Prices prices;
    private final BigDecimal room;

    /** @param room what a market order may pay beyond the quote, as a fraction of it */
    RiskChecks(Risk risk, Prices prices, BigDecimal room) {
        this.risk = risk;
        this.prices = prices;
        this.room = room;
    }

    /** Whether the account may place another order now; counts it when it may. The first of all checks. */
    Denial rate(Account account, long nowMs) {
        return risk.orderRate(account.id(), risk.limits().of(account.id()), nowMs);
    }

    /**
     * @param terms with a quantity, for an instrument that has a quote
     * @param replaced the order that these terms are to take the place of, or {@code null}
     */
    Denial check(OrderTerms terms, Account account, Order replaced) {
        Quote quote = prices.quote(terms.symbol());
        RiskLimits limits = risk.limits().of(account.id());
        Asset asset = risk.instruments().of(terms.symbol());
        BigDecimal held = account.position(terms.symbol()).qty();
        Denial denial = InstrumentRules.check(terms, asset, quote, reduces(terms, held));
        if (denial == null) {
            denial = OrderLimits.check(terms, limits, quote);
        }
        if (denial == null && replaced == null) {
            denial = openOrders(limits, account);
        }
        if (denial == null && limits.preventSelfTrades()) {
            denial = SelfTrade.check(terms, account.book(), quote, room);
        }
        if (denial == null) {
            denial = PositionLimit.check(terms, limits, held, open(terms, account, replaced), quote.last());
        }
        return denial;
    }

    /** An order that replaces another takes its place. */
    private static Denial openOrders(RiskLimits limits, Account account) {
        int open = account.openOrders().size();
        return limits.maxOpenOrders() == null || open < limits.maxOpenOrders()
                ? null
                : Denial.of(
                        DenialCode.RISK_MAX_OPEN_ORDERS,
                        "the account has " + open + " open orders; max_open_orders is " + limits.maxOpenOrders(),
                        null);
    }

    /** The last check of all: an account that might sell short may not sell this short. */
    Denial shorting(OrderTerms terms, Account account, Order replaced) {
        if (terms.side() == Side.BUY || risk.instruments().of(terms.symbol()).shortable()) {
            return null;
        }
        BigDecimal sellable = account.sellable(terms.symbol());
        if (replaced != null && replaced.side() == Side.SELL) {
            sellable = sellable.add(replaced.leavesQty());
        }
        return terms.qty().compareTo(sellable) <= 0
                ? null
                : Denial.of(
                        DenialCode.RISK_NOT_SHORTABLE,
                        terms.symbol() + " cannot be sold short (requested: "
                                + terms.qty().toPlainString() + ", available: " + sellable.toPlainString() + ")",
                        "qty");
    }

    private static BigDecimal open(OrderTerms terms, Account account, Order replaced) {
        BigDecimal open = account.book().open(terms.symbol(), terms.side());
        return replaced == null || replaced.side() != terms.side() ? open : open.subtract(replaced.leavesQty());
    }

    private static boolean reduces(OrderTerms terms, BigDecimal held) {
        int direction = terms.side() == Side.BUY ? 1 : -1;
        return held.signum() == -direction && terms.qty().compareTo(held.abs()) <= 0;
    }
}
