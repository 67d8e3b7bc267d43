package io.tradewind.statestore;

import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.delete;
import static io.tradewind.statestore.domain.Transactions.key;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityAsOf;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.HistoryPage.End;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** State as of earlier versions and history, over a real log that is trimmed and a real archive. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HistoryIT {

    /** The migration that makes the archive, as db-sync runs it. */
    private static final Path MIGRATION =
            Path.of("..", "db-sync", "src", "main", "resources", "db", "migration", "V2__the_archive_of_the_logs.sql");

    private String database;
    private ServiceKit kit;
    private StateClient client;
    private RedisConnection redis;
    private PgConnection postgres;

    @BeforeEach
    void start() throws Exception {
        SharedServers.flushRedis();
        database = SharedServers.freshDatabase();
        startOn(database);
        postgres = await(PgConnection.connect(kit.vertx(), database));
        await(postgres.query(Files.readString(MIGRATION)).execute());
        await(postgres.query("CREATE TABLE log_archive_all PARTITION OF log_archive DEFAULT")
                .execute());
    }

    private void startOn(String postgresUri) throws Exception {
        Settings settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", SharedServers.redis().uri())
                .override("redis.command-timeout", "30s")
                .override("postgres.uri", postgresUri)
                .build();
        kit = await(ServiceKit.open(settings, KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        await(kit.services().deploy(StateStoreMain.SERVICE));
        client = new StateClient(kit.vertx().eventBus(), Duration.ofSeconds(60));
        redis = await(
                Redis.createClient(kit.vertx(), SharedServers.redis().uri()).connect());
    }

    @AfterEach
    void stop() throws Exception {
        await(kit.services().stopAll());
        await(kit.close());
    }

    @Test
    void shouldTellEveryChangeThoughTheLogWasTrimmed() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "b", "x"), put("t3", "a", "2"));
        commit(delete("t4", "a"), put("t5", "b", "y"));
        archive();
        commit(put("t6", "a", "3"));
        commit(put("t6", "a", "another"), put("t7", "b", "z"));
        commit(put("t8", "a", "4"));
        String all = "8 4, 6 3, 4 deleted, 3 2, 1 1";

        assertEquals(all, told(history("a", 100)), "all in the log, half of it in the archive as well");
        trim(3);
        assertEquals(all, told(history("a", 100)), "log and archive overlap by one entry");
        trim(5);
        assertEquals(all, told(history("a", 100)), "log and archive touch");
        assertEquals(End.BEGINNING, history("a", 100).end());

        archive();
        trim(8);
        HistoryPage page = history("a", 100);
        assertEquals(all, told(page), "nothing is left in the log");
        EntityChange newest = page.changes().get(0);
        assertEquals("t8", newest.transactionId());
        assertEquals("correlation-t8", newest.cause().correlationId());
        assertTrue(newest.timeMs() > 0);
        assertEquals(8, page.headVersion());
    }

    @Test
    void shouldPageThroughHistoryWithinEntriesAndAcrossLogAndArchive() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "a", "2"), put("t3", "a", "3"));
        archive();
        trim(3);
        commit(put("t4", "a", "4"), put("t5", "a", "5"));

        HistoryPage first = await(client.history(ReadHistory.of(key("a"), 2)));
        assertEquals("5 5, 4 4", told(first));
        assertEquals(End.MORE, first.end());
        ReadHistory rest = ReadHistory.of(key("a"), 2).from(first.lookedBackTo() - 1);
        HistoryPage second = await(client.history(rest));
        assertEquals("3 3, 2 2", told(second));
        HistoryPage third = await(client.history(rest.from(second.lookedBackTo() - 1)));
        assertEquals("1 1", told(third));
        assertEquals(End.BEGINNING, third.end());
        assertEquals("3 3, 2 2", told(await(client.historyInFull(rest, progress -> {}))));
    }

    @Test
    void shouldTellWhatAnEntityWasAtAnyVersion() throws Exception {
        commit(put("t1", "b", "x"), put("t2", "a", "1"), put("t3", "b", "y"));
        commit(delete("t4", "a"), put("t5", "a", "2"));
        archive();
        commit(put("t6", "b", "z"));

        for (boolean trimmed : List.of(false, true)) {
            assertEquals(new EntityAsOf.Absent(0), asOf("a", 1));
            assertEquals("2 1", found(asOf("a", 2)));
            assertEquals("2 1", found(asOf("a", 3)));
            assertEquals(new EntityAsOf.Absent(4), asOf("a", 4));
            assertEquals("5 2", found(asOf("a", 5)));
            assertEquals("5 2", found(asOf("a", 6)));
            assertEquals(new EntityAsOf.NotYet(6), asOf("a", 7));
            assertEquals(new EntityAsOf.Absent(0), asOf("never", 6));
            if (!trimmed) {
                trim(5);
            }
        }
    }

    @Test
    void shouldSayWhenItIsOlderThanWhatIsKept() throws Exception {
        commit(put("t1", "a", "1"));
        commit(put("t2", "b", "x"));
        archive();
        commit(put("t3", "a", "2"));
        trim(2);
        await(postgres.query("DELETE FROM log_archive WHERE last_version = 1").execute());

        assertEquals("3 2", found(asOf("a", 3)));
        assertEquals(new EntityAsOf.NotKept(2), asOf("a", 2));
        assertEquals(new EntityAsOf.NotKept(2), asOf("a", 1));
        HistoryPage page = history("a", 100);
        assertEquals("3 2", told(page));
        assertEquals(End.NOT_KEPT, page.end());
        assertEquals(2, page.lookedBackTo());
    }

    @Test
    void shouldPassOverDuplicatesInTheArchive() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "a", "2"));
        commit(put("t3", "a", "3"));
        archive();
        // As when the tables were rebuilt from a log that reached further back.
        await(postgres.query("INSERT INTO log_archive SELECT partition, first_version, last_version, first_at, last_at,"
                        + " body, archived_at + interval '1 second' FROM log_archive")
                .execute());
        trim(3);

        assertEquals("3 3, 2 2, 1 1", told(history("a", 100)));
    }

    @Test
    void shouldAnswerAsFarAsItCanWithoutPostgres() throws Exception {
        commit(put("t1", "a", "1"));
        commit(put("t2", "a", "2"), put("t3", "b", "x"));
        await(kit.services().stopAll());
        await(kit.close());
        startOn("postgresql://tradewind@127.0.0.1:1/nobody");
        trim(1);

        assertEquals("2 2", found(asOf("a", 2)));
        assertEquals("2 2", found(asOf("a", 3)));
        EntityAsOf.OutOfReach outOfReach = assertInstanceOf(EntityAsOf.OutOfReach.class, asOf("a", 1));
        assertTrue(outOfReach.reason().contains("the archive in Postgres does not answer"), outOfReach::reason);
        HistoryPage page = history("a", 100);
        assertEquals("2 2", told(page));
        assertEquals(End.OUT_OF_REACH, page.end());
        assertEquals(2, page.lookedBackTo());

        trim(3);
        assertEquals("2 2", found(asOf("a", 3)), "the state itself knows");
        assertNull(await(client.history(ReadHistory.asOf(key("a"), 3)))
                .changes()
                .get(0)
                .transactionId());
    }

    @Test
    void shouldTellTheSameAfterARestart() throws Exception {
        commit(put("t1", "a", "1"));
        commit(delete("t2", "a"));
        await(kit.services().stopAll());
        await(kit.close());
        startOn(database);
        commit(put("t3", "a", "3"));

        assertEquals("3 3, 2 deleted, 1 1", told(history("a", 100)));
    }

    private void commit(Transaction... transactions) throws Exception {
        await(client.commit(new Commit(PARTITION, Durability.DURABLE, List.of(transactions))));
    }

    private HistoryPage history(String id, int limit) throws Exception {
        return await(client.historyInFull(ReadHistory.of(key(id), limit), lookedBackTo -> {}));
    }

    private EntityAsOf asOf(String id, long version) throws Exception {
        return await(client.asOf(key(id), version, lookedBackTo -> {}));
    }

    private static String told(HistoryPage page) {
        return page.changes().stream()
                .map(change -> change.version() + " "
                        + (change.isDelete() ? "deleted" : value(change.json().toString())))
                .collect(Collectors.joining(", "));
    }

    private static String found(EntityAsOf answer) {
        Entity entity = assertInstanceOf(EntityAsOf.Found.class, answer).entity();
        return entity.version() + " " + value(entity.json().toString());
    }

    private static String value(String document) {
        return document.replace("{\"value\":\"", "").replace("\"}", "");
    }

    /** Writes what the log has and the archive has not, as db-sync does. */
    private void archive() throws Exception {
        long archived = await(postgres.query("SELECT coalesce(max(last_version), 0) FROM log_archive")
                        .execute())
                .iterator()
                .next()
                .getLong(0);
        Response entries = await(redis.send(Request.cmd(Command.XRANGE)
                .arg(LogKeys.log(PARTITION))
                .arg("(" + LogKeys.entryId(archived))
                .arg("+")));
        try (LogCodec codec = new LogCodec()) {
            for (Response entry : entries) {
                byte[] body = entry.get(1).get(3).toBytes();
                List<CommittedTransaction> transactions = codec.decode(body);
                await(postgres.preparedQuery(
                                "INSERT INTO log_archive (partition, first_version, last_version, first_at,"
                                        + " last_at, body) VALUES ($1, $2, $3, now(), now(), $4)")
                        .execute(Tuple.of(
                                (short) PARTITION,
                                transactions.get(0).version(),
                                transactions.get(transactions.size() - 1).version(),
                                Buffer.buffer(body))));
            }
        }
    }

    /** Lets go of entries that hold nothing above a version. */
    private void trim(long version) throws Exception {
        await(redis.send(Request.cmd(Command.XTRIM)
                .arg(LogKeys.log(PARTITION))
                .arg("MINID")
                .arg(LogKeys.entryId(version + 1))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
