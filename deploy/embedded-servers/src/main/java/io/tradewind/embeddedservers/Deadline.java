package io.tradewind.embeddedservers;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A moment after which waiting is given up. One thread; monotonic, so a change of the wall clock does not matter. */
final class Deadline {
    /** Between two looks at a server that is starting or stopping: short against what they take, long against a look's cost. */
    private static final long POLL_MS = 10;

    private final long endNs;

    private Deadline(long endNs) {
        this.endNs = endNs;
    }

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    boolean passed() {
        return System.nanoTime() - endNs >= 0;
    }

    /** @return milliseconds that are left, at least 1, so that it can be given to calls for which 0 means for ever */
    int leftMs() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime())));
    }

    /** Lets a little time pass before the next look. An interrupt stays set and becomes an exception. */
    static void pause(String waitingFor) {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while waiting for " + waitingFor, e);
        }
    }
}
