package io.tradewind.benchmarks.audit;

import io.tradewind.benchmarks.Await;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.wire.WireFormatException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the partition logs, and only reads. Blocking, on the main thread, over one connection of its own; the caller
 * closes it.
 */
public final class RedisLog implements AutoCloseable {

    /** Stream entries per read: a commit is some kilobytes, so a page stays within a few megabytes. */
    private static final int PAGE_ENTRIES = 200;

    private static final long TIMEOUT_MS = 30_000;

    /** Keys that Redis looks at in one step of a search. */
    private static final int SCAN_COUNT = 5_000;

    /** Problems that are told one by one. */
    private static final int MAX_PROBLEMS = 10;

    private final Redis redis;
    private final RedisConnection connection;

    private RedisLog(Redis redis, RedisConnection connection) {
        this.redis = redis;
        this.connection = connection;
    }

    /** @throws io.tradewind.benchmarks.BenchException when Redis does not answer */
    public static RedisLog open(Vertx vertx, String uri) {
        Redis redis = Redis.createClient(
                vertx, new RedisOptions().setConnectionString(uri).setProtocolNegotiation(false));
        return new RedisLog(redis, await(redis.connect(), "connecting to Redis"));
    }

    /** The last version of each partition, by partition; 0 where nothing was written yet. */
    public long[] heads() {
        long[] heads = new long[Partitions.COUNT];
        for (int p = 0; p < heads.length; p++) {
            Response version =
                    send(Request.cmd(Command.HGET).arg(LogKeys.head(p)).arg("version"));
            heads[p] = version == null ? 0 : version.toLong();
        }
        return heads;
    }

    /**
     * Hands every transaction after {@code from} and up to {@code to} to {@code consumer}, each partition in the order
     * of its versions.
     *
     * @return what is wrong with the log itself: versions that are missing or double, entries that cannot be read
     */
    public List<String> scan(long[] from, long[] to, Consumer<CommittedTransaction> consumer) {
        List<String> problems = new ArrayList<>();
        try (LogCodec codec = new LogCodec()) {
            for (int p = 0; p < Partitions.COUNT; p++) {
                scan(p, from[p], to[p], codec, consumer, problems);
            }
        }
        return problems;
    }

    private void scan(
            int partition,
            long from,
            long to,
            LogCodec codec,
            Consumer<CommittedTransaction> consumer,
            List<String> problems) {
        long last = from;
        while (last < to && problems.size() < MAX_PROBLEMS) {
            Response page = send(Request.cmd(Command.XRANGE)
                    .arg(LogKeys.log(partition))
                    .arg(LogKeys.entryId(last + 1))
                    .arg(LogKeys.entryId(to))
                    .arg("COUNT")
                    .arg(PAGE_ENTRIES));
            if (page.size() == 0) {
                problems.add("partition " + partition + " ends at version " + last + ", its head says " + to);
                return;
            }
            for (Response entry : page) {
                last = read(partition, last, entry, codec, consumer, problems);
            }
        }
    }

    /** @return the last version read */
    private static long read(
            int partition,
            long last,
            Response entry,
            LogCodec codec,
            Consumer<CommittedTransaction> consumer,
            List<String> problems) {
        String id = entry.get(0).toString();
        long reached = last;
        try {
            for (CommittedTransaction transaction : codec.decode(body(entry.get(1), id))) {
                // The first entry may begin before the version that the run began at.
                if (transaction.version() > reached) {
                    if (transaction.version() != reached + 1) {
                        problems.add("partition " + partition + " goes from version " + reached + " to "
                                + transaction.version() + ": trimmed during the run, or lost");
                    }
                    consumer.accept(transaction);
                    reached = transaction.version();
                }
            }
            if (reached != LogKeys.version(id)) {
                problems.add("partition " + partition + ", entry " + id + ": holds versions up to " + reached);
            }
        } catch (WireFormatException e) {
            problems.add("partition " + partition + ", entry " + id + ": " + e.getMessage());
        }
        return Math.max(reached, LogKeys.version(id));
    }

    private static byte[] body(Response fields, String id) {
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (fields.get(i).toString().equals(LogKeys.FIELD_BODY)) {
                return fields.get(i + 1).toBytes();
            }
        }
        throw new WireFormatException("entry " + id + " has no field " + LogKeys.FIELD_BODY);
    }

    /** How durable an acknowledged write is; "unknown" where the server does not tell. */
    public Map<String, String> durability() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : List.of("appendonly", "appendfsync")) {
            settings.put(name, setting(name));
        }
        return settings;
    }

    private String setting(String name) {
        // Servers of others often forbid CONFIG; the benchmark works there too, and says that it does not know.
        Response reply = await(
                connection
                        .send(Request.cmd(Command.CONFIG).arg("GET").arg(name))
                        .recover(refused -> Future.succeededFuture()),
                "asking Redis for " + name);
        return reply == null || reply.size() < 2 ? "unknown" : reply.get(1).toString(StandardCharsets.UTF_8);
    }

    /** Removes {@code keys} of the benchmark's own. */
    public void delete(List<String> keys) {
        Request unlink = Request.cmd(Command.UNLINK);
        keys.forEach(unlink::arg);
        send(unlink);
    }

    /** Removes the keys that {@code pattern} fits, which nobody may be adding to any more. */
    public void deleteAll(String pattern) {
        String cursor = "0";
        do {
            Response page = send(Request.cmd(Command.SCAN)
                    .arg(cursor)
                    .arg("MATCH")
                    .arg(pattern)
                    .arg("COUNT")
                    .arg(SCAN_COUNT));
            cursor = page.get(0).toString();
            List<String> keys = new ArrayList<>();
            page.get(1).forEach(key -> keys.add(key.toString()));
            if (!keys.isEmpty()) {
                delete(keys);
            }
        } while (!cursor.equals("0"));
    }

    private Response send(Request request) {
        return await(connection.send(request), "reading from Redis");
    }

    private static <T> T await(Future<T> future, String what) {
        return Await.get(future.toCompletionStage(), TIMEOUT_MS, what);
    }

    @Override
    public void close() {
        await(connection.close(), "closing the connection to Redis");
        await(redis.close(), "closing the Redis client");
    }
}
