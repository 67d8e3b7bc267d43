package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import java.math.BigDecimal;

/**
 * What an order of a {@link Desk} is checked against before it is admitted, and in which order: the first rule that it
 * breaks is the answer. The rules themselves are in {@link OrderChecks}, {@link RiskChecks}, {@link LossWatch},
 * {@link AdmissionPause} and {@link Backlog}.
 *
 * <p>Pure, on the thread of its desk.
 */
final class AdmissionChecks {

    private final DeskLimits limits;
    private final Prices prices;
    private final AdmissionPause pause;
    private final RiskChecks riskChecks;
    private final LossWatch losses;
    private final Departures departures;

    AdmissionChecks(
            DeskLimits limits,
            Prices prices,
            AdmissionPause pause,
            RiskChecks riskChecks,
            LossWatch losses,
            Departures departures) {
        this.limits = limits;
        this.prices = prices;
        this.pause = pause;
        this.riskChecks = riskChecks;
        this.losses = losses;
        this.departures = departures;
    }

    /**
     * @param reserve what the order may take, see {@link #reserve}
     * @param replaced the order that this one is to take the place of, which holds nothing back now; or {@code null}
     * @return why the order is not admitted, or {@code null}
     */
    Denial denial(
            PlaceOrder command, TradingState state, Account account, BigDecimal reserve, Order replaced, long nowMs) {
        Denial denial = beforeState(command, account, nowMs);
        if (denial == null) {
            denial = OrderChecks.tradingState(command, state, account);
        }
        if (denial == null) {
            denial = pause.denial(nowMs);
        }
        if (denial == null) {
            denial = riskChecks.check(command.terms(), account, replaced);
        }
        if (denial == null) {
            denial = capacity(command, account, nowMs);
        }
        if (denial == null) {
            denial = OrderChecks.means(command, account, reserve, prices);
        }
        return denial == null ? riskChecks.shorting(command.terms(), account, null) : denial;
    }

    /**
     * Of an order in place of one that waits for another one: an exit that waits holds nothing back and makes a position
     * smaller; but while an account is halted nothing is taken.
     *
     * @return why the order is not admitted, or {@code null}
     */
    Denial heldDenial(PlaceOrder command, TradingState state, Account account, long nowMs) {
        Denial denial = beforeState(command, account, nowMs);
        return denial == null && state == TradingState.HALTED
                ? OrderChecks.tradingState(command, state, account)
                : denial;
    }

    private Denial beforeState(PlaceOrder command, Account account, long nowMs) {
        Denial denial = riskChecks.rate(account, nowMs);
        if (denial == null) {
            denial = OrderChecks.form(command, prices);
        }
        return denial == null ? losses.denial(account) : denial;
    }

    private Denial capacity(PlaceOrder command, Account account, long nowMs) {
        if (account.openOrders().size() + command.terms().exits().orderClass().legs() >= limits.maxOpenPerAccount()) {
            return new Denial(
                    DenialCode.QUEUE_ACCOUNT_FULL,
                    "account has " + limits.maxOpenPerAccount() + " open orders, its limit",
                    null,
                    Desk.RETRY_AFTER_MS);
        }
        return departures.denial(command.priority(), nowMs);
    }

    /** Whether the account has what an order that waited would take. */
    boolean canAfford(Order held, Account account) {
        BigDecimal reserve = reserve(held.terms(), held.leavesQty());
        return OrderChecks.means(OrderGroups.commandOf(held), account, reserve, prices) == null;
    }

    /** What an order may take: of a buy its cost, of a sell what it would bind as a short one. */
    BigDecimal reserve(OrderTerms terms, BigDecimal qty) {
        Quote quote = prices.quote(terms.symbol());
        return terms.side() == Side.SELL
                ? OrderChecks.margin(limits.accounts(), terms.symbol(), qty, terms.limitPrice(), quote)
                : OrderChecks.reserve(terms, qty, quote, limits.marketCollar());
    }
}
