package io.tradewind.systemtests.harness;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Waits for conditions, never without a limit. Blocking; any thread. */
public final class Waiting {

    private static final long LOOK_AGAIN_MS = 20;

    /** What is expected to be true some day; may throw while it is not. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Waiting() {}

    /** Returns when {@code condition} holds. What it throws meanwhile counts as "not yet", and is told in the end. */
    public static void until(String what, Duration limit, Condition condition) {
        valueOf(what, limit, condition::holds, holds -> holds);
    }

    /** The first value that {@code enough} likes. */
    public static <T> T valueOf(String what, Duration limit, Callable<T> value, Predicate<T> enough) {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        T last = null;
        Exception failure = null;
        do {
            try {
                last = value.call();
                failure = null;
                if (enough.test(last)) {
                    return last;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what, e);
            } catch (Exception e) {
                failure = e;
            }
            pause();
        } while (System.nanoTime() < deadlineNs);
        AssertionError error = new AssertionError(
                "not within " + limit.toMillis() + " ms: " + what + (failure == null ? "; last seen: " + last : ""));
        error.initCause(failure == null ? new TimeoutException(what) : failure);
        throw error;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
