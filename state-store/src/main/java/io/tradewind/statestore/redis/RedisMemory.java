package io.tradewind.statestore.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/**
 * The memory of Redis, as it says itself.
 *
 * @param usedBytes all that it has allocated: the logs, and a little for itself
 * @param maxBytes after which it refuses to write; 0 when it does not
 */
public record RedisMemory(long usedBytes, long maxBytes) {

    private static final String USED = "used_memory:";
    private static final String MAX = "maxmemory:";

    /** Asks the server. */
    public static Future<RedisMemory> read(RedisLink link) {
        return link.send(Request.cmd(Command.INFO).arg("memory")).map(answer -> parse(answer.toString()));
    }

    /** @throws IllegalArgumentException when it is not what INFO answers */
    static RedisMemory parse(String info) {
        return new RedisMemory(number(info, USED), number(info, MAX));
    }

    private static long number(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).trim()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("INFO of Redis does not say '" + name + "'"));
    }
}
