package io.tradewind.statestore.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * How durable the Redis behind us is, as it says itself.
 *
 * @param appendOnly whether there is a file at all, {@code yes} or {@code no}
 * @param appendFsync when the file is fsynced: {@code always}, {@code everysec}, {@code no}
 * @param evictionPolicy what is thrown away when memory is short; the {@code maxmemory-policy}
 */
public record RedisDurability(String appendOnly, String appendFsync, String evictionPolicy) {

    /** Asks the server of {@code connection}. */
    public static Future<RedisDurability> read(RedisLink link, RedisConnection connection) {
        return setting(link, connection, "appendonly").compose(appendOnly -> setting(link, connection, "appendfsync")
                .compose(fsync -> setting(link, connection, "maxmemory-policy")
                        .map(policy -> new RedisDurability(appendOnly, fsync, policy))));
    }

    private static Future<String> setting(RedisLink link, RedisConnection connection, String name) {
        return link.sendOn(connection, Request.cmd(Command.CONFIG).arg("GET").arg(name))
                .map(answer -> value(answer, name))
                // A managed Redis may forbid CONFIG; not knowing is told like a weakness.
                .otherwise("unknown");
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
