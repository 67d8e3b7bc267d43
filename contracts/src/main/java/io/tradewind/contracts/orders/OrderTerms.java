package io.tradewind.contracts.orders;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What an order asks for: the part of it that its sender decides. Immutable, shared by all states of an order. Which
 * prices there are follows from the type, see {@link OrderType}.
 *
 * @param qty how much, in units of the instrument; {@code null} while only {@code notional} says it
 * @param notional how much, in money; {@code null} when the sender gave a quantity
 * @param limitPrice the worst price
 * @param stopPrice the price that makes the order work
 * @param trailPrice how far the stop price follows the market, in money
 * @param trailPercent how far the stop price follows the market, in percent of it
 * @param exits the exits that come with it; {@link OrderExits#NONE} for most
 */
public record OrderTerms(
        String symbol,
        BigDecimal qty,
        BigDecimal notional,
        Side side,
        OrderType type,
        TimeInForce timeInForce,
        BigDecimal limitPrice,
        BigDecimal stopPrice,
        BigDecimal trailPrice,
        BigDecimal trailPercent,
        OrderExits exits,
        Priority priority) {

    public OrderTerms {
        Objects.requireNonNull(symbol, "symbol");
        Objects.requireNonNull(side, "side");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(timeInForce, "timeInForce");
        Objects.requireNonNull(exits, "exits");
        Objects.requireNonNull(priority, "priority");
        if (qty == null && notional == null) {
            throw new IllegalArgumentException("either qty or notional says how much");
        }
        if (type.hasLimit() != (limitPrice != null)) {
            throw new IllegalArgumentException("limitPrice goes with limit and stop_limit orders, and only with them");
        }
        if (type.hasStop() != (stopPrice != null)) {
            throw new IllegalArgumentException("stopPrice goes with stop and stop_limit orders, and only with them");
        }
        boolean trails = trailPrice != null || trailPercent != null;
        if ((type == OrderType.TRAILING_STOP) != trails || (trailPrice != null && trailPercent != null)) {
            throw new IllegalArgumentException(
                    "either trailPrice or trailPercent goes with trailing_stop orders, and only with them");
        }
    }

    /** Terms of an order for {@code symbol}: for the day, at the market, of normal priority, unless said otherwise. */
    public static Builder of(String symbol, Side side) {
        return new Builder(symbol, side);
    }

    /** The same terms, to be changed. */
    public Builder toBuilder() {
        Builder builder = new Builder(symbol, side);
        builder.qty = qty;
        builder.notional = notional;
        builder.type = type;
        builder.timeInForce = timeInForce;
        builder.limitPrice = limitPrice;
        builder.stopPrice = stopPrice;
        builder.trailPrice = trailPrice;
        builder.trailPercent = trailPercent;
        builder.exits = exits;
        builder.priority = priority;
        return builder;
    }

    /** The same terms for another quantity. */
    public OrderTerms withQty(BigDecimal newQty) {
        return toBuilder().qty(newQty).build();
    }

    /** Whether both ask for just the same, however their numbers are written. Of a notional, the quantity follows. */
    public boolean sameAs(OrderTerms other) {
        return symbol.equals(other.symbol)
                && same(notional, other.notional)
                && (notional != null || same(qty, other.qty))
                && side == other.side
                && type == other.type
                && timeInForce == other.timeInForce
                && same(limitPrice, other.limitPrice)
                && same(stopPrice, other.stopPrice)
                && same(trailPrice, other.trailPrice)
                && same(trailPercent, other.trailPercent)
                && priority == other.priority
                && exits.sameAs(other.exits);
    }

    static boolean same(BigDecimal one, BigDecimal other) {
        return one == null ? other == null : other != null && one.compareTo(other) == 0;
    }

    /** Collects terms by name. Not thread safe. */
    public static final class Builder {

        private final String symbol;
        private final Side side;
        private BigDecimal qty;
        private BigDecimal notional;
        private OrderType type = OrderType.MARKET;
        private TimeInForce timeInForce = TimeInForce.DAY;
        private BigDecimal limitPrice;
        private BigDecimal stopPrice;
        private BigDecimal trailPrice;
        private BigDecimal trailPercent;
        private OrderExits exits = OrderExits.NONE;
        private Priority priority = Priority.NORMAL;

        private Builder(String symbol, Side side) {
            this.symbol = symbol;
            this.side = side;
        }

        public Builder qty(BigDecimal value) {
            qty = value;
            return this;
        }

        public Builder notional(BigDecimal value) {
            notional = value;
            return this;
        }

        public Builder type(OrderType value) {
            type = value;
            return this;
        }

        public Builder timeInForce(TimeInForce value) {
            timeInForce = value;
            return this;
        }

        public Builder limitPrice(BigDecimal value) {
            limitPrice = value;
            return this;
        }

        public Builder stopPrice(BigDecimal value) {
            stopPrice = value;
            return this;
        }

        public Builder trailPrice(BigDecimal value) {
            trailPrice = value;
            return this;
        }

        public Builder trailPercent(BigDecimal value) {
            trailPercent = value;
            return this;
        }

        public Builder exits(OrderExits value) {
            exits = value;
            return this;
        }

        public Builder priority(Priority value) {
            priority = value;
            return this;
        }

        /** @throws IllegalArgumentException when they do not go together */
        public OrderTerms build() {
            return new OrderTerms(
                    symbol,
                    qty,
                    notional,
                    side,
                    type,
                    timeInForce,
                    limitPrice,
                    stopPrice,
                    trailPrice,
                    trailPercent,
                    exits,
                    priority);
        }
    }
}
