package io.tradewind.dbsync.domain;

/** Rows per second over the last {@value #SECONDS} seconds. Times are what the caller says. Any thread. */
public final class RowRate {

    static final int SECONDS = 10;

    private static final long SECOND_MS = 1_000;

    private final long[] rows = new long[SECONDS];
    private long newest;

    public synchronized void add(long nowMs, long count) {
        forget(nowMs);
        rows[slot(newest)] += count;
    }

    /** Of the seconds that are over, and the present one. */
    public synchronized double perSecond(long nowMs) {
        forget(nowMs);
        long sum = 0;
        for (long count : rows) {
            sum += count;
        }
        return (double) sum / SECONDS;
    }

    /** A clock that goes back counts as one that stands still. */
    private void forget(long nowMs) {
        long second = nowMs / SECOND_MS;
        if (second - newest >= SECONDS) {
            java.util.Arrays.fill(rows, 0);
            newest = second;
        }
        while (newest < second) {
            newest++;
            rows[slot(newest)] = 0;
        }
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }
}
