package io.tradewind.statestore.snapshot;

import java.util.Random;

/** Runs a random test for many seeds. A failure names its seed; {@code -Dseed=…} runs that one alone. */
final class Seeds {

    private Seeds() {}

    /** One run; whatever is random in it comes from {@code random}. */
    @FunctionalInterface
    interface Run {
        void run(Random random) throws Exception;
    }

    static void each(int count, Run run) {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? count : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                run.run(new Random(seed));
            } catch (Exception | AssertionError | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + " failed (repeat with -Dseed=" + seed + "): " + e, e);
            }
        }
    }
}
