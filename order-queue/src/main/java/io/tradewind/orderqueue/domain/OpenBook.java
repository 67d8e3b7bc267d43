package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The open orders of one account, by instrument: how much they may still buy and sell, and at which prices limit orders
 * rest. Kept beside the orders, so that a check asks for a number instead of looking at every order.
 *
 * <p>Orders that are held for others count for nothing until they are let go. An order that waits for its stop price
 * counts for how much it may buy or sell, but rests at no price. Pure, on the thread of its desk.
 */
final class OpenBook {

    private static final class Instrument {
        private BigDecimal buying = BigDecimal.ZERO;
        private BigDecimal selling = BigDecimal.ZERO;
        /** Limit prices with how many orders rest there. */
        private final TreeMap<BigDecimal, Integer> bids = new TreeMap<>();

        private final TreeMap<BigDecimal, Integer> asks = new TreeMap<>();

        boolean isEmpty() {
            return buying.signum() == 0 && selling.signum() == 0 && bids.isEmpty() && asks.isEmpty();
        }
    }

    private final Map<String, Instrument> instruments = new HashMap<>();

    /** An order is open from now on. */
    void add(Order order) {
        BigDecimal leaves = leaves(order);
        BigDecimal price = restingPrice(order);
        if (leaves.signum() != 0 || price != null) {
            Instrument instrument = instruments.computeIfAbsent(order.symbol(), symbol -> new Instrument());
            move(instrument, order.side(), leaves);
            rest(instrument, order.side(), price, 1);
        }
    }

    /** An open order changed, perhaps to its end. */
    void change(Order before, Order after) {
        if (counts(before) == counts(after)
                && before.filledQty().compareTo(after.filledQty()) == 0
                && before.qty().compareTo(after.qty()) == 0
                && before.isTriggered() == after.isTriggered()) {
            return; // most changes are of status only
        }
        Instrument instrument = instruments.get(before.symbol());
        if (instrument != null) {
            move(instrument, before.side(), leaves(before).negate());
            rest(instrument, before.side(), restingPrice(before), -1);
        }
        add(after);
        if (instrument != null && instrument.isEmpty()) {
            instruments.remove(before.symbol());
        }
    }

    /** Units that open orders of this side may still execute. */
    BigDecimal open(String symbol, Side side) {
        Instrument instrument = instruments.get(symbol);
        if (instrument == null) {
            return BigDecimal.ZERO;
        }
        return side == Side.BUY ? instrument.buying : instrument.selling;
    }

    /**
     * The price of the resting order of this side that another one would meet first: the highest that buys, the lowest
     * that sells; {@code null} when none rests.
     */
    BigDecimal best(String symbol, Side side) {
        Instrument instrument = instruments.get(symbol);
        if (instrument == null) {
            return null;
        }
        TreeMap<BigDecimal, Integer> prices = side == Side.BUY ? instrument.bids : instrument.asks;
        if (prices.isEmpty()) {
            return null;
        }
        return side == Side.BUY ? prices.lastKey() : prices.firstKey();
    }

    private static boolean counts(Order order) {
        return !order.status().isTerminal() && order.status() != OrderStatus.HELD;
    }

    private static BigDecimal leaves(Order order) {
        return counts(order) ? order.leavesQty() : BigDecimal.ZERO;
    }

    private static BigDecimal restingPrice(Order order) {
        return counts(order) && order.workingType() == OrderType.LIMIT ? order.limitPrice() : null;
    }

    private static void move(Instrument instrument, Side side, BigDecimal qty) {
        if (side == Side.BUY) {
            instrument.buying = instrument.buying.add(qty);
        } else {
            instrument.selling = instrument.selling.add(qty);
        }
    }

    private static void rest(Instrument instrument, Side side, BigDecimal price, int orders) {
        if (price != null) {
            (side == Side.BUY ? instrument.bids : instrument.asks)
                    .merge(price, orders, (a, b) -> a + b == 0 ? null : a + b);
        }
    }
}
