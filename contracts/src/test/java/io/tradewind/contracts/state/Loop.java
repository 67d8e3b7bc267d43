package io.tradewind.contracts.state;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Steps of a test on one event loop, and waiting for what comes of them, with a deadline. */
record Loop(Context context) {

    static final long DEADLINE_MS = 30_000;
    private static final int POLL_MS = 2;

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(2 * DEADLINE_MS, TimeUnit.MILLISECONDS);
    }

    /** Runs a step; all of it happens before anything that it causes on this loop. */
    <T> T call(Callable<T> step) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(v -> {
            try {
                done.complete(step.call());
            } catch (Exception | AssertionError e) {
                done.fail(e);
            }
        });
        return await(done.future());
    }

    void run(Runnable step) throws Exception {
        call(() -> {
            step.run();
            return null;
        });
    }

    /** Completes when the condition holds on this loop. */
    Future<Void> until(String what, Supplier<Boolean> condition) {
        Promise<Void> promise = Promise.promise();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
        context.runOnContext(v -> poll(what, condition, deadline, promise));
        return promise.future();
    }

    private void poll(String what, Supplier<Boolean> condition, long deadline, Promise<Void> promise) {
        if (condition.get()) {
            promise.complete();
        } else if (System.nanoTime() > deadline) {
            promise.fail("not within " + DEADLINE_MS + " ms: " + what);
        } else {
            context.owner()
                    .setTimer(POLL_MS, id -> context.runOnContext(v -> poll(what, condition, deadline, promise)));
        }
    }
}
