package io.tradewind.orderqueue.paper;

import io.tradewind.contracts.market.MarketHours;
import java.math.BigDecimal;

/**
 * What can be set about the paper broker. Immutable.
 *
 * @param slippage what a market order gets worse than the quote, as a fraction of the price
 * @param fees what executions cost
 * @param hours when there is trading
 * @param rejects the share of orders that are rejected at random, for tests; 0 for none
 * @param latencyMs how long a request is on its way, for tests
 * @param jitterMs how much longer it may be, at random
 * @param seed of what is random
 */
public record PaperRules(
        BigDecimal slippage, Fees fees, MarketHours hours, double rejects, long latencyMs, long jitterMs, long seed) {

    private static final BigDecimal BASIS_POINTS = BigDecimal.valueOf(10_000);

    /** Rules without anything injected, by basis points: hundredths of a percent. */
    public static PaperRules of(
            BigDecimal slippageBps,
            BigDecimal feeBps,
            BigDecimal feePerUnit,
            BigDecimal minimumFee,
            MarketHours hours) {
        return new PaperRules(
                slippageBps.divide(BASIS_POINTS),
                new Fees(feeBps.divide(BASIS_POINTS), feePerUnit, minimumFee),
                hours,
                0,
                0,
                0,
                0);
    }

    /** The same with faults injected. */
    public PaperRules with(double rejectedShare, long latency, long jitter, long newSeed) {
        return new PaperRules(slippage, fees, hours, rejectedShare, latency, jitter, newSeed);
    }
}
