package io.tradewind.servicekit.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis for those who ask now and then. It is opened when somebody asks; one that ended, failed or
 * missed a deadline is dropped, and who asks next opens another: how often one asks is the backoff. An error that Redis
 * answers with is an answer, and no reason to drop anything.
 *
 * <p>Used on one event loop. Closed by whoever made it.
 */
public final class RedisOnDemand {

    private static final Logger LOG = LoggerFactory.getLogger(RedisOnDemand.class);

    private final Vertx vertx;
    private final RedisOptions options;
    private final long connectTimeoutMs;
    private final long commandTimeoutMs;

    /**
     * A connection that there is or that is being opened, with a client of its own. A client is never used for a second
     * one: it keeps connections that are "closed" in a pool, and would hand out the very one that does not answer.
     */
    private static final class Line {
        final Redis client;
        final Future<RedisConnection> opening;

        Line(Redis client, Future<RedisConnection> opening) {
            this.client = client;
            this.opening = opening;
        }
    }

    private Line line;
    private boolean closed;

    /**
     * @param connectTimeout longest wait for a connection and the first words with the server
     * @param commandTimeout longest wait for each answer
     */
    public RedisOnDemand(Vertx vertx, String uri, Duration connectTimeout, Duration commandTimeout) {
        this.vertx = vertx;
        this.connectTimeoutMs = connectTimeout.toMillis();
        this.commandTimeoutMs = commandTimeout.toMillis();
        this.options = new RedisOptions()
                .setConnectionString(uri)
                // The newer protocol shapes the answers to some commands differently.
                .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                .setNetClientOptions(new NetClientOptions()
                        .setConnectTimeout((int) connectTimeoutMs)
                        .setTcpKeepAlive(true)
                        .setTcpNoDelay(true));
    }

    /** A failed future says nothing about whether Redis has carried it out. */
    public Future<Response> send(Request request) {
        return ask(connection -> connection.send(request));
    }

    /** All in one round trip; one that Redis refuses fails the batch, though the others were carried out. */
    public Future<List<Response>> batch(List<Request> requests) {
        return ask(connection -> connection.batch(requests));
    }

    /** What is in flight fails. */
    public Future<Void> close() {
        closed = true;
        Line old = line;
        line = null;
        return old == null ? Future.succeededFuture() : old.client.close();
    }

    private <T> Future<T> ask(Function<RedisConnection, Future<T>> question) {
        if (closed) {
            return Future.failedFuture("closed");
        }
        Line asked = line == null ? open() : line;
        return asked.opening.compose(connection -> question.apply(connection)
                .timeout(commandTimeoutMs, TimeUnit.MILLISECONDS)
                .onFailure(failure -> {
                    if (!(failure instanceof Response)) {
                        drop(asked, failure.toString());
                    }
                }));
    }

    private Line open() {
        Redis client = Redis.createClient(vertx, options);
        Future<RedisConnection> attempt = client.connect();
        Line opened = new Line(client, attempt.timeout(connectTimeoutMs, TimeUnit.MILLISECONDS));
        line = opened;
        attempt.onSuccess(late -> {
            if (line != opened) {
                close(client); // later than its deadline: nobody waits for it any more
            }
        });
        opened.opening
                .onSuccess(connection -> {
                    connection.endHandler(end -> drop(opened, "it ended"));
                    connection.exceptionHandler(failure -> drop(opened, failure.toString()));
                })
                .onFailure(failure -> drop(opened, failure.toString()));
        return opened;
    }

    private void drop(Line dropped, String why) {
        if (line == dropped) {
            LOG.debug("connection to Redis dropped: {}", why);
            line = null;
            close(dropped.client);
        }
    }

    private static void close(Redis unused) {
        unused.close().onFailure(failure -> LOG.debug("closing an unused connection to Redis", failure));
    }
}
