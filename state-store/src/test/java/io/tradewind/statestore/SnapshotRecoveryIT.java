package io.tradewind.statestore;

import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.json;
import static io.tradewind.statestore.domain.Transactions.key;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.contracts.state.SyncedVersions;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recovery from snapshots and a trimmed log, with what may have happened to either, over a real Redis. */
@Timeout(300)
class SnapshotRecoveryIT {

    private static final long DEADLINE_S = 60;
    private static final int WRITES = 400;

    @TempDir
    Path directory;

    private EmbeddedRedis redis;
    private ServiceKit kit;
    private StateClient client;
    private boolean awaitSync;

    @BeforeEach
    void start() {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory.resolve("redis")));
    }

    @AfterEach
    void stop() {
        stopService();
        redis.close();
    }

    @Test
    void shouldLoadWhatTheLogNoLongerHasFromASnapshot() {
        startService();
        write(1, WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        write(WRITES + 1, 2 * WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        write(2 * WRITES + 1, 2 * WRITES + 10);
        until(() -> firstInLog() > 1);

        restart();
        assertEquals(2 * WRITES + 10, versionNow());
        assertEquals(json("7"), read("e7").json());
        assertEquals(7, read("e7").version(), "a version survives a snapshot");
        assertEquals(
                new Committed(3, true),
                await(client.commit(durable("t3", "e3", "other"))).outcomes().get(0),
                "a retry gets its first answer though the log has forgotten it");
        LogPage page = await(client.readLog(new ReadLog(PARTITION, 0, 10)));
        assertTrue(page.reset(), "a follower from the beginning is told to read afresh");
        assertEquals(2 * WRITES + 10, page.headVersion());
        JsonObject verified = command(StateCommand.Verb.VERIFY);
        assertTrue(verified.getBoolean("ok"), verified.encode());
        assertEquals(2 * WRITES, verified.getLong("snapshot_version"), verified.encode());
    }

    /** What a restored backup looks like. */
    @Test
    void shouldGoOnFromASnapshotBehindAnEmptyLog() {
        startService();
        write(1, WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        Redis raw = Redis.createClient(kit.vertx(), redis.uri());
        stopServiceKeepingVertx();
        await(raw.send(Request.cmd(Command.DEL).arg(LogKeys.log(PARTITION))));
        raw.close();
        stopService();

        startService();
        assertEquals(WRITES, versionNow());
        assertEquals(json("7"), read("e7").json());
        assertFalse(
                await(client.readLog(new ReadLog(PARTITION, WRITES, 10))).reset(),
                "a follower at the head misses nothing");
        assertTrue(await(client.readLog(new ReadLog(PARTITION, WRITES - 1, 10))).reset());
        write(WRITES + 1, WRITES + 1);
        restart();
        assertEquals(WRITES + 1, versionNow());
        assertEquals(json("" + (WRITES + 1)), read("e" + (WRITES + 1)).json());
    }

    @Test
    void shouldTakeTheNextSnapshotWhenTheNewestIsDamaged() throws IOException {
        startService();
        write(1, WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        write(WRITES + 1, 2 * WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        until(() -> firstInLog() > 1);
        stopService();
        Path newest = snapshots().get(0);
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 4;
        Files.write(newest, bytes);

        startService();
        assertEquals(2 * WRITES, versionNow());
        assertEquals(json("" + 2 * WRITES), read("e" + 2 * WRITES).json());
        assertTrue(
                Files.exists(newest.resolveSibling(newest.getFileName() + ".damaged")),
                "set aside, with a reason beside it");
    }

    @Test
    void shouldRefuseToServeWhenNothingReachesBackToTheBeginningOfTheLog() throws IOException {
        startService();
        write(1, WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        write(WRITES + 1, 2 * WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        until(() -> firstInLog() > 1);
        stopService();
        for (Path snapshot : snapshots()) {
            Files.write(snapshot, new byte[0]);
        }

        String refused = failureOfStart();
        assertTrue(refused.contains("partition " + PARTITION), refused);
        assertTrue(refused.contains("the log goes on at version"), refused);
    }

    @Test
    void shouldRefuseToServeWhenRedisHasLostWhatASnapshotHolds() {
        startService();
        write(1, WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        Redis raw = Redis.createClient(kit.vertx(), redis.uri());
        stopServiceKeepingVertx();
        await(raw.send(Request.cmd(Command.FLUSHALL)));
        raw.close();
        stopService();

        String refused = failureOfStart();
        assertTrue(refused.contains("is at version " + WRITES + ", but the log ends at 0"), refused);
    }

    @Test
    void shouldKeepInTheLogWhatTheDatabaseDoesNotHave() {
        awaitSync = true;
        startService();
        write(1, WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        write(WRITES + 1, 2 * WRITES);
        command(StateCommand.Verb.SNAPSHOT);
        write(2 * WRITES + 1, 2 * WRITES + 1);
        tell(150);
        until(() -> firstInLog() > 1);
        assertTrue(firstInLog() <= 151, "version 151 is not in the database: it stays; first is " + firstInLog());
        tell(2 * WRITES);
        until(() -> firstInLog() > 151);
    }

    private void tell(long version) {
        kit.vertx().eventBus().publish(Addresses.SYNC_VERSIONS, new SyncedVersions(Map.of(PARTITION, version)));
    }

    private void startService() {
        kit = openKit();
        await(kit.services().deploy(StateStoreMain.SERVICE));
        client = new StateClient(kit.vertx().eventBus(), Duration.ofSeconds(30));
    }

    private String failureOfStart() {
        kit = openKit();
        try {
            await(kit.services().deploy(StateStoreMain.SERVICE));
            throw new AssertionError("it started");
        } catch (IllegalStateException refused) {
            return refused.getCause().getMessage();
        }
    }

    private ServiceKit openKit() {
        Settings settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", redis.uri())
                .override("redis.command-timeout", "30s")
                .override("state-store.snapshots.store", "directory")
                .override(
                        "state-store.snapshots.directory",
                        directory.resolve("snapshots").toString())
                .override("state-store.snapshots.keep", "2")
                .override("state-store.snapshots.every-changes", "1000000")
                .override("state-store.snapshots.every", "1d")
                .override("state-store.log.keep", "0s")
                .override("state-store.log.keep-transactions", "0")
                .override("state-store.log.await-sync", Boolean.toString(awaitSync))
                .build();
        ServiceKit opened = await(ServiceKit.open(settings, KitOptions.local()));
        MessageCodecs.registerAll(opened.vertx().eventBus());
        return opened;
    }

    private void restart() {
        stopService();
        startService();
    }

    private void stopServiceKeepingVertx() {
        await(kit.services().stopAll());
    }

    private void stopService() {
        if (kit != null) {
            await(kit.services().stopAll());
            await(kit.close());
            kit = null;
        }
    }

    /** One transaction and one append each, so that the log has as many entries as versions. */
    private void write(int from, int to) {
        for (int i = from; i <= to; i++) {
            assertTrue(await(client.commit(durable("t" + i, "e" + i, "" + i))).allCommitted());
        }
    }

    private static Commit durable(String txId, String id, String value) {
        return new Commit(PARTITION, Durability.DURABLE, List.of(put(txId, id, value)));
    }

    private JsonObject command(StateCommand.Verb verb) {
        Message<Json> answer = await(
                kit.vertx().eventBus().request(Addresses.stateCommand(PARTITION), new StateCommand(verb, PARTITION)));
        return new JsonObject(new String(answer.body().bytes(), StandardCharsets.UTF_8));
    }

    private Entity read(String id) {
        return await(client.read(ReadEntities.one(key(id)))).entities().get(0);
    }

    private long versionNow() {
        return await(client.read(ReadEntities.one(key("none")))).version();
    }

    private long firstInLog() {
        Redis raw = Redis.createClient(kit.vertx(), redis.uri());
        try {
            Response first = await(raw.send(Request.cmd(Command.XRANGE)
                    .arg(LogKeys.log(PARTITION))
                    .arg("-")
                    .arg("+")
                    .arg("COUNT")
                    .arg("1")));
            return LogKeys.version(first.get(0).get(0).toString());
        } finally {
            raw.close();
        }
    }

    /** Newest first. */
    private List<Path> snapshots() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("snapshots"))) {
            return all.filter(path -> path.toString().endsWith(".snapshot"))
                    .sorted(Comparator.comparing((Path path) ->
                                    Long.parseLong(path.getFileName().toString().replace(".snapshot", "")))
                            .reversed())
                    .toList();
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the condition did not come true within " + DEADLINE_S + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
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
