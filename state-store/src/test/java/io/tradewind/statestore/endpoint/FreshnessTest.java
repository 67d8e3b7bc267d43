package io.tradewind.statestore.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.ReadEntities;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FreshnessTest {

    private static final long AN_HOUR_MS = 3_600_000;

    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final List<Promise<Boolean>> asked = new ArrayList<>();
    private Vertx vertx;
    private Freshness freshness;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        freshness = onLoop(() -> new Freshness(vertx, this::ask));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private Future<Boolean> ask() {
        Promise<Boolean> answer = Promise.promise();
        asked.add(answer);
        return answer.future();
    }

    @Test
    void shouldAnswerAtOnceWhenItIsFreshEnough() throws Exception {
        onLoop(() -> {
            freshness.confirmed(System.nanoTime());
            read("any", ReadEntities.ANY_AGE);
            read("hour", AN_HOUR_MS);
            return null;
        });

        assertEquals("any true", next());
        assertEquals("hour true", next());
        assertEquals(0, asked.size());
    }

    @Test
    void shouldAnswerWhateverItsAgeWhenThatDoesNotMatter() throws Exception {
        onLoop(() -> {
            read("any", ReadEntities.ANY_AGE);
            return null;
        });

        assertEquals("any true", next());
        assertEquals(0, asked.size());
    }

    @Test
    void shouldAskOnceForAllWhoWaitAndAgainForThoseWhoCameWhileItAsked() throws Exception {
        onLoop(() -> {
            read("a", 0);
            assertEquals(1, asked.size());
            read("b", 0);
            read("c", 0);
            assertEquals(1, asked.size(), "one question at a time");
            asked.get(0).complete(true);
            assertEquals(List.of("a true"), List.copyOf(told), "the answer is older than the question of the others");
            assertEquals(2, asked.size());
            asked.get(1).complete(true);
            assertEquals(List.of("a true", "b true", "c true"), List.copyOf(told));
            return null;
        });
    }

    @Test
    void shouldSayThatItIsNotConfirmedWhenTheLogSaysNoOrFails() throws Exception {
        onLoop(() -> {
            read("no", 0);
            asked.get(0).complete(false);
            read("failed", 0);
            asked.get(1).fail("no connection to Redis");
            return null;
        });

        assertEquals("no false", next());
        assertEquals("failed false", next());
    }

    @Test
    void shouldNotKeepReadersWaitingForALogThatDoesNotAnswer() throws Exception {
        onLoop(() -> {
            read("first", 0);
            read("second", 0);
            return null;
        });
        assertEquals("first false", next());
        assertEquals("second false", next(), "though its own question was not even asked");

        onLoop(() -> {
            assertEquals(1, asked.size());
            read("third", 0);
            asked.get(0).complete(true);
            asked.get(1).complete(true);
            return null;
        });
        assertEquals("third true", next());
        assertTrue(told.isEmpty(), "nobody is told twice");
    }

    @Test
    void shouldNotHaveMoreWaitingThanAllowed() throws Exception {
        onLoop(() -> {
            read("asking", 0);
            for (int i = 0; i < Freshness.MAX_WAITING; i++) {
                freshness.whenFresh(0, confirmed -> {});
            }
            read("too many", 0);
            return null;
        });

        assertEquals("too many false", next());
    }

    private void read(String name, long maxAgeMs) {
        freshness.whenFresh(maxAgeMs, confirmed -> told.add(name + " " + confirmed));
    }

    private String next() throws InterruptedException {
        return told.poll(30, TimeUnit.SECONDS);
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        vertx.runOnContext(v -> {
            try {
                done.complete(work.call());
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(30, TimeUnit.SECONDS);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
