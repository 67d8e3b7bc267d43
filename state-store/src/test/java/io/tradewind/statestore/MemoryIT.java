package io.tradewind.statestore;

import static io.tradewind.statestore.domain.Transactions.OWNER;
import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.cause;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.contracts.state.StateCommand.Verb;
import io.tradewind.contracts.state.SyncedVersions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service with little memory: what it compresses, lets go of and refuses, against a real Redis. */
@Timeout(180)
class MemoryIT {

    private static final int DEADLINE_S = 60;

    /** What has not changed for so long is compressed on command. */
    private static final int REST_S = 5;

    @TempDir
    Path directory;

    private EmbeddedRedis redis;
    private ServiceKit kit;
    private StateClient client;
    private int transactions;

    @BeforeEach
    void startRedis() throws Exception {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
    }

    @AfterEach
    void stop() throws Exception {
        stopService();
        redis.close();
    }

    private void startService(Map<String, String> overrides) throws Exception {
        Settings.Builder settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", redis.uri())
                .override("redis.command-timeout", "30s")
                .override("state-store.relaxed-interval", "20ms");
        overrides.forEach(settings::override);
        kit = await(ServiceKit.open(settings.build(), KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        await(kit.services().deploy(StateStoreMain.SERVICE));
        client = new StateClient(kit.vertx().eventBus(), Duration.ofSeconds(DEADLINE_S));
    }

    private void stopService() throws Exception {
        await(kit.services().stopAll());
        await(kit.close());
    }

    @Test
    void shouldRefuseRelaxedWritesWhileMemoryIsScarceAndNeverDurableOnes() throws Exception {
        startService(Map.of("state-store.memory.budget", "1MiB"));
        List<Mutation> documents = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            documents.add(put("order", String.format("o-%05d", i), "{\"status\":\"new\",\"n\":" + i + pad(i) + "}"));
        }
        commit(Durability.DURABLE, documents);

        until("memory is short", () -> failureOf(commitLater(Durability.RELAXED, quote())) != null);
        Throwable refused = failureOf(commitLater(Durability.RELAXED, quote()));
        if (refused != null) { // Compressing may have ended it already.
            assertEquals(Failure.UNAVAILABLE, Failure.of(refused));
            assertTrue(refused.getMessage().contains("of its budget of 1 MiB"), refused.getMessage());
            assertTrue(refused.getMessage().contains("relaxed writes are refused"), refused.getMessage());
        }
        assertNull(failureOf(commitLater(Durability.DURABLE, quote())), "durable writes always pass");

        until("compressing has made room", () -> failureOf(commitLater(Durability.RELAXED, quote())) == null);
        // There may be room when not yet everything that rests is compressed.
        until(
                "what rests is compressed",
                () -> kit.meters()
                                .get("tradewind.state.memory.compressed")
                                .counter()
                                .count()
                        >= 1_900);
        assertTrue(kit.meters().get("tradewind.state.memory.refused").counter().count() >= 1);
        List<Entity> live = readAll();
        assertEquals(
                documents.stream().map(Mutation::json).toList(),
                live.stream().map(Entity::json).toList());

        stopService();
        startService(Map.of());
        assertEquals(live, readAll(), "the same after a restart, when nothing is compressed");
    }

    @Test
    void shouldLetGoOfWhatTheDatabaseHasInTransactionsThatTheLogShows() throws Exception {
        Map<String, String> overrides = Map.of(
                "state-store.retention.every", "1s",
                "state-store.retention.rules.order", "0s if status is filled|canceled");
        startService(overrides);
        commit(
                Durability.DURABLE,
                List.of(put("order", "done", "{\"status\":\"filled\"}"), put("order", "open", "{\"status\":\"new\"}")));
        commit(Durability.DURABLE, List.of(put("order", "later", "{\"status\":\"canceled\"}")));

        until("the first has left", () -> {
            kit.vertx().eventBus().publish(Addresses.SYNC_VERSIONS, new SyncedVersions(Map.of(PARTITION, 1L)));
            return read("done") == null;
        });
        assertNotNull(read("open"), "an open order stays");
        assertNotNull(read("later"), "the database does not have it yet");

        until("the second has left", () -> {
            kit.vertx().eventBus().publish(Addresses.SYNC_VERSIONS, new SyncedVersions(Map.of(PARTITION, 3L)));
            return read("later") == null;
        });
        LogPage log = await(client.readLog(new ReadLog(PARTITION, 2, 10)));
        List<CommittedTransaction> deletes = log.transactions();
        assertEquals(2, deletes.size());
        assertTrue(deletes.stream().allMatch(tx -> tx.cause().actor().equals(Cause.RETENTION)));
        List<Entity> live = readAll();

        stopService();
        startService(Map.of());
        assertEquals(live, readAll(), "the log brings back what was there, and nothing that has left");
    }

    @Test
    void shouldTellCompressAndCleanUpOnCommand() throws Exception {
        startService(Map.of("state-store.retention.rules.order", "0s if status is filled"));
        long beganNs = System.nanoTime();
        commit(
                Durability.DURABLE,
                List.of(put("order", "done", "{\"status\":\"filled\"}"), put("order", "open", "{\"status\":\"new\"}")));

        JsonObject usage = command(Verb.USAGE);
        assertEquals(2, usage.getJsonObject("domains").getJsonObject("order").getInteger("entities"));
        assertTrue(usage.getLong("heap_bytes") > 0, usage::encode);
        int packed = command(Verb.COMPRESS).getInteger("packed");
        boolean rested = System.nanoTime() - beganNs >= TimeUnit.SECONDS.toNanos(REST_S);
        assertTrue(packed == 0 || rested, "nothing has rested long enough");
        assertEquals(0, command(Verb.CLEAN_UP).getInteger("removed"), "nobody said that the database has it");

        until("what the database has leaves", () -> {
            kit.vertx().eventBus().publish(Addresses.SYNC_VERSIONS, new SyncedVersions(Map.of(PARTITION, 1L)));
            return command(Verb.CLEAN_UP).getInteger("removed") == 1;
        });
        assertEquals(1, command(Verb.CLEAN_UP).getInteger("left"));
    }

    private JsonObject command(Verb verb) {
        return new JsonObject(await(kit.vertx()
                        .eventBus()
                        .<Json>request(Addresses.stateCommand(PARTITION), new StateCommand(verb, PARTITION)))
                .body()
                .toString());
    }

    private static String pad(int i) {
        return ",\"client_order_id\":\"client-" + i * 7919 + "\",\"note\":\"" + "x".repeat(250) + "\"";
    }

    private List<Mutation> quote() {
        return List.of(put("market", "AAPL", "{\"last\":\"" + transactions + "\"}"));
    }

    private static Mutation put(String domain, String id, String json) {
        return new Mutation(new EntityKey(domain, OWNER, id), Json.of(json));
    }

    private void commit(Durability durability, List<Mutation> mutations) {
        assertTrue(await(client.commit(message(durability, mutations))).allCommitted());
    }

    private Future<?> commitLater(Durability durability, List<Mutation> mutations) {
        return client.commit(message(durability, mutations));
    }

    private Commit message(Durability durability, List<Mutation> mutations) {
        String id = "t" + ++transactions;
        return new Commit(PARTITION, durability, List.of(new Transaction(id, cause(id), mutations, List.of())));
    }

    private Entity read(String id) {
        List<Entity> found = await(client.read(ReadEntities.one(new EntityKey("order", OWNER, id))))
                .entities();
        return found.isEmpty() ? null : found.get(0);
    }

    private List<Entity> readAll() {
        List<Entity> all = new ArrayList<>();
        ReadEntities query = ReadEntities.of("order", OWNER, 500);
        while (true) {
            var page = await(client.read(query));
            all.addAll(page.entities());
            if (!page.more()) {
                return all;
            }
            query = query.after(all.get(all.size() - 1).key());
        }
    }

    private static Throwable failureOf(Future<?> future) {
        try {
            await(future);
            return null;
        } catch (IllegalStateException e) {
            return e.getCause();
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE_S + " s: " + what);
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
