package io.tradewind.benchmarks.audit;

import io.tradewind.contracts.orders.OrderStatus;
import java.math.BigDecimal;

/** What log and tables hold about one order of the run. Mutable, filled by {@link OrderTrails} alone. */
final class OrderTrail {

    final String clientOrderId;

    // In the log.
    int accepted;
    int filledTransitions;
    OrderStatus status;
    BigDecimal qty;
    BigDecimal filledQty = BigDecimal.ZERO;
    int executions;
    int activities;
    BigDecimal activityQty = BigDecimal.ZERO;
    long acceptedAtMs;

    // In the tables.
    int rows;
    String rowStatus;
    BigDecimal rowFilledQty = BigDecimal.ZERO;
    long rowActivities;
    BigDecimal rowActivityQty = BigDecimal.ZERO;

    OrderTrail(String clientOrderId) {
        this.clientOrderId = clientOrderId;
    }

    boolean isInLog() {
        return status != null;
    }
}
