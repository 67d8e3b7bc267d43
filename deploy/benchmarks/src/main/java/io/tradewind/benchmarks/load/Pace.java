package io.tradewind.benchmarks.load;

import java.util.concurrent.TimeUnit;

/**
 * When each order of a run is to be sent. Pure; times are nanoseconds since the run began.
 *
 * <p>The time that an order is <em>planned</em> for does not depend on how the server fares: latency counted from it
 * includes the wait that a slow server imposes on the orders behind it. Counting from the time of sending would leave
 * just the worst waits out.
 */
public sealed interface Pace {

    /** There is no such order in this run. */
    long NEVER = Long.MAX_VALUE;

    /** More orders than this would not fit into the memory of the audit. */
    int MAX_ORDERS = 5_000_000;

    /**
     * @param seq orders are numbered from 0 and asked for in turn
     * @param nowNs the present
     * @return when order {@code seq} is to be sent, or {@link #NEVER}
     */
    long plannedNs(int seq, long nowNs);

    /** Orders planned before this do not count towards the figures. */
    long warmupNs();

    /** Length of the run with its warm-up. */
    long endNs();

    /** Orders that belong to the measured part, or -1 when the server decides how many there will be. */
    int measuredOrders();

    /**
     * A fixed rate, whatever the server does.
     *
     * @param ratePerS orders per second, evenly spaced
     */
    record OpenLoop(int ratePerS, int warmupS, int seconds) implements Pace {

        public OpenLoop {
            if ((long) ratePerS * (warmupS + seconds) > MAX_ORDERS) {
                throw new IllegalArgumentException("a run of " + (long) ratePerS * (warmupS + seconds)
                        + " orders: must be at most " + MAX_ORDERS + "; lower the rate or the seconds");
            }
        }

        @Override
        public long plannedNs(int seq, long nowNs) {
            return seq < ratePerS * (warmupS + seconds) ? seq * 1_000_000_000L / ratePerS : NEVER;
        }

        @Override
        public long warmupNs() {
            return TimeUnit.SECONDS.toNanos(warmupS);
        }

        @Override
        public long endNs() {
            return TimeUnit.SECONDS.toNanos((long) warmupS + seconds);
        }

        @Override
        public int measuredOrders() {
            return ratePerS * seconds;
        }
    }

    /** The next order as soon as a connection is free for it: how much the server takes, not how it feels at a rate. */
    record ClosedLoop(int warmupS, int seconds) implements Pace {

        @Override
        public long plannedNs(int seq, long nowNs) {
            return nowNs < endNs() && seq < MAX_ORDERS ? nowNs : NEVER;
        }

        @Override
        public long warmupNs() {
            return TimeUnit.SECONDS.toNanos(warmupS);
        }

        @Override
        public long endNs() {
            return TimeUnit.SECONDS.toNanos((long) warmupS + seconds);
        }

        @Override
        public int measuredOrders() {
            return -1;
        }
    }
}
