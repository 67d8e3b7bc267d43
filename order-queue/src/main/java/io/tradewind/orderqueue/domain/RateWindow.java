package io.tradewind.orderqueue.domain;

/**
 * Counts how often something happened within a span of time that ends now.
 *
 * <p>The span is cut into slots. What is counted lies in the slot of now and the {@value #SLOTS} before it, which is the
 * whole span and the beginning of one slot more: within no span of that length can there be more than a limit that is
 * compared with it. A place comes free by at most one slot later than it could. A clock that goes back counts on in the
 * newest slot.
 *
 * <p>A few bytes, no allocation, and constant work. Pure, on one thread.
 */
final class RateWindow {

    /** Slots of a span. */
    static final int SLOTS = 20;

    private final long slotMs;
    private final int[] counts = new int[SLOTS + 1];
    private long newest = -SLOTS - 1;
    private int total;

    RateWindow(long spanMs) {
        slotMs = spanMs / SLOTS;
    }

    long spanMs() {
        return slotMs * SLOTS;
    }

    int used(long nowMs) {
        advance(nowMs);
        return total;
    }

    void count(int times, long nowMs) {
        advance(nowMs);
        counts[index(newest)] += times;
        total += times;
    }

    /** How long until it was used at most so often, if nothing comes to it, milliseconds. */
    long untilAtMost(int most, long nowMs) {
        advance(nowMs);
        int left = total;
        for (long slot = newest - SLOTS; slot <= newest; slot++) {
            if (left <= most) {
                return 0;
            }
            left -= counts[index(slot)];
            if (left <= most) {
                return (slot + SLOTS + 1) * slotMs - nowMs;
            }
        }
        return (SLOTS + 1) * slotMs;
    }

    private void advance(long nowMs) {
        long slot = nowMs / slotMs;
        for (long next = Math.max(newest + 1, slot - SLOTS); next <= slot; next++) {
            total -= counts[index(next)];
            counts[index(next)] = 0;
        }
        newest = Math.max(newest, slot);
    }

    private static int index(long slot) {
        return Math.floorMod(slot, SLOTS + 1);
    }
}
