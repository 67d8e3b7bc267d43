package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.RateLimit;

/**
 * How often an account places and cancels, in several windows at once: all of them must have room. What is turned away
 * for its rate does not count; what is turned away for another reason does, so that a flood of wrong orders ends, too.
 *
 * <p>Kept in memory only: after a restart all windows are empty. Pure, on one thread.
 */
public final class RateWindows {

    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_MS = 60_000;

    private final RateWindow ordersOfSecond = new RateWindow(SECOND_MS);
    private final RateWindow ordersOfMinute = new RateWindow(MINUTE_MS);
    private final RateWindow cancelsOfSecond = new RateWindow(SECOND_MS);
    private final RateWindow cancelsOfMinute = new RateWindow(MINUTE_MS);

    /** Counts an order, unless there is no room for it. */
    Denial order(RiskLimits limits, long nowMs) {
        Denial denial = full(
                DenialCode.RISK_ORDER_RATE,
                LimitField.MAX_ORDERS_PER_MINUTE,
                limits.maxOrdersPerMinute(),
                ordersOfMinute,
                1,
                nowMs);
        if (denial == null) {
            denial = full(
                    DenialCode.RISK_ORDER_RATE,
                    LimitField.MAX_ORDERS_PER_SECOND,
                    limits.maxOrdersPerSecond(),
                    ordersOfSecond,
                    1,
                    nowMs);
        }
        if (denial == null) {
            ordersOfSecond.count(1, nowMs);
            ordersOfMinute.count(1, nowMs);
        }
        return denial;
    }

    /** Counts cancels, all of them or none. */
    Denial cancel(RiskLimits limits, int cancels, long nowMs) {
        Denial denial = full(
                DenialCode.RISK_CANCEL_RATE,
                LimitField.MAX_CANCELS_PER_MINUTE,
                limits.maxCancelsPerMinute(),
                cancelsOfMinute,
                cancels,
                nowMs);
        if (denial == null) {
            denial = full(
                    DenialCode.RISK_CANCEL_RATE,
                    LimitField.MAX_CANCELS_PER_SECOND,
                    limits.maxCancelsPerSecond(),
                    cancelsOfSecond,
                    cancels,
                    nowMs);
        }
        if (denial == null) {
            cancelsOfSecond.count(cancels, nowMs);
            cancelsOfMinute.count(cancels, nowMs);
        }
        return denial;
    }

    private static Denial full(
            DenialCode code, LimitField field, Integer limit, RateWindow window, int more, long nowMs) {
        if (limit == null || window.used(nowMs) + more <= limit) {
            return null;
        }
        // Where no wait would make room, it is tried again after a whole window, when the limit may be another one.
        long waitMs = limit < more ? window.spanMs() : window.untilAtMost(limit - more, nowMs);
        return new Denial(
                code,
                field.text() + " is " + limit + ", and " + window.used(nowMs) + " are used; there is room again in "
                        + waitMs + " ms",
                null,
                waitMs,
                new RateLimit(limit, nowMs + waitMs));
    }
}
