package io.tradewind.statestore.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.function.Function;

/**
 * How durable the Redis behind us is, as it says itself.
 *
 * @param appendOnly whether there is a file at all, {@code yes} or {@code no}
 * @param appendFsync when the file is fsynced: {@code always}, {@code everysec}, {@code no}
 * @param evictionPolicy what is thrown away when memory is short; the {@code maxmemory-policy}
 */
public record RedisDurability(String appendOnly, String appendFsync, String evictionPolicy) {

    /** Asks the server that the link is connected to; fails when it is not, or does not answer. */
    public static Future<RedisDurability> read(RedisLink link) {
        return read(link::send);
    }

    /** Asks the server of a connection that is being prepared. */
    public static Future<RedisDurability> read(RedisLink link, RedisConnection connection) {
        return read(request -> link.sendOn(connection, request));
    }

    private static Future<RedisDurability> read(Function<Request, Future<Response>> send) {
        return setting(send, "appendonly")
                .compose(appendOnly -> setting(send, "appendfsync").compose(fsync -> setting(send, "maxmemory-policy")
                        .map(policy -> new RedisDurability(appendOnly, fsync, policy))));
    }

    private static Future<String> setting(Function<Request, Future<Response>> send, String name) {
        return send.apply(Request.cmd(Command.CONFIG).arg("GET").arg(name))
                .map(answer -> value(answer, name))
                // A managed Redis may forbid CONFIG; not knowing is told like a weakness. No answer is another matter.
                .recover(failure ->
                        isRefusal(failure) ? Future.succeededFuture("unknown") : Future.failedFuture(failure));
    }

    private static boolean isRefusal(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith("ERR") || message.startsWith("NOPERM");
    }

    /** RESP2 answers with a list of name and value, RESP3 with a map. */
    private static String value(Response answer, String name) {
        if (answer == null || answer.size() == 0) {
            return "unknown";
        }
        Response value = answer.isMap() ? answer.get(name) : answer.get(1);
        return value == null ? "unknown" : value.toString();
    }

    /** What is weaker than an acknowledged order needs, in one sentence; {@code null} when nothing is. */
    public String weakness() {
        if (!appendOnly.equals("yes")) {
            return "appendonly is '" + appendOnly + "': a restart of Redis loses everything; set it to 'yes'";
        }
        if (!appendFsync.equals("always")) {
            return "appendfsync is '" + appendFsync
                    + "': a crash of Redis can lose acknowledged orders; set it to 'always'";
        }
        if (!evictionPolicy.equals("noeviction")) {
            return "maxmemory-policy is '" + evictionPolicy
                    + "': Redis may throw the log away when memory is short; set it to 'noeviction'";
        }
        return null;
    }
}
