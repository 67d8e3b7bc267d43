package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The rules that an order has to pass before it is taken; each says what, which value and which limit. */
final class OrderChecks {

    /** Largest quantity of one order, in units. */
    static final BigDecimal MAX_QTY = BigDecimal.valueOf(1_000_000_000L);

    /** Highest limit price. */
    static final BigDecimal MAX_PRICE = BigDecimal.valueOf(1_000_000_000L);

    private OrderChecks() {}

    /** @return why the order is wrong in itself, or {@code null} */
    static Denial form(PlaceOrder order, Prices prices) {
        if (order.clientOrderId().isEmpty() || order.clientOrderId().length() > PlaceOrder.MAX_CLIENT_ORDER_ID) {
            return Denial.of(
                    DenialCode.REQUEST_FIELD_INVALID,
                    "client_order_id has " + order.clientOrderId().length() + " characters; must have 1 to "
                            + PlaceOrder.MAX_CLIENT_ORDER_ID,
                    "client_order_id");
        }
        if (prices.quote(order.symbol()) == null) {
            return Denial.of(
                    DenialCode.ORDER_SYMBOL_UNKNOWN,
                    "no market data for '" + order.symbol() + "'; known are " + String.join(", ", prices.symbols()),
                    "symbol");
        }
        if (order.terms().notional() != null && order.qty().signum() == 0) {
            return Denial.of(
                    DenialCode.ORDER_NOTIONAL_MIN,
                    "notional " + order.terms().notional().toPlainString() + " does not buy the smallest quantity",
                    "notional");
        }
        if (order.qty().signum() <= 0 || order.qty().compareTo(MAX_QTY) > 0) {
            return Denial.of(
                    DenialCode.ORDER_QTY_INVALID,
                    "qty " + order.qty().toPlainString() + " must be above 0 and at most " + MAX_QTY.toPlainString(),
                    "qty");
        }
        return prices(order.terms());
    }

    private static Denial prices(OrderTerms terms) {
        Denial denial = price("limit_price", terms.limitPrice());
        if (denial == null) {
            denial = price("stop_price", terms.stopPrice());
        }
        if (denial == null) {
            denial = price("trail_price", terms.trailPrice());
        }
        OrderExits exits = terms.exits();
        if (denial != null || exits.orderClass() == OrderClass.SIMPLE) {
            return denial;
        }
        denial = price("take_profit.limit_price", exits.takeProfitLimitPrice());
        if (denial == null) {
            denial = price("stop_loss.stop_price", exits.stopLossStopPrice());
        }
        return denial == null ? price("stop_loss.limit_price", exits.stopLossLimitPrice()) : denial;
    }

    private static Denial price(String field, BigDecimal price) {
        if (price == null || (price.signum() > 0 && price.compareTo(MAX_PRICE) <= 0)) {
            return null;
        }
        return Denial.of(
                DenialCode.ORDER_PRICE_INVALID,
                field + " " + price.toPlainString() + " must be above 0 and at most " + MAX_PRICE.toPlainString(),
                field);
    }

    /** @return why trading is not allowed now, or {@code null} */
    static Denial tradingState(PlaceOrder order, TradingState state, Account account) {
        if (state == TradingState.HALTED) {
            return Denial.of(DenialCode.RISK_TRADING_HALTED, "trading is halted; cancels are still taken", null);
        }
        if (state == TradingState.REDUCING && !reduces(order, account)) {
            return Denial.of(
                    DenialCode.RISK_REDUCING_ONLY,
                    "only orders that make a position smaller are taken; this one does not, position in "
                            + order.symbol() + " is "
                            + account.position(order.symbol()).qty().toPlainString(),
                    "qty");
        }
        return null;
    }

    /** @return why the account cannot pay or deliver, or {@code null} */
    static Denial means(PlaceOrder order, Account account, BigDecimal reserve, Prices prices) {
        if (order.side() == Side.SELL) {
            BigDecimal sellable = account.sellable(order.symbol());
            String why = account.rules().notShortable(order.symbol());
            if (order.qty().compareTo(sellable) <= 0) {
                return null;
            }
            if (why != null) {
                return Denial.of(
                        DenialCode.RISK_POSITION,
                        "insufficient qty available for order (requested: "
                                + order.qty().toPlainString() + ", available: " + sellable.toPlainString() + "); "
                                + why,
                        "qty");
            }
        }
        BigDecimal needed = account.needs(order.symbol(), order.side(), order.qty(), reserve, prices);
        if (needed.signum() > 0 && needed.compareTo(account.buyingPower(prices)) > 0) {
            return Denial.of(
                    DenialCode.RISK_BUYING_POWER,
                    "insufficient buying power (needed: " + money(needed) + ", available: "
                            + money(account.buyingPower(prices)) + ")",
                    "qty");
        }
        return null;
    }

    /** What a sell binds of the account's own money if all of it opens a short position; zero when it cannot. */
    static BigDecimal margin(AccountRules rules, String symbol, BigDecimal qty, BigDecimal limitPrice, Quote quote) {
        if (!rules.canShort(symbol) || quote == null) {
            return BigDecimal.ZERO;
        }
        BigDecimal price = limitPrice == null ? quote.ask() : limitPrice.max(quote.ask());
        return rules.margin(qty.multiply(price));
    }

    /**
     * What a buy may cost: its limit; or where it is bound to start, the ask now or its stop price, and some room above.
     * Nothing for a sell.
     */
    static BigDecimal reserve(OrderTerms terms, BigDecimal qty, Quote quote, BigDecimal collar) {
        if (terms.side() == Side.SELL) {
            return BigDecimal.ZERO;
        }
        if (terms.limitPrice() != null) {
            return qty.multiply(terms.limitPrice());
        }
        if (terms.stopPrice() == null && quote == null) {
            return BigDecimal.ZERO;
        }
        BigDecimal from = terms.stopPrice() != null ? terms.stopPrice() : quote.ask();
        return qty.multiply(from).multiply(BigDecimal.ONE.add(collar));
    }

    private static boolean reduces(PlaceOrder order, Account account) {
        BigDecimal held = account.position(order.symbol()).qty();
        int direction = order.side() == Side.BUY ? 1 : -1;
        return held.signum() == -direction && order.qty().compareTo(held.abs()) <= 0;
    }

    private static String money(BigDecimal value) {
        return value.setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
