package io.tradewind.orderqueue.domain;

import java.math.BigDecimal;

/**
 * The bounds of a desk.
 *
 * @param maxLane orders waiting in one lane
 * @param maxOpenPerAccount orders of one account that are not terminal
 * @param maxInFlight orders sent to the broker that it has not answered yet, however fast it is
 * @param maxQueueDelayMs how long an admitted order may wait for the broker at the drain rate seen, in milliseconds
 * @param marketCollar what a market buy holds back above the ask, as a fraction of it
 * @param initialCash money of a new account
 * @param accounts what holds for the money of every account
 */
public record DeskLimits(
        int maxLane,
        int maxOpenPerAccount,
        int maxInFlight,
        long maxQueueDelayMs,
        BigDecimal marketCollar,
        BigDecimal initialCash,
        AccountRules accounts) {

    /** For cash accounts, which sell nothing that they do not hold. */
    public DeskLimits(
            int maxLane,
            int maxOpenPerAccount,
            int maxInFlight,
            long maxQueueDelayMs,
            BigDecimal marketCollar,
            BigDecimal initialCash) {
        this(maxLane, maxOpenPerAccount, maxInFlight, maxQueueDelayMs, marketCollar, initialCash, AccountRules.CASH);
    }
}
