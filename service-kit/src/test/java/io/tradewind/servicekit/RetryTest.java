package io.tradewind.servicekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RetryTest {
    private final Vertx vertx = Vertx.vertx();
    private final Backoff quick = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), new SplittableRandom(1));
    private final AtomicInteger attempts = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(60, TimeUnit.SECONDS);
    }

    private Future<String> failing(int times) {
        if (attempts.incrementAndGet() > times) {
            return Future.succeededFuture("done");
        }
        if (attempts.get() % 2 == 0) {
            throw new IllegalStateException("thrown");
        }
        return Future.failedFuture("failed " + attempts.get());
    }

    @Test
    void shouldTryUntilItWorks() throws Exception {
        Future<String> result = Retry.forever(vertx, "trying", quick, () -> failing(9));
        assertEquals("done", result.await(60, TimeUnit.SECONDS));
        assertEquals(10, attempts.get());
    }

    @Test
    void shouldGiveUpWithTheLastFailure() {
        Future<String> result = Retry.atMost(3, vertx, "trying", quick, () -> failing(9));
        Throwable failure = assertThrows(Exception.class, () -> result.await(60, TimeUnit.SECONDS));
        assertEquals("failed 3", failure.getMessage());
        assertEquals(3, attempts.get());
    }

    @Test
    void shouldStopWhenTold() {
        AtomicBoolean stopped = new AtomicBoolean();
        Future<String> result = Retry.forever(vertx, "trying", quick, stopped::get, () -> {
            stopped.set(true);
            return Future.failedFuture("not yet");
        });
        assertInstanceOf(
                CancellationException.class, assertThrows(Exception.class, () -> result.await(60, TimeUnit.SECONDS)));
    }
}
