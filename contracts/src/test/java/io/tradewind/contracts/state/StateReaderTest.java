package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.MessageCodecs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StateReaderTest {

    private static final long AS_OF_MS = 1_790_000_000_000L;
    private static final int MAX_ANSWERS = 3;
    private static final long MAX_BYTES = 100_000;

    private Vertx vertx;
    private StateReader reader;
    private volatile Failure failure;
    private volatile int documentBytes = 10;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        MessageCodecs.registerAll(vertx.eventBus());
        for (int p = 0; p < Partitions.COUNT; p++) {
            vertx.eventBus().<ReadEntities>consumer(Addresses.stateRead(p), this::answer);
        }
        reader = new StateReader(new StateClient(vertx.eventBus(), Duration.ofSeconds(30)), MAX_ANSWERS, MAX_BYTES);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private void answer(Message<ReadEntities> message) {
        if (failure != null) {
            message.fail(failure.code(), "away");
            return;
        }
        ReadEntities query = message.body();
        EntityKey key =
                new EntityKey(query.domain(), query.partitionKey(), query.ids().get(0));
        Entity entity = new Entity(key, 7, AS_OF_MS, Json.of("x".repeat(documentBytes)));
        message.reply(new EntitiesPage(9, AS_OF_MS, false, List.of(entity), false));
    }

    @Test
    void shouldGiveTheLastAnswerMarkedStaleWhileTheOwnerIsAway() throws Exception {
        EntitiesPage fresh = read("a");
        assertFalse(fresh.stale());
        for (Failure away : List.of(Failure.UNAVAILABLE, Failure.UNKNOWN, Failure.INTERNAL)) {
            failure = away;
            assertEquals(fresh.known(AS_OF_MS, true), read("a"), "as old as it is, and stale");
        }
        failure = null;
        assertEquals(fresh, read("a"));
    }

    @Test
    void shouldAnswerFromMemoryHoweverFreshItWasAskedFor() throws Exception {
        read("a");
        failure = Failure.UNAVAILABLE;

        EntitiesPage page = await(reader.read(query("a").noOlderThan(5)));

        assertTrue(page.stale());
        assertEquals(AS_OF_MS, page.asOfMs());
    }

    @Test
    void shouldFailClearlyWhenThereIsNothingToRemember() {
        failure = Failure.UNAVAILABLE;

        Throwable cause =
                assertThrows(ExecutionException.class, () -> read("a")).getCause();

        assertEquals(Failure.UNAVAILABLE, Failure.of(cause));
    }

    @Test
    void shouldNotAnswerAWrongQuestionFromMemory() throws Exception {
        read("a");
        failure = Failure.INVALID;

        assertThrows(ExecutionException.class, () -> read("a"));
    }

    @Test
    void shouldKeepNoMoreAnswersThanAllowedAndForgetTheLeastAskedFor() throws Exception {
        read("a");
        read("b");
        read("c");
        read("a");
        read("d");

        assertEquals(MAX_ANSWERS, reader.answers());
        failure = Failure.UNAVAILABLE;
        assertTrue(read("a").stale());
        assertThrows(ExecutionException.class, () -> read("b"));
    }

    @Test
    void shouldKeepNoMoreBytesThanAllowed() throws Exception {
        documentBytes = 20_000;
        read("a");
        assertEquals(0, reader.answers(), "too large a part of all");
        documentBytes = 11_000;
        for (int i = 0; i < 50; i++) {
            read("id-" + i % 7);
            assertTrue(reader.bytes() <= MAX_BYTES, "at " + i);
        }
        documentBytes = 20_000;
        read("id-0");
        read("id-1");
        read("id-2");
        read("id-3");
        read("id-4");
        read("id-5");
        read("id-6");
        assertEquals(0, reader.answers(), "an answer that grew is forgotten, too");
        assertEquals(0, reader.bytes());
    }

    private static ReadEntities query(String id) {
        return ReadEntities.one(new EntityKey("order", "alice", id));
    }

    private EntitiesPage read(String id) throws Exception {
        return await(reader.read(query(id)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
