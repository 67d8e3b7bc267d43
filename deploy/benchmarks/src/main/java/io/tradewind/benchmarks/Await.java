package io.tradewind.benchmarks;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on the main thread for what happens on others. Never called on an event loop. */
public final class Await {

    private Await() {}

    /**
     * The result of {@code stage}, awaited for at most {@code timeoutMs}.
     *
     * @param what completes the sentence "… failed", for the message
     * @throws BenchException with {@link BenchException#NOT_REACHABLE} when it fails or does not come in time
     */
    public static <T> T get(CompletionStage<T> stage, long timeoutMs, String what) {
        try {
            return stage.toCompletableFuture().get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchException known) {
                throw known;
            }
            throw BenchException.notReachable(what + " failed: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw BenchException.notReachable(what + " failed: no answer within " + timeoutMs + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted while waiting: " + what);
        }
    }
}
