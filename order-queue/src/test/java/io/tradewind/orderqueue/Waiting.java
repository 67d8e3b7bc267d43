package io.tradewind.orderqueue;

import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for answers and conditions, never without a limit. Blocking; any thread but an event loop. */
final class Waiting {

    /** Beyond what the slowest machine needs. */
    static final long LIMIT_MS = 120_000;

    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private Waiting() {}

    /** What is expected to be true some day. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /** The answer, or what it failed with. */
    static <T> T await(Future<T> future) throws Exception {
        return future.await(LIMIT_MS, TimeUnit.MILLISECONDS);
    }

    /** Returns when the condition holds. */
    static void until(String what, Condition condition) throws Exception {
        long begunNs = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begunNs > TimeUnit.MILLISECONDS.toNanos(LIMIT_MS)) {
                fail("not in time: " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }
}
