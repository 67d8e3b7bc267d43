package io.tradewind.statestore.endpoint;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Lets one piece of work run at a time, in the order in which they came. On one event loop. */
final class Turns {

    /** Pieces that wait at most. */
    static final int MAX_WAITING = 64;

    private Future<?> last = Future.succeededFuture();
    private int waiting;

    /** Whether nothing runs or waits. */
    boolean isIdle() {
        return waiting == 0;
    }

    <T> Future<T> take(String what, Supplier<Future<T>> work) {
        if (waiting >= MAX_WAITING) {
            return Future.failedFuture(what + ": " + waiting + " pieces of work wait already, the limit: try again");
        }
        waiting++;
        Future<T> done = last.transform(before -> work.get()).onComplete(after -> waiting--);
        last = done;
        return done;
    }
}
