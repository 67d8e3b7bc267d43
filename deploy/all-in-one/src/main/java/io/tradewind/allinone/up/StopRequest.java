package io.tradewind.allinone.up;

import io.tradewind.servicekit.Signals;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The user's wish that the process ends, by Ctrl-C or SIGTERM. The main thread waits for it, and whatever else it waits
 * for, it waits for no longer than that. Any thread may ask.
 */
final class StopRequest {

    private final CompletableFuture<Void> asked = new CompletableFuture<>();

    /** The request came while something was waited for. */
    static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped before it was ready");
        }
    }

    /** Asked by the first signal; a later one ends the process at once. */
    static StopRequest onSignals() {
        StopRequest request = new StopRequest();
        Signals.onTerminate(request::ask);
        return request;
    }

    void ask() {
        asked.complete(null);
    }

    /** Blocks until the process shall end. */
    void await() {
        asked.join();
    }

    /**
     * The result of a step of the start.
     *
     * @param step named in the message of the TimeoutException
     * @throws Exception the step's own failure
     * @throws StoppedException when the process shall end first
     */
    <T> T result(String step, CompletableFuture<T> result, Duration limit) throws Exception {
        CompletableFuture<Object> first = CompletableFuture.anyOf(result, asked);
        try {
            first.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new TimeoutException(step + " took longer than " + limit.toSeconds() + " s");
        }
        if (!result.isDone()) {
            throw new StoppedException();
        }
        return result.join();
    }
}
