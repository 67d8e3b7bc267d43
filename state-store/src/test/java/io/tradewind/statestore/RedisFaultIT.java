package io.tradewind.statestore;

import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redis under a writer that never stops: killed, killed while its disk is slow, stopped and continued, and with a full
 * disk. After each, what was acknowledged is in the log at the version that was told, once, and no version is missing.
 *
 * <p>{@code -Dtradewind.rounds=20} makes the kills a battery; {@code -Dtradewind.seed=…} repeats a run.
 */
@Timeout(600)
class RedisFaultIT {

    private static final long DEADLINE_S = 60;
    private static final int SMALL_BYTES = 500;
    private static final int LARGE_BYTES = 16_384;
    private static final int ROUNDS = Integer.getInteger("tradewind.rounds", 3);
    private static final long SEED = Long.getLong("tradewind.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private EmbeddedRedis redis;
    private ServiceKit kit;
    private StateClient client;
    private Writer writer;
    private volatile int valueBytes = SMALL_BYTES;

    @AfterEach
    void stop() {
        if (writer != null) {
            writer.stop();
        }
        if (kit != null) {
            await(kit.services().stopAll());
            await(kit.close());
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void shouldKeepWhatItAcknowledgedThroughEveryKillOfRedis() {
        start(directory.resolve("redis"));
        for (int round = 0; round < ROUNDS; round++) {
            writer.awaitMore(20 + random.nextInt(200));
            redis.kill();
            redis.restart();
            writer.awaitMore(1);
        }
        audit();
    }

    /** A slow fsync is where an acknowledgement ahead of the disk would show. */
    @Test
    void shouldKeepWhatItAcknowledgedWhenRedisIsKilledDuringASlowFsync() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "skipped: there is no strace to slow the disk with");
        start(directory.resolve("redis"));
        for (int round = 0; round < ROUNDS; round++) {
            Process slow = new ProcessBuilder(
                            "/usr/bin/strace",
                            "-f",
                            "-qq",
                            "-e",
                            "trace=fdatasync",
                            "-e",
                            "inject=fdatasync:delay_enter=40000",
                            "-p",
                            Long.toString(redis.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("strace.log").toFile())
                    .start();
            try {
                writer.awaitMore(5 + random.nextInt(30));
                redis.kill();
            } finally {
                slow.destroyForcibly().waitFor();
            }
            redis.restart();
            writer.awaitMore(1);
        }
        audit();
    }

    /** Longer than the deadline of a command: the outcomes are unknown, and found out by reading when Redis is back. */
    @Test
    void shouldFindOutWhatHappenedWhenRedisStandsStill() throws Exception {
        start(directory.resolve("redis"));
        for (int round = 0; round < 2; round++) {
            writer.awaitMore(50);
            signal("STOP");
            int failures = writer.failures.get();
            until(() -> writer.failures.get() > failures);
            EntitiesPage page = await(client.read(ReadEntities.ofPartition(PARTITION, "thing")));
            assertTrue(page.stale(), "reads go on, and say that nobody can confirm them");
            signal("CONT");
            writer.awaitMore(50);
        }
        audit();
    }

    /** With {@code appendfsync always}, Redis gives up when it cannot write; nothing it did not write was acknowledged. */
    @Test
    void shouldAcknowledgeNothingOnAFullDiskAndGoOnWhenThereIsRoomAgain() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString()) == 0,
                "skipped: this user may not mount a small disk");
        try {
            Path ballast = disk.resolve("ballast");
            Files.write(ballast, new byte[6 * 1024 * 1024]);
            valueBytes = LARGE_BYTES;
            start(disk.resolve("redis"));
            until(() -> !redis.isAlive());
            int acknowledged = writer.acknowledged.size();
            // Reads go on, and say that nobody can confirm them.
            until(() -> await(client.read(ReadEntities.ofPartition(PARTITION, "thing")))
                    .stale());

            // Not to fill the disk again before anybody has looked.
            valueBytes = SMALL_BYTES;
            Files.delete(ballast);
            redis.restart();
            writer.awaitMore(10);
            assertTrue(writer.acknowledged.size() > acknowledged);
            writer.stop();
            audit();
            await(kit.services().stopAll());
            await(kit.close());
            kit = null;
            redis.close();
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private void start(Path redisDirectory) {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(redisDirectory));
        Settings settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", redis.uri())
                .override("redis.command-timeout", "1s")
                .build();
        kit = await(ServiceKit.open(settings, KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        await(kit.services().deploy(StateStoreMain.SERVICE));
        client = new StateClient(kit.vertx().eventBus(), Duration.ofSeconds(10));
        writer = new Writer();
        writer.start();
    }

    /** What was told, what the log holds, and what is served must be one story. */
    private void audit() {
        writer.stop();
        String seed = " (seed " + SEED + ")";
        Map<String, Long> inLog = new HashMap<>();
        long version = 0;
        for (LogPage page = log(version); !page.transactions().isEmpty(); page = log(version)) {
            for (CommittedTransaction tx : page.transactions()) {
                assertEquals(version + 1, tx.version(), "no version is missing or doubled" + seed);
                version = tx.version();
                assertEquals(null, inLog.put(tx.id(), tx.version()), "one effect per transaction: " + tx.id() + seed);
            }
        }
        assertTrue(writer.acknowledged.size() > 0, "something was acknowledged" + seed);
        writer.acknowledged.forEach(
                (id, told) -> assertEquals(told, inLog.get(id), () -> id + " was acknowledged" + seed));
    }

    /** A slow answer of Redis counts as a broken connection here; after a moment there is another. */
    private LogPage log(long afterVersion) {
        AtomicReference<LogPage> page = new AtomicReference<>();
        until(() -> {
            try {
                page.set(await(client.readLog(new ReadLog(PARTITION, afterVersion, ReadLog.MAX_LIMIT))));
                return true;
            } catch (IllegalStateException failed) {
                assertEquals(Failure.UNAVAILABLE, Failure.of(failed.getCause()), failed.toString());
                return false;
            }
        });
        return page.get();
    }

    private void signal(String name) throws Exception {
        assertEquals(0, run("kill", "-" + name, Long.toString(redis.pid())));
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }

    /** Writes as fast as it is answered, and repeats with the same id what was not done or may have been. */
    private final class Writer {

        final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        final AtomicInteger failures = new AtomicInteger();
        private final Thread thread = new Thread(this::run, "writer");
        private final Random values = new Random(SEED);
        private volatile boolean stopping;

        void start() {
            thread.start();
        }

        void stop() {
            stopping = true;
            try {
                thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertTrue(!thread.isAlive(), "the writer ended");
        }

        void awaitMore(int transactions) {
            int goal = acknowledged.size() + transactions;
            until(() -> acknowledged.size() >= goal);
        }

        private void run() {
            for (int i = 0; !stopping; i++) {
                String id = "tx-" + i;
                Commit commit = new Commit(PARTITION, Durability.DURABLE, List.of(put(id, "e" + i % 50, value())));
                while (!tell(id, commit) && !stopping) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                }
            }
        }

        /** Text that cannot be compressed to nothing. */
        private String value() {
            byte[] bytes = new byte[valueBytes / 2];
            values.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }

        private boolean tell(String id, Commit commit) {
            try {
                CommitReply reply = await(client.commit(commit));
                if (reply.outcomes().get(0) instanceof Committed committed) {
                    acknowledged.put(id, committed.version());
                    return true;
                }
                throw new AssertionError(id + ": " + reply);
            } catch (IllegalStateException failed) {
                failures.incrementAndGet();
                Failure failure = Failure.of(failed.getCause());
                assertTrue(failure == Failure.UNAVAILABLE || failure == Failure.UNKNOWN, failed.toString());
                return false;
            }
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the condition did not come true within " + DEADLINE_S + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer within " + DEADLINE_S + " s", e);
        }
    }
}
