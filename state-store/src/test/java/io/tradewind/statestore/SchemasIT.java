package io.tradewind.statestore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.schema.Migration;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log in a real Redis that other releases wrote, older and newer ones. */
@Timeout(120)
class SchemasIT {

    private static final Path OLD_LOG =
            Path.of("..", "contracts", "src", "test", "resources", "golden", "log-entry-positions-v1.hex");
    private static final String ACCOUNT = "alice";
    private static final int PARTITION = Partitions.of(ACCOUNT);
    private static final EntityKey POSITION = new EntityKey(Domains.POSITION, ACCOUNT, "AAPL");

    @TempDir
    Path directory;

    private EmbeddedRedis redis;
    private ServiceKit kit;
    private Redis raw;
    private StateClient client;

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
        openKit();
    }

    @AfterEach
    void stop() throws Exception {
        closeKit();
        redis.close();
    }

    private void openKit() throws Exception {
        Settings settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", redis.uri())
                .override("redis.command-timeout", "30s")
                .build();
        kit = await(ServiceKit.open(settings, KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        client = new StateClient(kit.vertx().eventBus(), Duration.ofSeconds(30));
        raw = Redis.createClient(kit.vertx(), redis.uri());
    }

    private void closeKit() throws Exception {
        raw.close();
        await(kit.services().stopAll());
        await(kit.close());
    }

    private Future<?> deploy() {
        return kit.services().deploy(StateStoreMain.SERVICE);
    }

    /** What a release with other schemas left behind; the service has to be down. */
    private void write(long lastVersion, byte[] entry) {
        await(raw.send(Request.cmd(Command.XADD)
                .arg(LogKeys.log(PARTITION))
                .arg(LogKeys.entryId(lastVersion))
                .arg(LogKeys.FIELD_BODY)
                .arg(Buffer.buffer(entry))));
        await(raw.send(Request.cmd(Command.HSET)
                .arg(LogKeys.head(PARTITION))
                .arg("version")
                .arg(lastVersion)));
    }

    private static byte[] oldLog() throws IOException {
        return HexFormat.of()
                .parseHex(Files.readAllLines(OLD_LOG).stream()
                        .filter(line -> !line.startsWith("#"))
                        .collect(Collectors.joining()));
    }

    private static byte[] encode(Schemas schemas, long version, Mutation mutation) {
        try (LogCodec codec = new LogCodec(schemas)) {
            return codec.encode(List.of(new CommittedTransaction(
                    version, 1, "tx-" + version, new Cause(null, null, null), List.of(mutation))));
        }
    }

    @Test
    void shouldServeAnOldLogInTheShapeOfToday() throws Exception {
        write(5, oldLog());
        await(deploy());

        Entity position = position();
        Map<String, String> fields = JsonObjects.read(position.json());
        assertEquals("674d242a-0b04-3616-8ec5-3c7710d8ae0e", fields.get("asset_id"));
        assertEquals("-0.004303012", fields.get("unrealized_plpc"));
        assertEquals("10", fields.get("qty"));
        assertEquals(5, position.version(), "a change of shape is no change of the entity");

        List<Json> followed = await(client.readLog(new ReadLog(PARTITION, 0, 100))).transactions().stream()
                .flatMap(tx -> tx.mutations().stream())
                .filter(mutation -> mutation.key().equals(POSITION))
                .map(Mutation::json)
                .toList();
        assertEquals(2, followed.size());
        assertEquals(position.json(), followed.get(1), "followers see the same bytes");
    }

    @Test
    void shouldGoOnWritingBehindAnOldLogAndReadBoth() throws Exception {
        write(5, oldLog());
        await(deploy());
        Json before = position().json();
        Json today = Json.of(before.toString().replace("\"qty\":\"10\"", "\"qty\":\"11\""));
        Transaction change =
                new Transaction("new", new Cause(null, null, null), List.of(new Mutation(POSITION, today)), List.of());
        assertTrue(await(client.commit(new Commit(PARTITION, Durability.DURABLE, List.of(change))))
                .allCommitted());

        Response entries = await(raw.send(
                Request.cmd(Command.XRANGE).arg(LogKeys.log(PARTITION)).arg("-").arg("+")));
        List<Integer> formats = new ArrayList<>();
        for (Response entry : entries) {
            Response fields = entry.get(1);
            for (int i = 0; i < fields.size(); i += 2) {
                if (fields.get(i).toString().equals(LogKeys.FIELD_BODY)) {
                    formats.add((int) fields.get(i + 1).toBytes()[0]);
                }
            }
        }
        assertEquals(List.of(1, 2), formats);

        closeKit();
        openKit();
        await(deploy());
        assertEquals(today, position().json());
        assertEquals(6, position().version());
    }

    @Test
    void shouldRefuseToStartOnDocumentsOfANewerProgram() throws Exception {
        List<Migration> steps = new ArrayList<>(Schemas.current().all());
        int next = Schemas.current().version(Domains.POSITION);
        steps.add(new Migration(Domains.POSITION, next, "comes later", document -> {}));
        write(1, encode(new Schemas(steps), 1, new Mutation(POSITION, Json.of("{}"))));

        String refused = failureOf(deploy()).getMessage();
        assertTrue(refused.contains("partition " + PARTITION), refused);
        assertTrue(refused.contains("entry 1-0"), refused);
        assertTrue(refused.contains("domain 'position' have schema version " + (next + 1)), refused);
        assertTrue(refused.contains("knows versions up to " + next), refused);
    }

    @Test
    void shouldRefuseToStartWhenADocumentCannotBeMigratedAndNameIt() throws Exception {
        write(1, encode(new Schemas(List.of()), 1, new Mutation(POSITION, Json.of("{\"symbol\":\"AAPL\"}"))));

        String refused = failureOf(deploy()).getMessage();
        assertTrue(refused.contains("entry 1-0"), refused);
        assertTrue(refused.contains("position/alice/AAPL cannot be brought from schema version 1 to 2"), refused);
        assertTrue(refused.contains("cost_basis is missing"), refused);
    }

    private Entity position() {
        return await(client.read(ReadEntities.one(POSITION))).entities().get(0);
    }

    private static Throwable failureOf(Future<?> future) {
        try {
            await(future);
            throw new AssertionError("nothing was refused");
        } catch (IllegalStateException e) {
            return e.getCause();
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer within 50 s", e);
        }
    }
}
