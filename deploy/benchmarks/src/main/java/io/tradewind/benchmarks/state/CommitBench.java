package io.tradewind.benchmarks.state;

import io.tradewind.benchmarks.Await;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Durable transactions through the event bus, beside two ways of giving the same to Redis alone.
 *
 * <pre>
 *   writers ──Commit of 64──► bus ──► partition ──group commit──► Redis, fsync     measured: transactions/s, ms
 *   plain:    each transaction ──XADD of its id, key and document, pipelined──► Redis, fsync
 *   entries:  commits encoded and compressed beforehand ──XADD──► Redis, fsync
 * </pre>
 *
 * The first is what one would do without a state-store; the second is what no state-store with this log could pass, and
 * is hardly any work: a group of such documents is compressed to a hundredth. All sides take turns, and each round's ratio counts; a machine that gets slower slows both.
 */
final class CommitBench {

    private static final int MAX_LATENCY_S = 60;
    private static final int PREPARED = 64;

    private final EmbeddedRedis redis;
    private final PrintStream out;
    private final int entities;
    private final int batch;
    private final int writers;
    private final int seconds;
    private final int rounds;
    private long run;

    CommitBench(EmbeddedRedis redis, PrintStream out, int entities, int batch, int writers, int seconds, int rounds) {
        this.redis = redis;
        this.out = out;
        this.entities = entities;
        this.batch = batch;
        this.writers = writers;
        this.seconds = seconds;
        this.rounds = rounds;
    }

    void run() {
        out.printf(
                Locale.ROOT,
                "%nDurable commits: %,d entities of about 400 bytes, %d commands of %d transactions on their way%n",
                entities,
                writers,
                batch);
        try (LocalStore store = new LocalStore(redis, Map.of("state-store.log.await-sync", "false"))) {
            new Side("warm-up", store).commits(Math.max(2, seconds / 2), new Histogram(3));
            PlainRedis plain = new PlainRedis(store.vertx(), redis);
            plain.transactionsPerSecond(entities, Math.max(2, seconds / 2));
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                Histogram latency = new Histogram(TimeUnit.SECONDS.toMicros(MAX_LATENCY_S), 3);
                double group = groupSize(store);
                double commits = new Side("commits", store).commits(seconds, latency);
                double groups = groupSize(store) - group;
                double entry = groups == 0 ? batch : commits * seconds / groups;
                double each = plain.transactionsPerSecond(entities, seconds);
                double limit = xadd(store.vertx(), (int) Math.max(1, Math.round(entry)), seconds);
                ratios[round] = commits / each;
                out.printf(
                        Locale.ROOT,
                        "  %,10.0f transactions/s, %.0f per append, p50 %.2f ms, p99 %.2f ms; XADD of each"
                                + " %,10.0f/s, ratio %.0f %%; XADD of encoded entries %,10.0f/s, ratio %.0f %%%n",
                        commits,
                        entry,
                        latency.getValueAtPercentile(50) / 1_000.0,
                        latency.getValueAtPercentile(99) / 1_000.0,
                        each,
                        100 * ratios[round],
                        limit,
                        100 * commits / limit);
            }
            Arrays.sort(ratios);
            out.printf(Locale.ROOT, "  median ratio to XADD of each transaction %.0f %%%n", 100 * ratios[rounds / 2]);
        }
    }

    /** How many appends the store has counted. */
    private static double groupSize(LocalStore store) {
        return store.kit().meters().find("tradewind.state.append").timers().stream()
                .mapToDouble(timer -> timer.count())
                .sum();
    }

    /** Closed-loop writers on one event loop. */
    private final class Side {

        private final String name;
        private final LocalStore store;
        private final Random random = new Random(7);
        private long committed;
        private int open;
        private long endNs;

        Side(String name, LocalStore store) {
            this.name = name;
            this.store = store;
        }

        double commits(int lengthSeconds, Histogram latency) {
            Promise<Void> done = Promise.promise();
            Context context = store.vertx().getOrCreateContext();
            long beganNs = System.nanoTime();
            endNs = beganNs + TimeUnit.SECONDS.toNanos(lengthSeconds);
            context.runOnContext(v -> {
                open = writers;
                for (int writer = 0; writer < writers; writer++) {
                    next(writer % Partitions.COUNT, latency, done);
                }
            });
            Await.get(done.future().toCompletionStage(), LocalStore.START_MS, name);
            return committed / ((System.nanoTime() - beganNs) / 1e9);
        }

        private void next(int partition, Histogram latency, Promise<Void> done) {
            if (System.nanoTime() >= endNs) {
                if (--open == 0) {
                    done.complete();
                }
                return;
            }
            Commit commit = command(partition);
            long sentNs = System.nanoTime();
            store.client()
                    .commit(commit)
                    .onSuccess(reply -> {
                        committed += reply.outcomes().size();
                        latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sentNs));
                        next(partition, latency, done);
                    })
                    .onFailure(done::tryFail);
        }

        private Commit command(int partition) {
            List<Integer> indexes = new ArrayList<>(batch);
            for (int i = 0; i < batch; i++) {
                indexes.add(random.nextInt(entities / Partitions.COUNT) * Partitions.COUNT + partition);
            }
            return LocalStore.puts(partition, indexes, ++run);
        }
    }

    /** The limit: entries made beforehand, as many on their way as the store has appends in flight. */
    private double xadd(Vertx vertx, int transactionsPerEntry, int lengthSeconds) {
        List<Buffer> bodies = new ArrayList<>();
        try (LogCodec codec = new LogCodec()) {
            for (int i = 0; i < PREPARED; i++) {
                bodies.add(Buffer.buffer(codec.encode(entry(transactionsPerEntry))));
            }
        }
        Redis client = Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString(redis.uri())
                        .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                        .setMaxWaitingHandlers(4_096));
        RedisConnection connection = Await.get(client.connect().toCompletionStage(), LocalStore.START_MS, "connecting");
        Promise<Void> done = Promise.promise();
        long beganNs = System.nanoTime();
        Pipeline pipeline = new Pipeline(connection, bodies, beganNs + TimeUnit.SECONDS.toNanos(lengthSeconds), done);
        vertx.getOrCreateContext().runOnContext(v -> pipeline.start(2 * Partitions.COUNT));
        Await.get(done.future().toCompletionStage(), LocalStore.START_MS, "XADD");
        double rate = pipeline.entries * (double) transactionsPerEntry / ((System.nanoTime() - beganNs) / 1e9);
        Await.get(
                connection.send(Request.cmd(Command.DEL).arg("bench:log")).toCompletionStage(),
                LocalStore.START_MS,
                "cleaning up");
        client.close();
        return rate;
    }

    private List<CommittedTransaction> entry(int transactions) {
        List<CommittedTransaction> made = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < transactions; i++) {
            indexes.add(i * Partitions.COUNT);
        }
        long version = 1;
        for (Transaction tx : LocalStore.puts(0, indexes, ++run).transactions()) {
            made.add(new CommittedTransaction(version++, 1_700_000_000_000L, tx.id(), tx.cause(), tx.mutations()));
        }
        return made;
    }

    private static final class Pipeline {

        private final RedisConnection connection;
        private final List<Buffer> bodies;
        private final long endNs;
        private final Promise<Void> done;
        private long entries;
        private int open;

        Pipeline(RedisConnection connection, List<Buffer> bodies, long endNs, Promise<Void> done) {
            this.connection = connection;
            this.bodies = bodies;
            this.endNs = endNs;
            this.done = done;
        }

        void start(int depth) {
            open = depth;
            for (int i = 0; i < depth; i++) {
                next(i);
            }
        }

        private void next(int index) {
            if (System.nanoTime() >= endNs) {
                if (--open == 0) {
                    done.complete();
                }
                return;
            }
            connection
                    .send(Request.cmd(Command.XADD)
                            .arg("bench:log")
                            .arg("*")
                            .arg("e")
                            .arg("1")
                            .arg("b")
                            .arg(bodies.get(index % bodies.size())))
                    .onSuccess(id -> {
                        entries++;
                        next(index + 1);
                    })
                    .onFailure(done::tryFail);
        }
    }
}
