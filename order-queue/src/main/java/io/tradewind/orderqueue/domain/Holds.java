package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the open orders of an account hold back: each order what it may still take, together by symbol and side. Mutable,
 * owned by its {@link Account}.
 */
final class Holds {

    private static final Total NOTHING = new Total(BigDecimal.ZERO, BigDecimal.ZERO);

    /**
     * Open orders of one symbol and side together.
     *
     * @param qty units that are not filled yet
     * @param money what a buy may cost, or what a sell would bind if it opened a short position
     */
    record Total(BigDecimal qty, BigDecimal money) {

        Total plus(BigDecimal moreQty, BigDecimal moreMoney) {
            return new Total(qty.add(moreQty), money.add(moreMoney));
        }
    }

    private final Map<String, BigDecimal> moneyByOrder = new HashMap<>();
    private final Map<String, Total> buys = new HashMap<>();
    private final Map<String, Total> sells = new HashMap<>();
    private BigDecimal cost = BigDecimal.ZERO;

    void add(Order order, BigDecimal money) {
        if (money.signum() != 0) {
            moneyByOrder.put(order.id(), money);
        }
        change(order, order.leavesQty(), money);
    }

    /** An order changed; {@code leaves} of it may still be filled. */
    void change(Order before, BigDecimal leaves) {
        if (leaves.compareTo(before.leavesQty()) == 0) {
            return;
        }
        String orderId = before.id();
        BigDecimal held = moneyByOrder.getOrDefault(orderId, BigDecimal.ZERO);
        BigDecimal still = leaves.signum() == 0 || held.signum() == 0
                ? BigDecimal.ZERO
                // Up: what is held back never falls short of what the rest may cost.
                : held.multiply(leaves).divide(before.leavesQty(), Position.SCALE, RoundingMode.UP);
        if (still.signum() == 0) {
            moneyByOrder.remove(orderId);
        } else {
            moneyByOrder.put(orderId, still);
        }
        change(before, leaves.subtract(before.leavesQty()), still.subtract(held));
    }

    private void change(Order order, BigDecimal qty, BigDecimal money) {
        boolean buying = order.side() == Side.BUY;
        Map<String, Total> totals = buying ? buys : sells;
        Total total = totals.getOrDefault(order.symbol(), NOTHING).plus(qty, money);
        if (total.qty().signum() == 0) {
            totals.remove(order.symbol());
        } else {
            totals.put(order.symbol(), total);
        }
        if (buying) {
            cost = cost.add(money);
        }
    }

    Total buys(String symbol) {
        return buys.getOrDefault(symbol, NOTHING);
    }

    Total sells(String symbol) {
        return sells.getOrDefault(symbol, NOTHING);
    }

    /** Symbols with open sells. */
    Set<String> selling() {
        return sells.keySet();
    }

    /** What all open buys may cost. */
    BigDecimal cost() {
        return cost;
    }
}
