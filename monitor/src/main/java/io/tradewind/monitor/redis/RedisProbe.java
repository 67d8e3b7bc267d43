package io.tradewind.monitor.redis;

import io.tradewind.monitor.domain.RedisStatus;
import io.tradewind.servicekit.redis.RedisOnDemand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Map;

/**
 * Asks Redis how it is, over a connection of its own, so that it neither waits behind the log nor disturbs it. Where that
 * fails, the next probe opens a new one: the interval of the probes is the backoff.
 *
 * <p>Lives on the event loop that calls it. Closed by whoever made it.
 */
public final class RedisProbe {

    private static final double NANOS_PER_MS = 1e6;

    private final RedisOnDemand redis;

    /** @param timeout longest wait for a connection, and for each answer */
    public RedisProbe(Vertx vertx, String uri, Duration timeout) {
        this.redis = new RedisOnDemand(vertx, uri, timeout, timeout);
    }

    /** How Redis is now. Never fails. One at a time. */
    public Future<RedisStatus> probe() {
        return ask().otherwise(failure -> RedisStatus.down(reason(failure)));
    }

    public Future<Void> close() {
        return redis.close();
    }

    private Future<RedisStatus> ask() {
        long startNanos = System.nanoTime();
        return redis.send(Request.cmd(Command.PING)).compose(pong -> {
            double pingMs = (System.nanoTime() - startNanos) / NANOS_PER_MS;
            return redis.send(Request.cmd(Command.INFO)).compose(info -> settings()
                    .map(settings ->
                            RedisStatus.up(pingMs, RedisInfo.facts(RedisInfo.parse(info.toString()), settings))));
        });
    }

    private Future<Map<String, String>> settings() {
        return setting(RedisInfo.APPEND_ONLY).compose(appendOnly -> setting(RedisInfo.APPEND_FSYNC)
                .map(fsync -> Map.of(RedisInfo.APPEND_ONLY, appendOnly, RedisInfo.APPEND_FSYNC, fsync)));
    }

    private Future<String> setting(String name) {
        return redis.send(Request.cmd(Command.CONFIG).arg("GET").arg(name))
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

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
