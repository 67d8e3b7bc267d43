package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.LogPressure.Level;

/**
 * Whether new orders have to wait because the log is short of memory. It holds for as long as it was said to hold from
 * when it was heard last, and ends by itself. Only new orders wait: what is admitted goes its way, and cancels pass.
 * Pure; on one thread.
 */
public final class AdmissionPause {

    /** A pause that somebody said lasts longer than this is not believed: nothing may stop trading for good by a typo. */
    static final long MAX_MS = 60_000;

    private LogPressure heard;
    private long untilMs = Long.MIN_VALUE;

    /** Somebody who measures the log says how it is. */
    public void heard(LogPressure pressure, long nowMs) {
        heard = pressure;
        untilMs = pressure.level() == Level.NORMAL ? nowMs : nowMs + Math.min(pressure.validMs(), MAX_MS);
    }

    /** Why an order cannot be admitted now; {@code null} when it can. */
    public Denial denial(long nowMs) {
        if (nowMs >= untilMs) {
            return null;
        }
        return new Denial(
                DenialCode.LOG_NEARLY_FULL,
                "the log uses " + (heard.usedBytes() >> 20) + " of " + (heard.budgetBytes() >> 20)
                        + " MiB: no new orders until it has room; cancels go on",
                null,
                Math.max(Desk.RETRY_AFTER_MS, untilMs - nowMs));
    }
}
