package io.tradewind.contracts.orders;

import java.math.BigDecimal;

/**
 * The exits that an order brings with it, as its sender asked for them.
 *
 * @param takeProfitLimitPrice limit price of the take-profit, or {@code null} when there is none
 * @param stopLossStopPrice stop price of the stop-loss, or {@code null} when there is none
 * @param stopLossLimitPrice limit price of the stop-loss; {@code null} when it executes at the market
 */
public record OrderExits(
        OrderClass orderClass,
        BigDecimal takeProfitLimitPrice,
        BigDecimal stopLossStopPrice,
        BigDecimal stopLossLimitPrice) {

    /** Of an order that stands alone. */
    public static final OrderExits NONE = new OrderExits(OrderClass.SIMPLE, null, null, null);

    public OrderExits {
        boolean profit = takeProfitLimitPrice != null;
        boolean loss = stopLossStopPrice != null;
        boolean right =
                switch (orderClass) {
                    case SIMPLE -> !profit && !loss;
                    case BRACKET, OCO -> profit && loss;
                    case OTO -> profit != loss;
                };
        if (!right || (stopLossLimitPrice != null && !loss)) {
            throw new IllegalArgumentException("a " + orderClass.text() + " order with take-profit at "
                    + takeProfitLimitPrice + ", stop-loss at " + stopLossStopPrice + ", limited to "
                    + stopLossLimitPrice + ": simple has none, bracket and oco have both, oto has one");
        }
    }

    boolean sameAs(OrderExits other) {
        return orderClass == other.orderClass
                && OrderTerms.same(takeProfitLimitPrice, other.takeProfitLimitPrice)
                && OrderTerms.same(stopLossStopPrice, other.stopLossStopPrice)
                && OrderTerms.same(stopLossLimitPrice, other.stopLossLimitPrice);
    }
}
