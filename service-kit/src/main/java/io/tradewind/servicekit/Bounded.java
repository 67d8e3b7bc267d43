package io.tradewind.servicekit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Puts a limit on how long a future may take. {@link Future#timeout} would not do: it waits on the event loop that the
 * future belongs to, and what these limits guard against is just that this loop is blocked or gone.
 */
final class Bounded {
    private Bounded() {}

    /**
     * The future, or a TimeoutException when the limit passes first. What is behind the future is not stopped. Completes
     * on the caller's context where there is one.
     */
    static <T> Future<T> within(Duration limit, Future<T> future) {
        if (future.isComplete()) {
            return future;
        }
        CompletableFuture<T> bounded = new CompletableFuture<T>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        future.onComplete(bounded::complete, bounded::completeExceptionally);
        Context context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(bounded) : Future.fromCompletionStage(bounded, context);
    }
}
