package io.tradewind.orderqueue.domain;

/**
 * How many orders leave the queue per second while there is something to take. Time in which the queue was empty does not
 * count: it says nothing about how fast the broker takes orders.
 *
 * <p>Orders and busy time are both summed with exponential decay, so that the quotient follows the last
 * {@link #HALF_LIFE_MS} or so, and sinks when orders wait and none is taken. Pure; on one thread; times are
 * milliseconds of the caller's clock and a clock that is set back counts as standing still.
 */
final class DrainRate {

    /** After so much busy time what was seen before weighs half. */
    static final long HALF_LIFE_MS = 5_000;

    /** Less busy time than this (decayed) is too little to say anything. */
    static final long MIN_BUSY_MS = 500;

    private static final double MS_PER_SECOND = 1_000.0;

    private double taken;
    private double busyMs;
    private long seenMs = Long.MIN_VALUE;

    /**
     * Time has gone by.
     *
     * @param waiting whether orders have waited since the last call
     */
    void passed(boolean waiting, long nowMs) {
        long sinceMs = seenMs == Long.MIN_VALUE ? 0 : Math.max(0, nowMs - seenMs);
        seenMs = nowMs;
        if (waiting && sinceMs > 0) {
            double kept = Math.pow(0.5, (double) sinceMs / HALF_LIFE_MS);
            taken *= kept;
            busyMs = busyMs * kept + sinceMs;
        }
    }

    void taken(int orders) {
        taken += orders;
    }

    /** Whether there was enough to do for {@link #perSecond} to mean anything. */
    boolean isKnown() {
        return busyMs >= MIN_BUSY_MS;
    }

    /** Orders per second of busy time; 0 when nothing is taken. */
    double perSecond() {
        return busyMs == 0 ? 0 : taken * MS_PER_SECOND / busyMs;
    }
}
