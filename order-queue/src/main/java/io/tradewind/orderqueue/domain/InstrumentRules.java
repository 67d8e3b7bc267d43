package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Asset;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderTerms;
import java.math.BigDecimal;
import java.math.BigInteger;

/** What the instrument allows: tradable, lot, tick, smallest value. Pure; allocates only what it denies with. */
final class InstrumentRules {

    private static final int SUB_DOLLAR_DIGITS = 2;

    private InstrumentRules() {}

    /** @param reduces whether the order does nothing but make a position smaller */
    static Denial check(OrderTerms terms, Asset asset, Quote quote, boolean reduces) {
        if (!asset.tradable()) {
            return Denial.of(DenialCode.ASSET_NOT_TRADABLE, asset.symbol() + " is not tradable", "symbol");
        }
        Denial denial = lot(terms, asset);
        if (denial == null) {
            denial = ticks(terms, asset.priceIncrement());
        }
        if (denial != null || reduces) {
            return denial;
        }
        BigDecimal value = OrderValue.of(terms, quote);
        return value.compareTo(asset.minNotional()) >= 0
                ? null
                : Denial.of(
                        DenialCode.ORDER_NOTIONAL_MIN,
                        "the order is worth " + value.toPlainString() + "; the smallest value of an order in "
                                + asset.symbol() + " is "
                                + asset.minNotional().toPlainString() + ", unless it only reduces a position",
                        terms.notional() != null ? "notional" : "qty");
    }

    private static Denial lot(OrderTerms terms, Asset asset) {
        BigDecimal qty = terms.qty();
        if (terms.notional() != null) {
            return asset.fractionable()
                    ? null
                    : Denial.of(
                            DenialCode.ORDER_LOT_SIZE,
                            asset.symbol() + " is not fractionable: give a whole qty in place of a notional",
                            "notional");
        }
        if (!asset.fractionable() && !isMultiple(qty, BigDecimal.ONE)) {
            return lotDenial(qty, "must be whole: " + asset.symbol() + " is not fractionable");
        }
        if (qty.compareTo(asset.minOrderSize()) < 0) {
            return lotDenial(
                    qty, "is below min_order_size " + asset.minOrderSize().toPlainString() + " of " + asset.symbol());
        }
        return isMultiple(qty, asset.minTradeIncrement())
                ? null
                : lotDenial(
                        qty,
                        "must be a multiple of min_trade_increment "
                                + asset.minTradeIncrement().toPlainString() + " of " + asset.symbol());
    }

    private static Denial lotDenial(BigDecimal qty, String rule) {
        return Denial.of(DenialCode.ORDER_LOT_SIZE, "qty " + qty.toPlainString() + " " + rule, "qty");
    }

    private static Denial ticks(OrderTerms terms, BigDecimal tick) {
        Denial denial = tick("limit_price", terms.limitPrice(), tick);
        if (denial == null) {
            denial = tick("stop_price", terms.stopPrice(), tick);
        }
        OrderExits exits = terms.exits();
        if (denial != null || exits.orderClass() == OrderClass.SIMPLE) {
            return denial;
        }
        denial = tick("take_profit.limit_price", exits.takeProfitLimitPrice(), tick);
        if (denial == null) {
            denial = tick("stop_loss.stop_price", exits.stopLossStopPrice(), tick);
        }
        return denial == null ? tick("stop_loss.limit_price", exits.stopLossLimitPrice(), tick) : denial;
    }

    /** Prices below 1 may have two digits more, as in the US. */
    private static Denial tick(String field, BigDecimal price, BigDecimal increment) {
        if (price == null) {
            return null;
        }
        BigDecimal tick = price.compareTo(BigDecimal.ONE) >= 0 ? increment : increment.movePointLeft(SUB_DOLLAR_DIGITS);
        return isMultiple(price, tick)
                ? null
                : Denial.of(
                        DenialCode.ORDER_TICK_SIZE,
                        field + " " + price.toPlainString() + " must be a multiple of " + tick.toPlainString(),
                        field);
    }

    /** Nearly always the step is a power of ten and the number has few enough digits: then there is nothing to divide. */
    static boolean isMultiple(BigDecimal number, BigDecimal step) {
        if (number.scale() <= step.scale() && step.unscaledValue().equals(BigInteger.ONE)) {
            return true;
        }
        return number.remainder(step).signum() == 0;
    }
}
