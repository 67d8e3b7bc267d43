package io.tradewind.statestore.endpoint;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Does one thing after another, in the order asked for. On one event loop. */
final class OneByOne {

    /** Things that wait for their turn, at most. */
    static final int MAX_WAITING = 64;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    boolean isBusy() {
        return busy;
    }

    /** Begins {@code work} when what was asked for before has ended; fails at once when too much waits. */
    <T> Future<T> run(Supplier<Future<T>> work) {
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(MAX_WAITING + " commands wait for their turn, the limit: try again later");
        }
        Promise<T> done = Promise.promise();
        waiting.addLast(() -> work.get().onComplete(ended -> {
            busy = false;
            done.handle(ended);
            next();
        }));
        next();
        return done.future();
    }

    private void next() {
        if (!busy && !waiting.isEmpty()) {
            busy = true;
            waiting.removeFirst().run();
        }
    }
}
