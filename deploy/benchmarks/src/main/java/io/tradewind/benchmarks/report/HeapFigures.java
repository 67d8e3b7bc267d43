package io.tradewind.benchmarks.report;

import java.util.List;

/**
 * The heap of the instance during the measured part.
 *
 * @param mostBytes the most that it held, garbage included; 0 when the instance does not say
 * @param full whether it was collected in full for the sake of these figures
 * @param stays what is in use: after a collection in full at the beginning and after each third, or else the least that a
 *     collection of the old generation left in each third that had one
 */
public record HeapFigures(long mostBytes, boolean full, List<Stay> stays) {

    private static final double MS_PER_MINUTE = 60_000;

    /**
     * @param atMs of the measured part, when it was seen
     * @param collections of the old generation that were seen meanwhile
     */
    public record Stay(long atMs, long bytes, int collections) {}

    public HeapFigures {
        stays = List.copyOf(stays);
    }

    /** Of the straight line that fits what stays best (least squares), bytes a minute; NaN with less than two points. */
    public double slopePerMinute() {
        double meanMs = stays.stream().mapToLong(Stay::atMs).average().orElse(Double.NaN);
        double meanBytes = stays.stream().mapToLong(Stay::bytes).average().orElse(Double.NaN);
        double spread = 0;
        double rise = 0;
        for (Stay stay : stays) {
            spread += (stay.atMs() - meanMs) * (stay.atMs() - meanMs);
            rise += (stay.atMs() - meanMs) * (stay.bytes() - meanBytes);
        }
        return spread == 0 ? Double.NaN : rise / spread * MS_PER_MINUTE;
    }
}
