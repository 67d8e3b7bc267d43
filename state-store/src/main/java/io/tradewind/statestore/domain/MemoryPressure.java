package io.tradewind.statestore.domain;

import java.util.Map;

/**
 * Decides how scarce memory is from what the state takes of its budget. A level is entered at its threshold and left
 * only well below it, so that it does not flutter. Pure; not thread safe.
 */
public final class MemoryPressure {

    /** How far below its threshold usage must be for a level to end, as a fraction of the budget. */
    public static final double HYSTERESIS = 0.05;

    private final long budgetBytes;
    private final Map<MemoryLevel, Double> thresholds;
    private MemoryLevel level = MemoryLevel.NORMAL;
    private long usedBytes;

    /**
     * @param budgetBytes from 1
     * @param compressAt fraction of the budget from which on everything that rests is compressed
     * @param evictAt not below {@code compressAt}
     * @param refuseAt not below {@code evictAt}
     */
    public MemoryPressure(long budgetBytes, double compressAt, double evictAt, double refuseAt) {
        if (budgetBytes < 1) {
            throw new IllegalArgumentException("memory budget of " + budgetBytes + " bytes: must be from 1");
        }
        if (!(0 < compressAt && compressAt <= evictAt && evictAt <= refuseAt)) {
            throw new IllegalArgumentException("memory thresholds " + compressAt + ", " + evictAt + ", " + refuseAt
                    + ": must be above 0 and in ascending order");
        }
        this.budgetBytes = budgetBytes;
        this.thresholds =
                Map.of(MemoryLevel.COMPRESS, compressAt, MemoryLevel.EVICT, evictAt, MemoryLevel.REFUSE, refuseAt);
    }

    /** Notes what the state takes now. */
    public MemoryLevel update(long bytes) {
        usedBytes = bytes;
        double fraction = (double) bytes / budgetBytes;
        MemoryLevel next = MemoryLevel.NORMAL;
        for (MemoryLevel candidate : MemoryLevel.values()) {
            // A level that holds already ends later than it began.
            double from = thresholds.getOrDefault(candidate, 0.0) - (isAtLeast(candidate) ? HYSTERESIS : 0);
            next = fraction >= from ? candidate : next;
        }
        level = next;
        return level;
    }

    public MemoryLevel level() {
        return level;
    }

    public boolean isAtLeast(MemoryLevel other) {
        return level.compareTo(other) >= 0;
    }

    public long usedBytes() {
        return usedBytes;
    }

    public long budgetBytes() {
        return budgetBytes;
    }

    /** What a person should know, in one sentence; {@code null} when there is enough memory. */
    public String sentence() {
        if (level == MemoryLevel.NORMAL) {
            return null;
        }
        String doing =
                switch (level) {
                    case COMPRESS -> "everything that rests is compressed";
                    case EVICT -> "what the database has leaves early";
                    default -> "relaxed writes are refused";
                };
        return "the state takes " + mebibytes(usedBytes) + " MiB of its budget of " + mebibytes(budgetBytes) + " MiB: "
                + doing + "; raise state-store.memory.budget, or shorten state-store.retention";
    }

    /** Why a relaxed write is refused, naming budget and usage; {@code null} when it is not. */
    public String refusal() {
        return level == MemoryLevel.REFUSE ? sentence() : null;
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 19)) >> 20;
    }
}
