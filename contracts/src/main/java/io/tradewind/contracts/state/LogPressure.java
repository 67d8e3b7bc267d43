package io.tradewind.contracts.state;

import java.util.Objects;

/**
 * Event: the memory of the log is getting short, begin nothing new. Said again about every second for as long as it lasts,
 * so that a lost one does not matter; it ends by itself when it is not said again, so that nobody has to hear its end.
 *
 * @param usedBytes what Redis uses
 * @param budgetBytes what it may use
 * @param validMs for how long this holds from when it is heard on, milliseconds
 */
public record LogPressure(Level level, long usedBytes, long budgetBytes, long validMs) {

    /** How short, from well to worst. */
    public enum Level {
        /** There is room. */
        NORMAL,
        /** New work is to wait; everything is still written. */
        SLOW_DOWN,
        /** Over the budget: only {@link Durability#SETTLING} writes are taken. */
        FULL,
        /** So far over the budget that nothing is taken. */
        HARD_STOP
    }

    public LogPressure {
        Objects.requireNonNull(level, "level");
        if (usedBytes < 0 || budgetBytes < 0 || validMs < 0) {
            throw new IllegalArgumentException("log pressure of " + usedBytes + " of " + budgetBytes + " bytes for "
                    + validMs + " ms: must not be negative");
        }
    }
}
