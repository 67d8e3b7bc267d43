package io.tradewind.statestore.redis;

import io.tradewind.servicekit.Backoff;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis that is kept alive: lost, it is opened again with backoff for as long as it takes. Commands
 * are pipelined and answered in order. A command that Redis does not answer in time makes the connection useless, since
 * nobody can tell its later answers apart: it is closed, and everything on it fails as unknown. Connecting has a deadline
 * of its own, which covers the first words with the server as well: one that accepts and then is silent is not waited for.
 *
 * <p>Lives on the event loop that {@link #start} was called on. Closed by whoever started it.
 */
public final class RedisLink {

    /** Hears when commands can be sent. Called on the event loop of the link. */
    public interface Listener {
        void onUp();

        void onDown();
    }

    /** Commands on their way at the same time: what all partitions may have, and their reads. */
    private static final int MAX_IN_FLIGHT = 2_048;

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private final Vertx vertx;
    private final RedisOptions options;
    private final String address;
    private final Duration connectDeadline;
    private final Duration commandDeadline;
    private final Backoff backoff;
    private final Function<RedisConnection, Future<Void>> prepare;
    private final Listener listener;

    /**
     * The client of the one connection that there is or that is being opened. Never used for a second one: it keeps
     * connections that are "closed" in a pool, and would hand out the very one that does not answer.
     */
    private Redis redis;

    private RedisConnection connection;
    private boolean up;
    private boolean closed;
    private int attempts;

    /**
     * @param connectDeadline for opening a connection and greeting the server
     * @param commandDeadline for each command from when it is sent on
     * @param prepare run on every new connection before it is used; when it fails, the connection is tried again
     */
    public RedisLink(
            Vertx vertx,
            String uri,
            Duration connectDeadline,
            Duration commandDeadline,
            Backoff backoff,
            Function<RedisConnection, Future<Void>> prepare,
            Listener listener) {
        this.vertx = vertx;
        this.address = uri.replaceAll("//[^@/]*@", "//…@");
        this.options = new RedisOptions()
                .setConnectionString(uri)
                .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                .setMaxWaitingHandlers(MAX_IN_FLIGHT)
                .setNetClientOptions(new NetClientOptions()
                        .setConnectTimeout((int) connectDeadline.toMillis())
                        .setTcpKeepAlive(true)
                        .setTcpNoDelay(true));
        this.connectDeadline = connectDeadline;
        this.commandDeadline = commandDeadline;
        this.backoff = backoff;
        this.prepare = prepare;
        this.listener = listener;
    }

    /** Begins to connect; the listener is told when it has. */
    public void start() {
        connect();
    }

    public boolean isUp() {
        return up;
    }

    /** Sends a command. A failed future says nothing about whether Redis has carried it out. */
    public Future<Response> send(Request request) {
        if (!up) {
            return Future.failedFuture("no connection to Redis at " + address);
        }
        return sendOn(connection, request);
    }

    /** Sends a command on a connection that is being prepared. */
    public Future<Response> sendOn(RedisConnection target, Request request) {
        Future<Response> answer = target.send(request);
        // The timer of the future frees the caller; closing the connection frees everything else that waits on it.
        return answer.timeout(commandDeadline.toMillis(), TimeUnit.MILLISECONDS).onFailure(failure -> {
            if (!answer.isComplete()) {
                LOG.warn("Redis at {} did not answer within {}: connection closed", address, commandDeadline);
                lost(target);
            }
        });
    }

    public Future<Void> close() {
        closed = true;
        drop();
        return Future.succeededFuture();
    }

    private void connect() {
        if (closed) {
            return;
        }
        Redis client = Redis.createClient(vertx, options);
        redis = client;
        client.connect()
                .onSuccess(opened -> {
                    if (redis != client) {
                        client.close(); // later than its deadline: nobody waits for it any more
                    }
                })
                .timeout(connectDeadline.toMillis(), TimeUnit.MILLISECONDS)
                .compose(opened -> {
                    if (redis != client) {
                        return Future.failedFuture("closed while it was opened");
                    }
                    connection = opened;
                    opened.endHandler(v -> lost(opened));
                    opened.exceptionHandler(failure -> {
                        LOG.debug("connection to Redis at {}: {}", address, failure.toString());
                        lost(opened);
                    });
                    return prepare.apply(opened);
                })
                .onSuccess(v -> {
                    if (redis == client && connection != null && !closed) {
                        attempts = 0;
                        up = true;
                        listener.onUp();
                    } else {
                        retry("connection lost while it was prepared");
                    }
                })
                .onFailure(failure -> {
                    if (redis == client) {
                        drop();
                    }
                    retry(failure.getMessage());
                });
    }

    private void retry(String why) {
        if (!closed) {
            long waitMs = Math.max(1, backoff.delay(++attempts).toMillis());
            LOG.warn("Redis at {} is not usable ({}); trying again in {} ms", address, why, waitMs);
            vertx.setTimer(waitMs, id -> connect());
        }
    }

    private void lost(RedisConnection which) {
        if (which != connection) {
            return;
        }
        boolean wasUp = up;
        drop();
        if (wasUp && !closed) {
            listener.onDown();
            // Not at once: all who lose a server lose it together, and should not come back together.
            retry("connection lost");
        }
    }

    private void drop() {
        up = false;
        connection = null;
        Redis old = redis;
        redis = null;
        if (old != null) {
            // The client, not the connection: closing that would only put it back into the pool, open.
            old.close();
        }
    }
}
