package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.LogPressure.Level;

/**
 * How short the memory of the log is. A level begins at one share of the budget and ends at a lower one, so that it does
 * not flutter when the use wavers around a border:
 *
 * <pre>
 *   level        begins   ends below
 *   SLOW_DOWN      80 %      70 %      new work waits
 *   FULL          100 %      90 %      only SETTLING commits are taken
 *   HARD_STOP     125 %     115 %      nothing is taken
 * </pre>
 *
 * Where Redis has a {@code maxmemory} of its own, the budget is at most as large that the hard stop comes no later than
 * Redis itself refuses. Pure; on one thread.
 */
public final class LogBudget {

    private static final int PERCENT = 100;
    private static final int HARD_STOP_PERCENT = 125;

    private final long configuredBytes;
    private Level level = Level.NORMAL;
    private long usedBytes;
    private long budgetBytes;

    /** @param configuredBytes what the log may use, more than 0 */
    public LogBudget(long configuredBytes) {
        if (configuredBytes <= 0) {
            throw new IllegalArgumentException("log budget of " + configuredBytes + " bytes: must be more than 0");
        }
        this.configuredBytes = configuredBytes;
        this.budgetBytes = configuredBytes;
    }

    /**
     * Takes what Redis says of itself.
     *
     * @param used bytes that it uses
     * @param maxMemory bytes after which it refuses to write; 0 when it does not
     * @return whether the level is another one now
     */
    public boolean measured(long used, long maxMemory) {
        usedBytes = used;
        long most = maxMemory <= 0 ? Long.MAX_VALUE : share(maxMemory, PERCENT, HARD_STOP_PERCENT);
        budgetBytes = Math.max(1, Math.min(configuredBytes, most));
        Level before = level;
        level = next();
        return level != before;
    }

    private Level next() {
        Level reached = Level.NORMAL;
        for (Level candidate : Level.values()) {
            int border = candidate.compareTo(level) <= 0 ? endsBelow(candidate) : beginsAt(candidate);
            if (usedBytes >= share(budgetBytes, border, PERCENT)) {
                reached = candidate;
            }
        }
        return reached;
    }

    private static int beginsAt(Level level) {
        return switch (level) {
            case NORMAL -> 0;
            case SLOW_DOWN -> 80;
            case FULL -> 100;
            case HARD_STOP -> HARD_STOP_PERCENT;
        };
    }

    private static int endsBelow(Level level) {
        return switch (level) {
            case NORMAL -> 0;
            case SLOW_DOWN -> 70;
            case FULL -> 90;
            case HARD_STOP -> 115;
        };
    }

    /** Without overflow for any size that a machine can have, and exact enough for a border. */
    private static long share(long bytes, int numerator, int denominator) {
        return bytes / denominator * numerator + bytes % denominator * numerator / denominator;
    }

    public Level level() {
        return level;
    }

    public long usedBytes() {
        return usedBytes;
    }

    /** What may be used: as configured, or less when Redis allows less. */
    public long budgetBytes() {
        return budgetBytes;
    }

    /** Whether a commit may be taken now. */
    public boolean takes(Durability durability) {
        return level.compareTo(Level.FULL) < 0 || (level == Level.FULL && durability == Durability.SETTLING);
    }

    /** What is short, which values, what it means and what to do, in one sentence; {@code null} when nothing is. */
    public String sentence() {
        String use = "the log uses " + mebibytes(usedBytes) + " of " + mebibytes(budgetBytes) + " MiB";
        String remedy = "; it shrinks when a snapshot is written and db-sync keeps up, or raise state-store.log.budget"
                + (budgetBytes < configuredBytes ? " and the maxmemory of Redis" : "");
        return switch (level) {
            case NORMAL -> null;
            case SLOW_DOWN -> use + ": no new orders are admitted" + remedy;
            case FULL -> use + ": only what has happened already is still written" + remedy;
            case HARD_STOP -> use + ": nothing is written any more" + remedy;
        };
    }

    private static String mebibytes(long bytes) {
        return String.valueOf(bytes >> 20);
    }
}
