package io.tradewind.allinone.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StopRequestTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final StopRequest stop = new StopRequest();

    @Test
    void shouldHandOnResultAndFailure() throws Exception {
        assertEquals("x", stop.result("step", CompletableFuture.completedFuture("x"), LONG));
        IllegalStateException failure = new IllegalStateException("no");
        assertSame(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> stop.result("step", CompletableFuture.failedFuture(failure), LONG)));
    }

    @Test
    void shouldNotWaitForAStepOnceTheEndIsAskedFor() {
        stop.ask();
        assertThrows(
                StopRequest.StoppedException.class, () -> stop.result("step", new CompletableFuture<String>(), LONG));
    }

    @Test
    void shouldNameTheStepThatTookTooLong() {
        TimeoutException failure = assertThrows(
                TimeoutException.class,
                () -> stop.result("starting Redis", new CompletableFuture<String>(), Duration.ofMillis(5)));
        assertEquals("starting Redis took longer than 0 s", failure.getMessage());
    }
}
