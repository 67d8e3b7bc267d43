package io.tradewind.benchmarks.audit;

import java.math.BigDecimal;

/**
 * An order as the tables hold it.
 *
 * @param activities number of its rows in {@code activities}
 * @param activityQty sum of their quantities
 */
public record OrderRow(
        String clientOrderId, String status, BigDecimal filledQty, long activities, BigDecimal activityQty) {}
