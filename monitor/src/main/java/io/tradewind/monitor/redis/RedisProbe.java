package io.tradewind.monitor.redis;

import io.tradewind.monitor.domain.RedisStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks Redis how it is, over a connection of its own, so that it neither waits behind the log nor disturbs it. After a
 * failure the connection is dropped and the next probe opens a new one: the interval of the probes is the backoff.
 *
 * <p>Lives on the event loop that calls it. Closed by whoever made it.
 */
public final class RedisProbe {

    private static final double NANOS_PER_MS = 1e6;

    private final Redis redis;
    private final long timeoutMs;
    private RedisConnection connection;
    private boolean closed;

    /** @param timeout longest wait for a connection, and for each answer */
    public RedisProbe(Vertx vertx, String uri, Duration timeout) {
        this.redis = Redis.createClient(
                vertx, new RedisOptions().setConnectionString(uri).setPreferredProtocolVersion(ProtocolVersion.RESP2));
        this.timeoutMs = timeout.toMillis();
    }

    /** How Redis is now. Never fails. One at a time. */
    public Future<RedisStatus> probe() {
        return connected().compose(this::ask).otherwise(failure -> {
            drop();
            return RedisStatus.down(reason(failure));
        });
    }

    public Future<Void> close() {
        closed = true;
        drop();
        redis.close();
        return Future.succeededFuture();
    }

    private Future<RedisConnection> connected() {
        if (connection != null) {
            return Future.succeededFuture(connection);
        }
        Future<RedisConnection> opening = redis.connect();
        Future<RedisConnection> inTime = opening.timeout(timeoutMs, TimeUnit.MILLISECONDS);
        // One that opens after its time belongs to nobody.
        opening.onSuccess(opened -> {
            if (closed || inTime.failed()) {
                opened.close();
            }
        });
        return inTime.map(opened -> {
            connection = opened;
            opened.endHandler(v -> forget(opened));
            opened.exceptionHandler(failure -> forget(opened));
            return opened;
        });
    }

    private Future<RedisStatus> ask(RedisConnection open) {
        long startNanos = System.nanoTime();
        return send(open, Request.cmd(Command.PING)).compose(pong -> {
            double pingMs = (System.nanoTime() - startNanos) / NANOS_PER_MS;
            return send(open, Request.cmd(Command.INFO)).compose(info -> settings(open)
                    .map(settings ->
                            RedisStatus.up(pingMs, RedisInfo.facts(RedisInfo.parse(info.toString()), settings))));
        });
    }

    private Future<Map<String, String>> settings(RedisConnection open) {
        return setting(open, RedisInfo.APPEND_ONLY).compose(appendOnly -> setting(open, RedisInfo.APPEND_FSYNC)
                .map(fsync -> Map.of(RedisInfo.APPEND_ONLY, appendOnly, RedisInfo.APPEND_FSYNC, fsync)));
    }

    private Future<String> setting(RedisConnection open, String name) {
        return send(open, Request.cmd(Command.CONFIG).arg("GET").arg(name))
                .map(RedisProbe::secondOf)
                // A managed Redis may forbid CONFIG: an error that Redis sent is an answer, a lost connection is none.
                .recover(failure -> failure instanceof Response
                        ? Future.succeededFuture(RedisStatus.UNKNOWN)
                        : Future.failedFuture(failure));
    }

    private static String secondOf(Response answer) {
        return answer == null || answer.size() < 2
                ? RedisStatus.UNKNOWN
                : answer.get(1).toString();
    }

    private Future<Response> send(RedisConnection open, Request request) {
        Future<Response> answer = open.send(request);
        return answer.timeout(timeoutMs, TimeUnit.MILLISECONDS).onFailure(failure -> {
            // Later answers on this connection could be taken for those of the next probe.
            if (!answer.isComplete()) {
                drop();
            }
        });
    }

    private void forget(RedisConnection which) {
        if (connection != null && connection.equals(which)) {
            connection = null;
        }
    }

    private void drop() {
        RedisConnection old = connection;
        connection = null;
        if (old != null) {
            old.close();
        }
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
