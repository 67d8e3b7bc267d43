package io.tradewind.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FailureTest {

    private static Throwable failureOf(Future<?> future) {
        return assertThrows(
                        ExecutionException.class,
                        () -> future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS))
                .getCause();
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void shouldComeBackFromTheExceptionThatItMade(Failure failure) {
        ReplyException exception = failure.exception("why");
        assertEquals(failure, Failure.of(exception));
        assertEquals("why", exception.getMessage());
        assertEquals(failure.code(), exception.failureCode());
    }

    @Test
    void shouldHaveACodeOfItsOwnForEach() {
        assertEquals(
                Failure.values().length,
                Arrays.stream(Failure.values()).map(Failure::code).distinct().count());
    }

    @Test
    void shouldClassifyWhatTheEventBusSays() {
        assertEquals(Failure.UNAVAILABLE, Failure.of(new ReplyException(ReplyFailure.NO_HANDLERS)));
        assertEquals(Failure.UNKNOWN, Failure.of(new ReplyException(ReplyFailure.TIMEOUT)));
        assertEquals(Failure.UNKNOWN, Failure.of(new ReplyException(ReplyFailure.ERROR)));
        assertEquals(Failure.INTERNAL, Failure.of(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, -1, "thrown")));
        assertEquals(Failure.INTERNAL, Failure.of(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 418, "new")));
    }

    @Test
    void shouldTakeAnythingElseForABug() {
        assertEquals(Failure.INTERNAL, Failure.of(new IllegalStateException("bug")));
        assertEquals(Failure.INTERNAL, Failure.of(new IOException("broken")));
    }

    @Test
    void shouldClassifyRealRequests() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            EventBus bus = vertx.eventBus();
            assertEquals(Failure.UNAVAILABLE, Failure.of(failureOf(bus.request("nobody", "?"))));
            // Heard, perhaps done, never answered.
            bus.consumer("silent", message -> {});
            DeliveryOptions soon = new DeliveryOptions().setSendTimeout(20);
            assertEquals(Failure.UNKNOWN, Failure.of(failureOf(bus.request("silent", "?", soon))));
            bus.consumer("refusing", message -> message.fail(Failure.INVALID.code(), "no"));
            assertEquals(Failure.INVALID, Failure.of(failureOf(bus.request("refusing", "?"))));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }
}
