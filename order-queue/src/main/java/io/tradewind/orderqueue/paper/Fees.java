package io.tradewind.orderqueue.paper;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What executions cost: a share of their value and an amount per unit, and at least a minimum per order. Immutable, pure.
 *
 * @param share of the value, such as 0.0005
 * @param perUnit in account currency
 * @param minimum of an order, in account currency; its first fill pays it, further ones what goes beyond it
 */
record Fees(BigDecimal share, BigDecimal perUnit, BigDecimal minimum) {

    private static final int SCALE = 9;

    static final Fees NONE = new Fees(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    /**
     * @param filledBefore units of the order that were filled before
     * @param valueBefore what those were worth
     * @param qty units of this fill
     * @param value what these are worth
     */
    BigDecimal of(BigDecimal filledBefore, BigDecimal valueBefore, BigDecimal qty, BigDecimal value) {
        BigDecimal before = filledBefore.signum() == 0 ? BigDecimal.ZERO : total(filledBefore, valueBefore);
        return total(filledBefore.add(qty), valueBefore.add(value)).subtract(before);
    }

    private BigDecimal total(BigDecimal qty, BigDecimal value) {
        return value.multiply(share).add(qty.multiply(perUnit)).max(minimum).setScale(SCALE, RoundingMode.HALF_EVEN);
    }
}
