package io.tradewind.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.benchmarks.Await;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The generator against servers that do not do what they should. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LoadGeneratorIT {

    /** Neither decides anything but in the tests that say so: a busy machine is no lost answer and no missed schedule. */
    private static final long PATIENCE_MS = 60_000;

    private static final long LIMIT_MS = 60_000;

    private final Vertx vertx = Vertx.vertx();
    private int requests;

    @AfterEach
    void close() {
        Await.get(vertx.close().toCompletionStage(), LIMIT_MS, "closing");
    }

    @Test
    void shouldSendEveryPlannedOrderOnceAndInOrder() throws Exception {
        StringBuilder order = new StringBuilder();
        Target target = serve(request -> request.body().onSuccess(body -> {
            order.append(body.toJsonObject().getString("client_order_id").substring("run-".length()))
                    .append(' ');
            request.response().end("{}");
        }));
        LoadResult result = run(target, new Pace.OpenLoop(200, 0, 1), 1, 1);
        assertTrue(result.isClean());
        assertEquals(200, result.measured().acknowledged());
        assertTrue(order.toString().startsWith("000000000 000000001 000000002 "), order.toString());
        assertTrue(order.toString().endsWith(" 000000199 "), order.toString());
    }

    @Test
    void shouldCountUnansweredOrdersAsUnknownAndGoOn() throws Exception {
        Target target = serve(request -> {
            if (requests++ != 3) {
                request.response().end("{}");
            }
        });
        LoadResult result = run(target, new Pace.OpenLoop(20, 0, 1), 1, 1, 10_000, PATIENCE_MS);
        assertEquals(Map.of("no answer within 10000 ms", 1L), result.measured().unknown());
        assertEquals(19, result.measured().acknowledged());
        assertTrue(result.outcomes().isUnknown(3));
        // What waited for the connection was late, and that is in the figures.
        assertTrue(result.latencyUs().getMaxValue() > result.serviceUs().getMaxValue());
    }

    @Test
    void shouldNameAnAnswerItCannotRead() throws Exception {
        Target target = serve(request -> {
            if (requests++ == 3) {
                request.response().setChunked(true).end("{}");
            } else {
                request.response().end("{}");
            }
        });
        LoadResult result = run(target, new Pace.OpenLoop(20, 0, 1), 1, 1);
        assertEquals(1, result.measured().errors().size());
        String error = result.measured().errors().keySet().iterator().next();
        assertTrue(error.contains("transfer-encoding"), error);
        assertEquals(Map.of("unreadable answer", 1L), result.measured().unknown());
        assertFalse(result.isClean());
    }

    @Test
    void shouldStopWhenTooFarBehindSchedule() throws Exception {
        Target target = serve(request -> {
            // Never answers.
        });
        LoadResult result = run(target, new Pace.OpenLoop(100, 0, 30), 1, 1, 500, 1_000);
        assertNotNull(result.behindSchedule());
        assertTrue(result.measured().sent() < 100, "sent " + result.measured().sent());
        assertEquals(3_000, result.measuredOrders());
        assertFalse(result.isClean());
    }

    @Test
    void shouldKeepSeveralInFlightWhenToldTo() throws Exception {
        Target target = serve(request -> request.response().end("{}"));
        LoadResult result = run(target, new Pace.ClosedLoop(0, 1), 2, 8);
        assertTrue(result.isClean());
        assertEquals(result.outcomes().sentCount(), result.outcomes().acknowledgedCount());
    }

    @Test
    void shouldFailWhenNobodyListens() throws Exception {
        Target target = serve(request -> {});
        Await.get(vertx.close().toCompletionStage(), LIMIT_MS, "closing");
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> run(target, new Pace.ClosedLoop(0, 1), 2, 1));
        assertInstanceOf(IOException.class, failure.getCause());
    }

    private Target serve(Handler<HttpServerRequest> handler) {
        HttpServer server = vertx.createHttpServer().requestHandler(handler);
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage(), LIMIT_MS, "listening");
        return new Target("127.0.0.1", server.actualPort());
    }

    private static LoadResult run(Target target, Pace pace, int connections, int pipeline) throws Exception {
        return run(target, pace, connections, pipeline, PATIENCE_MS, PATIENCE_MS);
    }

    private static LoadResult run(
            Target target, Pace pace, int connections, int pipeline, long timeoutMs, long maxBehindMs)
            throws Exception {
        OrderRequests requests =
                new OrderRequests(target, "key", "secret", "run-", Map.of("AAPL", BigDecimal.TEN), BigDecimal.ONE, 0);
        LoadGenerator.Settings settings = new LoadGenerator.Settings(connections, pipeline, timeoutMs, maxBehindMs);
        return new LoadGenerator(target, pace, requests, settings).run().get(2 * PATIENCE_MS, TimeUnit.MILLISECONDS);
    }
}
