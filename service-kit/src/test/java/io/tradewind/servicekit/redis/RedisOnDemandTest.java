package io.tradewind.servicekit.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that knows as much of Redis' protocol as is needed, and can fall silent. */
@Timeout(120)
class RedisOnDemandTest {

    private static final long DEADLINE_S = 60;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);
    private static final Request PING = Request.cmd(Command.PING);

    /** A command: its number of words, and the first of them. */
    private static final Pattern COMMANDS = Pattern.compile("\\*\\d+\r\n\\$\\d+\r\n(\\w+)\r\n");

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private final Set<NetSocket> silent = ConcurrentHashMap.newKeySet();
    private RedisOnDemand redis;

    @BeforeEach
    void start() throws Exception {
        NetServer server = vertx.createNetServer().connectHandler(socket -> {
            sockets.add(socket);
            socket.handler(bytes -> answer(socket, bytes));
        });
        await(server.listen(0, "127.0.0.1"));
        redis = new RedisOnDemand(vertx, "redis://127.0.0.1:" + server.actualPort(), CONNECT_TIMEOUT, COMMAND_TIMEOUT);
    }

    @AfterEach
    void close() throws Exception {
        await(onLoop(redis::close));
        await(vertx.close());
    }

    private void answer(NetSocket socket, Buffer bytes) {
        if (!silent.contains(socket)) {
            for (MatchResult command :
                    COMMANDS.matcher(bytes.toString()).results().toList()) {
                socket.write(command.group(1).equalsIgnoreCase("PING") ? "+PONG\r\n" : "-ERR unknown command\r\n");
            }
        }
    }

    @Test
    void shouldConnectWhenItIsAskedAndKeepTheConnection() throws Exception {
        assertTrue(sockets.isEmpty());
        assertEquals("PONG", await(ask(PING)).toString());
        assertEquals("PONG", await(ask(PING)).toString());
        assertEquals(2, await(onLoop(() -> redis.batch(List.of(PING, PING)))).size());
        assertEquals(1, sockets.size());
    }

    @Test
    void shouldTakeAnErrorOfRedisForAnAnswer() throws Exception {
        Future<Response> refused = ask(Request.cmd(Command.CONFIG).arg("GET").arg("appendonly"));
        assertInstanceOf(Response.class, failure(refused));
        assertEquals("PONG", await(ask(PING)).toString());
        assertEquals(1, sockets.size());
    }

    @Test
    void shouldNeverUseAConnectionAgainThatFellSilent() throws Exception {
        await(ask(PING));
        silent.add(sockets.get(0));
        failure(ask(PING));
        assertEquals("PONG", answered().toString());
        assertTrue(sockets.size() > 1);
    }

    @Test
    void shouldConnectAgainAfterTheConnectionEnded() throws Exception {
        await(ask(PING));
        await(sockets.get(0).close());
        assertEquals("PONG", answered().toString());
        assertEquals(2, sockets.size());
    }

    @Test
    void shouldAskNobodyAfterItWasClosed() throws Exception {
        await(onLoop(redis::close));
        failure(ask(PING));
        assertTrue(sockets.isEmpty());
    }

    /** A machine may be too slow for the deadline once: whoever asks, asks again. */
    private Response answered() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (true) {
            Future<Response> answer = ask(PING);
            Throwable failure = outcome(answer);
            if (failure == null) {
                return answer.result();
            }
            assertFalse(System.nanoTime() - deadline > 0, () -> "no answer: " + failure);
        }
    }

    private Future<Response> ask(Request request) {
        return onLoop(() -> redis.send(request));
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> action) {
        return Future.future(promise -> loop.runOnContext(v -> action.get().onComplete(promise)));
    }

    private static Throwable failure(Future<?> future) throws Exception {
        Throwable failure = outcome(future);
        assertFalse(failure == null, "should have failed");
        return failure;
    }

    private static Throwable outcome(Future<?> future) throws Exception {
        return future.map((Throwable) null)
                .otherwise(failure -> failure)
                .toCompletionStage()
                .toCompletableFuture()
                .get(DEADLINE_S, TimeUnit.SECONDS);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_S, TimeUnit.SECONDS);
    }
}
