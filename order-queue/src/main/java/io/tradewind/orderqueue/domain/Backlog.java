package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Priority;
import java.util.EnumMap;
import java.util.Map;

/**
 * The orders that wait for the broker, and how many more may. A lane takes at most what it is sure to get rid of within
 * the configured delay: <em>drain rate × its guaranteed share of the takes × delay</em>, within a fixed lower and upper
 * bound. The lowest lane has the smallest share, so it is the first to turn orders away, and the highest the last.
 * As long as the drain rate lasts, what was admitted leaves in time, even when every lane is full; critical orders
 * are not in the bound of the others, which they always overtake.
 *
 * <p>Orders are only ever turned away at the door. What was admitted was acknowledged, and stays.
 *
 * <p>Pure, on the thread of its desk; rebuilt from the open orders after a crash.
 */
final class Backlog {

    /** A lane takes this many, however slow the broker is: without orders its speed cannot be seen. */
    static final int MIN_LANE = 128;

    /** A sender that was turned away comes back when this part of the lane has become free … */
    private static final double FREE_BEFORE_RETRY = 0.1;

    /** … but not sooner, … */
    static final long MIN_RETRY_AFTER_MS = 1_000;

    /** … and not later than this, to see whether the broker is back. */
    static final long MAX_RETRY_AFTER_MS = 60_000;

    private final int maxLane;
    private final long maxDelayMs;
    private final Lanes lanes = new Lanes();
    private final DrainRate drain = new DrainRate();
    /** Orders that are admitted and not durable yet: their place in the lane is taken. */
    private final Map<Priority, Integer> arriving = new EnumMap<>(Priority.class);

    private int arrivals;

    /**
     * @param maxLane orders in one lane, at the most
     * @param maxDelayMs how long an admitted order may wait for the broker
     */
    Backlog(int maxLane, long maxDelayMs) {
        this.maxLane = maxLane;
        this.maxDelayMs = maxDelayMs;
    }

    // ---- coming

    /** Why a lane takes no order now; {@code null} when it does. */
    Denial denial(Priority lane, long nowMs) {
        drain.passed(lanes.size() > 0, nowMs);
        int waiting = waiting(lane);
        if (waiting < Math.min(MIN_LANE, maxLane)) {
            return null;
        }
        if (waiting >= maxLane) {
            return new Denial(
                    DenialCode.QUEUE_LANE_FULL,
                    "lane " + lane.text() + " holds " + waiting + " orders, its limit is " + maxLane
                            + "; come back later",
                    null,
                    retryAfterMs(lane, waiting, maxLane));
        }
        int limit = limit(lane);
        if (waiting < limit) {
            return null;
        }
        return new Denial(
                DenialCode.QUEUE_DELAY_EXCEEDED,
                "lane " + lane.text() + " holds " + waiting
                        + " orders, as many as the broker takes within the delay of "
                        + maxDelayMs + " ms at " + Math.round(drain.perSecond())
                        + " orders/s; come back later or use a higher priority",
                null,
                retryAfterMs(lane, waiting, limit));
    }

    /** An order is admitted; it waits from {@link #arrived} on. */
    void arriving(Priority lane) {
        arriving.merge(lane, 1, Integer::sum);
        arrivals++;
    }

    /** An admitted order is durable. */
    void arrived(Priority lane, String orderId, long nowMs) {
        arriving.merge(lane, -1, Integer::sum);
        arrivals--;
        add(lane, orderId, nowMs);
    }

    /** An order that was admitted before waits once more. */
    void add(Priority lane, String orderId, long nowMs) {
        drain.passed(lanes.size() > 0, nowMs);
        lanes.add(lane, orderId);
    }

    /** An order waits that was read; before anything else. */
    void load(Priority lane, String orderId) {
        lanes.add(lane, orderId);
    }

    // ---- going

    /** @return the next order id, or {@code null} when nobody waits */
    String take(long nowMs) {
        drain.passed(lanes.size() > 0, nowMs);
        String orderId = lanes.take();
        drain.taken(orderId == null ? 0 : 1);
        return orderId;
    }

    /** An order is over that may have waited. */
    void remove(Priority lane, String orderId) {
        lanes.remove(lane, orderId);
    }

    // ---- questions

    boolean isEmpty() {
        return lanes.size() == 0;
    }

    /** Whether nobody waits, or is about to. */
    boolean isIdle() {
        return lanes.size() == 0 && arrivals == 0;
    }

    int depth(Priority lane) {
        return lanes.depth(lane);
    }

    String oldest(Priority lane) {
        return lanes.oldest(lane);
    }

    /** Orders per second that leave while some wait; 0 when that is not known. */
    double drainPerSecond() {
        return drain.isKnown() ? drain.perSecond() : 0;
    }

    /** How many orders a lane takes by now. */
    int limit(Priority lane) {
        if (!drain.isKnown()) {
            return maxLane;
        }
        double inTime = laneRate(lane) * maxDelayMs / 1_000;
        return (int) Math.min(maxLane, Math.max(MIN_LANE, inTime));
    }

    private int waiting(Priority lane) {
        return lanes.depth(lane) + arriving.getOrDefault(lane, 0);
    }

    private double laneRate(Priority lane) {
        return drain.perSecond() * Lanes.guaranteedShare(lane);
    }

    private long retryAfterMs(Priority lane, int waiting, int limit) {
        double tooMany = waiting - limit * (1 - FREE_BEFORE_RETRY);
        double neededMs = drain.isKnown() ? tooMany * 1_000 / laneRate(lane) : MIN_RETRY_AFTER_MS;
        return (long) Math.min(MAX_RETRY_AFTER_MS, Math.max(MIN_RETRY_AFTER_MS, neededMs));
    }
}
