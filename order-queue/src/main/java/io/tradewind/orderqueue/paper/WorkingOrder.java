package io.tradewind.orderqueue.paper;

import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** An order while the paper broker works it. Mutable, owned by its {@link Book}. */
final class WorkingOrder {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** Better prices first, of one price the older: market orders have the best there is. */
    static final Comparator<WorkingOrder> PRICE_TIME = Comparator.comparing(WorkingOrder::isMarket)
            .reversed()
            .thenComparing(
                    (a, b) -> a.isMarket() ? 0 : a.direction() * b.limit().compareTo(a.limit()))
            .thenComparingLong(order -> order.sequence);

    /** Whose stop price the market reaches first; of one price the older. */
    static final Comparator<WorkingOrder> STOP_TIME = Comparator.comparing(
                    (WorkingOrder order) -> order,
                    (a, b) -> a.direction() * a.stopPrice().compareTo(b.stopPrice()))
            .thenComparingLong(order -> order.sequence);

    final Order order;
    /** Places it among its like; newer ones are larger. Changed only while it stands in no sorted set. */
    long sequence;
    /** When it ends by itself: the close of its session, or never. */
    long endsAtMs = Long.MAX_VALUE;

    private final List<ExecutionReport> reports = new ArrayList<>();
    private BigDecimal leaves;
    private BigDecimal filledValue;
    private BigDecimal best;
    private BigDecimal bestTold;
    private long bestToldMs;
    private boolean triggered;

    WorkingOrder(Order order, long sequence) {
        this.order = order;
        this.sequence = sequence;
        this.leaves = order.leavesQty();
        this.filledValue = order.filledAvgPrice() == null
                ? BigDecimal.ZERO
                : order.filledQty().multiply(order.filledAvgPrice());
        this.best = order.hwm();
        this.bestTold = order.hwm();
        this.triggered = order.isTriggered();
    }

    boolean buys() {
        return order.side() == Side.BUY;
    }

    /** 1 for a buy, -1 for a sell: a price times it is the larger, the worse it is for the order. */
    private int direction() {
        return buys() ? 1 : -1;
    }

    /** What it works as now. */
    OrderType workingType() {
        if (!triggered) {
            return order.type();
        }
        return switch (order.type()) {
            case STOP, TRAILING_STOP -> OrderType.MARKET;
            case STOP_LIMIT -> OrderType.LIMIT;
            case MARKET, LIMIT -> order.type();
        };
    }

    boolean isMarket() {
        return workingType() == OrderType.MARKET;
    }

    /** Whether it waits for the market to reach a price first. */
    boolean isWaitingForStop() {
        OrderType type = workingType();
        return type == OrderType.STOP || type == OrderType.STOP_LIMIT || type == OrderType.TRAILING_STOP;
    }

    boolean isTrailing() {
        return workingType() == OrderType.TRAILING_STOP;
    }

    BigDecimal limit() {
        return order.limitPrice();
    }

    /** Whether it can be executed at a price of the other side. */
    boolean crosses(BigDecimal farPrice) {
        return isMarket() || (!isWaitingForStop() && direction() * farPrice.compareTo(limit()) <= 0);
    }

    // ---- stops

    /** The price that makes it work; {@code null} for a trailing stop that has seen no quote yet. */
    BigDecimal stopPrice() {
        if (!isTrailing()) {
            return order.terms().stopPrice();
        }
        if (best == null) {
            return null;
        }
        BigDecimal distance = order.terms().trailPrice() != null
                ? order.terms().trailPrice()
                : best.multiply(order.terms().trailPercent()).divide(HUNDRED);
        return buys() ? best.add(distance) : best.subtract(distance);
    }

    /** Whether a quote reaches the stop price: a buy would cost that or more, a sell bring that or less. */
    boolean isReachedBy(BigDecimal farPrice) {
        BigDecimal stop = stopPrice();
        return stop != null && direction() * farPrice.compareTo(stop) >= 0;
    }

    /** A quote; only the best price so far counts. */
    void trail(BigDecimal farPrice) {
        if (best == null || direction() * farPrice.compareTo(best) < 0) {
            best = farPrice;
        }
    }

    BigDecimal best() {
        return best;
    }

    /** Whether there is a best price to be told now: it is news, and so much time has passed since the last. */
    boolean isTimeToTell(long nowMs, long everyMs) {
        boolean due = bestTold == null || nowMs - bestToldMs >= everyMs;
        if (!due || (bestTold != null && best.compareTo(bestTold) == 0)) {
            return false;
        }
        bestTold = best;
        bestToldMs = nowMs;
        return true;
    }

    void trigger(long newSequence) {
        triggered = true;
        sequence = newSequence;
    }

    // ---- fills

    BigDecimal leaves() {
        return leaves;
    }

    BigDecimal filledQty() {
        return order.qty().subtract(leaves);
    }

    BigDecimal filledValue() {
        return filledValue;
    }

    void filled(BigDecimal qty, BigDecimal value) {
        leaves = leaves.subtract(qty);
        filledValue = filledValue.add(value);
    }

    boolean isFilled() {
        return leaves.signum() <= 0;
    }

    // ---- what was said about it

    /** Remembers a report; of best prices only the last. */
    ExecutionReport said(ExecutionReport report) {
        if (report.kind() == ExecutionReport.Kind.TRAILED) {
            reports.removeIf(earlier -> earlier.kind() == ExecutionReport.Kind.TRAILED);
        }
        reports.add(report);
        return report;
    }

    List<ExecutionReport> reports() {
        return List.copyOf(reports);
    }

    boolean wasToldOf() {
        return !reports.isEmpty();
    }
}
