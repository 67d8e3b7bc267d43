package io.tradewind.servicekit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries something again until it works, waiting as a {@link Backoff} says. Attempts run one after the other on the
 * context of the caller. Each failure is logged as a warning, so an outage is seen; the wait bounds how often.
 */
public final class Retry {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final Vertx vertx;
    private final String what;
    private final int maxAttempts;
    private final Backoff backoff;
    private final BooleanSupplier stopped;

    private Retry(Vertx vertx, String what, int maxAttempts, Backoff backoff, BooleanSupplier stopped) {
        this.vertx = vertx;
        this.what = what;
        this.maxAttempts = maxAttempts;
        this.backoff = backoff;
        this.stopped = stopped;
    }

    /** Tries for ever. {@code what} completes the sentence "… failed": "connecting to Redis at 127.0.0.1:6379". */
    public static <T> Future<T> forever(Vertx vertx, String what, Backoff backoff, Supplier<Future<T>> attempt) {
        return forever(vertx, what, backoff, () -> false, attempt);
    }

    /** Tries until it works or {@code stopped} says true, then failing with a CancellationException. */
    public static <T> Future<T> forever(
            Vertx vertx, String what, Backoff backoff, BooleanSupplier stopped, Supplier<Future<T>> attempt) {
        return new Retry(vertx, what, UNBOUNDED, backoff, stopped).start(attempt);
    }

    /** Tries at most so many times, then failing with the last failure. */
    public static <T> Future<T> atMost(
            int attempts, Vertx vertx, String what, Backoff backoff, Supplier<Future<T>> attempt) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts = " + attempts + ": must be 1 or more");
        }
        return new Retry(vertx, what, attempts, backoff, () -> false).start(attempt);
    }

    private <T> Future<T> start(Supplier<Future<T>> attempt) {
        Promise<T> promise = Promise.promise();
        run(1, attempt, promise);
        return promise.future();
    }

    private <T> void run(int number, Supplier<Future<T>> attempt, Promise<T> promise) {
        if (stopped.getAsBoolean()) {
            promise.fail(new CancellationException(what + " was given up: stopping"));
            return;
        }
        Future<T> result;
        try {
            result = attempt.get();
        } catch (RuntimeException e) {
            result = Future.failedFuture(e);
        }
        result.onComplete(promise::complete, failure -> afterFailure(number, failure, attempt, promise));
    }

    private <T> void afterFailure(int number, Throwable failure, Supplier<Future<T>> attempt, Promise<T> promise) {
        if (number >= maxAttempts) {
            promise.fail(failure);
            return;
        }
        long waitMs = backoff.delay(number).toMillis();
        LOG.warn("{} failed (attempt {}), next try in {} ms: {}", what, number, waitMs, failure.toString());
        vertx.setTimer(waitMs, fired -> run(number + 1, attempt, promise));
    }
}
