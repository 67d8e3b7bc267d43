package io.tradewind.orderqueue.domain;

/**
 * How many orders a broker may have unanswered: as many as it takes without answering later for it. By Little's law
 * (J. D. C. Little, 1961) more orders on their way than <em>rate × latency</em> only wait at the broker, out of reach of
 * priority and cancel; so the limit grows while latency stays near the lowest that was seen and shrinks in proportion
 * when it rises, as congestion control by delay does (TCP Vegas, Brakmo and Peterson, 1995). A lowest latency that has
 * not been met for long is measured anew with few orders on their way (as in BBR, Cardwell and others, 2016).
 *
 * <p>Judged over windows of {@link #WINDOW_MS} with enough answers. A broker that does not answer at all fills the limit
 * and gets nothing more. Pure; on the thread of its desk; begins anew after a crash.
 */
final class InFlightLimit {

    /** Before anything is known, unless fewer are allowed: few, so that the first latency is that of an idle broker. */
    static final int START = 32;

    /** Never less than this, unless fewer are allowed: something must be sent to learn from. */
    static final int MIN = 16;

    static final long WINDOW_MS = 100;

    static final int MIN_ANSWERS = 10;

    /** Latency up to this multiple of the lowest … */
    static final double TOLERANCE = 2;

    /** … plus this much is not the broker's load: turns of the event loop, pauses of the collector, ticks of the clock. */
    static final long SLACK_MS = 20;

    /** A lowest latency that no window has come near for so long is measured anew … */
    static final long PROBE_AFTER_MS = 30_000;

    /** … with this part of the limit … */
    private static final int PROBE_PART = 4;

    /** … in the second of two windows: in the first the broker still answers for what was sent before. */
    private static final int PROBE_WINDOWS = 2;

    private static final double NEAR = 1.1;

    /** A window shrinks the limit to this part of itself at the most. */
    private static final double MOST_SHRINK = 0.5;

    private final int max;
    private final int min;
    private int limit;
    private boolean shrunkBefore;
    private double lowestMs = Double.MAX_VALUE;
    private long lowestMetAtMs;
    private int probeWindows;
    private int limitAfterProbe;
    private long windowEndsMs = Long.MIN_VALUE;
    private long sumMs;
    private int answers;
    private int peak;

    /** @param max orders, at least 1 */
    InFlightLimit(int max) {
        this.max = max;
        this.min = Math.min(MIN, max);
        this.limit = Math.min(START, max);
    }

    /** How many orders may be unanswered now. */
    int current() {
        return limit;
    }

    /**
     * The broker has answered for an order for the first time.
     *
     * @param latencyMs since it was sent
     * @param inFlight how many were unanswered, this one included
     */
    void answered(long latencyMs, int inFlight, long nowMs) {
        sumMs += Math.max(0, latencyMs);
        answers++;
        peak = Math.max(peak, inFlight);
        if (windowEndsMs == Long.MIN_VALUE) {
            windowEndsMs = nowMs + WINDOW_MS;
        }
        if (nowMs >= windowEndsMs && answers >= MIN_ANSWERS) {
            judge((double) sumMs / answers, nowMs);
            windowEndsMs = nowMs + WINDOW_MS;
            sumMs = 0;
            answers = 0;
            peak = 0;
        }
    }

    private void judge(double meanMs, long nowMs) {
        if (probeWindows > 0) {
            probe(meanMs, nowMs);
        } else if (meanMs > lowestMs * NEAR && nowMs - lowestMetAtMs >= PROBE_AFTER_MS) {
            probeWindows = PROBE_WINDOWS;
            limitAfterProbe = limit;
            limit = Math.max(min, limit / PROBE_PART);
        } else {
            if (meanMs <= lowestMs * NEAR) {
                lowestMetAtMs = nowMs;
            }
            lowestMs = Math.min(lowestMs, meanMs);
            adapt(meanMs);
        }
    }

    private void probe(double meanMs, long nowMs) {
        if (--probeWindows == 0) {
            lowestMs = meanMs;
            lowestMetAtMs = nowMs;
            limit = limitAfterProbe;
        }
    }

    private void adapt(double meanMs) {
        double fineMs = lowestMs * TOLERANCE + SLACK_MS;
        if (meanMs > fineMs) {
            limit = Math.max(min, (int) (limit * Math.max(MOST_SHRINK, fineMs / meanMs)));
            shrunkBefore = true;
        } else if (peak * 2 > limit) {
            // Only a limit that is made use of has proved itself. Fast until it was too much once, then with care.
            int step = shrunkBefore ? (int) Math.ceil(Math.sqrt(limit)) : limit;
            limit = Math.min(max, limit + step);
        }
    }
}
