package io.tradewind.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * What a run of the generator found.
 *
 * @param measuredOrders what was planned for the measured part
 * @param latencyUs from the planned time to the answer, acknowledged orders of the measured part, microseconds
 * @param serviceUs from sending to the answer, the same orders, microseconds
 * @param measuredNs from the beginning of the measured part to its last acknowledgement
 * @param worstDelayNs most that the sending of an order was late, because no connection was free for it
 * @param behindSchedule why sending was stopped before the end; {@code null} when it was not
 * @param transport epoll or nio
 */
public record LoadResult(
        long measuredOrders,
        Tally warmup,
        Tally measured,
        Outcomes outcomes,
        Histogram latencyUs,
        Histogram serviceUs,
        long measuredNs,
        long worstDelayNs,
        String behindSchedule,
        String transport) {

    public double acknowledgedPerS() {
        return measuredNs == 0 ? 0 : measured.acknowledged() * 1e9 / measuredNs;
    }

    /** Everything planned was sent, and everything sent was acknowledged. */
    public boolean isClean() {
        return behindSchedule == null
                && warmup.isClean()
                && measured.isClean()
                && measured.sent() == measuredOrders
                && measured.sent() > 0;
    }
}
