package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static io.tradewind.dbsync.TestLog.account;
import static io.tradewind.dbsync.TestLog.activity;
import static io.tradewind.dbsync.TestLog.delete;
import static io.tradewind.dbsync.TestLog.order;
import static io.tradewind.dbsync.TestLog.position;
import static io.tradewind.dbsync.TestLog.put;
import static io.tradewind.dbsync.TestLog.tx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.SyncCommand;
import io.tradewind.contracts.state.SyncCommand.Verb;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.CheckResult.Status;
import io.tradewind.servicekit.ServiceKit;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator asks of db-sync: against real servers, and a state made of the transactions in the log. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SyncCommandsIT {

    /** All on one partition. */
    private static final String A = Partitions.pinnedKey(3);

    private static final int P = 3;

    private final FakeState state = new FakeState();
    private TestBed bed;
    private ServiceKit kit;

    @BeforeEach
    void open() {
        SharedServers.flushRedis();
        bed = new TestBed(SharedServers.redis().uri(), SharedServers.freshDatabase());
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private void start(String... overrides) {
        kit = bed.start(overrides);
        state.on(kit.vertx());
    }

    private JsonObject ask(Verb verb) {
        return new JsonObject(Await.result(kit.vertx()
                        .eventBus()
                        .<Json>request(
                                Addresses.SYNC_COMMAND,
                                new SyncCommand(verb, P),
                                new DeliveryOptions().setSendTimeout(60_000)))
                .body()
                .toString());
    }

    /** To the log, and to the state. */
    private void commit(CommittedTransaction... transactions) {
        state.apply(P, List.of(transactions));
        bed.append(P, transactions);
    }

    private static CommittedTransaction retention(long version, Mutation... mutations) {
        return new CommittedTransaction(
                version, TestLog.T0 + version, "tx-" + version, new Cause("", "", Cause.RETENTION), List.of(mutations));
    }

    /** One of everything; returns the last version. */
    private long commitAll() {
        commit(
                tx(1, account(A, "1000"), order(A, "o1", "accepted", "0"), order(A, "o2", "accepted", "0")),
                tx(2, order(A, "o1", "filled", "10"), activity(A, "e1", "o1", "10"), position(A, "AAPL", "10")),
                tx(3, position(A, "MSFT", "1"), put("weather", A, "oslo", "{\"rain\":1}"), put("news", A, "n1", "{}")));
        commit(
                tx(4, delete(Domains.POSITION, A, "MSFT")),
                retention(
                        5, delete(Domains.ORDER, A, "o1"), delete(Domains.ACTIVITY, A, "e1"), delete("news", A, "n1")));
        return 5;
    }

    private void assertVerified() {
        JsonObject found = ask(Verb.VERIFY);
        assertTrue(found.getBoolean("ok"), found::encodePrettily);
        assertEquals(0, found.getInteger("differences"));
    }

    @Test
    void shouldFlushWhatIsThereNow() throws Exception {
        start("db-sync.min-interval=5s", "db-sync.max-interval=1m");
        until("it follows", () -> ask(Verb.STATUS).getString("fault") == null);
        long last = commitAll();

        assertEquals(last, ask(Verb.FLUSH).getLong("version"));

        assertEquals(last, bed.offset(P));
        assertEquals(2, bed.count("orders"));
    }

    @Test
    void shouldTellWhereItStands() throws Exception {
        start();
        long last = commitAll();
        ask(Verb.FLUSH);

        JsonObject status = ask(Verb.STATUS);

        assertEquals(last, status.getLong("offset"), status::encode);
        assertEquals(last, status.getLong("head"));
        assertEquals(0, status.getLong("lag_versions"));
        assertEquals(0, status.getLong("dead_letters"));
        assertTrue(status.getJsonObject("sync").getLong("interval_ms") >= 0);
        assertTrue(
                status.getJsonObject("sync").getJsonObject("last_batch").getInteger("rows") > 0,
                status::encodePrettily);
    }

    @Test
    void shouldTellWhyNothingIsWrittenAndNotLetAFlushWaitForEver() throws Exception {
        start();
        commitAll();
        ask(Verb.FLUSH);
        bed.execute("ALTER TABLE sync_offsets RENAME TO away");
        try {
            commit(tx(6, order(A, "o3", "accepted", "0")));
            AssertionError refused = assertThrows(AssertionError.class, () -> ask(Verb.FLUSH));
            assertTrue(refused.getCause().toString().contains("sync_offsets"), () -> refused.getCause()
                    .toString());
            JsonObject sync = ask(Verb.STATUS).getJsonObject("sync");
            assertTrue(sync.getString("trouble").startsWith("Postgres: "), sync::encode);
            assertTrue(sync.getLong("errors") >= 2, sync::encode);
        } finally {
            bed.execute("ALTER TABLE away RENAME TO sync_offsets");
        }
        assertEquals(6, ask(Verb.FLUSH).getLong("version"));
    }

    @Test
    void shouldFindNoDifferenceWhereThereIsNone() {
        start();
        commitAll();

        JsonObject found = ask(Verb.VERIFY);

        assertTrue(found.getBoolean("ok"), found::encodePrettily);
        assertEquals(4, found.getLong("entities"), "account, order, position, weather");
        assertEquals(2, bed.count("orders"), "what retention removed from the state stays in Postgres");
        assertEquals(List.of("n1", "oslo"), bed.query("SELECT id FROM entities ORDER BY id"));
    }

    @Test
    void shouldPrintEveryKindOfDifferenceAndMendItByARebuild() {
        start();
        commitAll();
        ask(Verb.FLUSH);
        bed.execute("UPDATE orders SET filled_qty = 7, status = 'filled' WHERE id = 'o2'");
        bed.execute("UPDATE accounts SET version = 4");
        bed.execute("DELETE FROM positions");
        bed.execute("INSERT INTO positions (account_id, symbol, qty, version, partition) VALUES ('" + A
                + "', 'GONE', 1, 2, " + P + ")");
        bed.execute("UPDATE entities SET body = '{\"rain\": 2}' WHERE id = 'oslo'");

        JsonObject found = ask(Verb.VERIFY);

        assertFalse(found.getBoolean("ok"));
        assertEquals(5, found.getInteger("differences"), found::encodePrettily);
        String told = found.getJsonArray("found").encode();
        assertTrue(told.contains("filled_qty is 7 instead of 0, status is filled instead of accepted"), told);
        assertTrue(told.contains("is at version 4 in accounts, and at version 1 in the state"), told);
        assertTrue(told.contains("is not in positions; the state has it at version 2"), told);
        assertTrue(told.contains("is in positions at version 2; the state does not have it"), told);
        assertTrue(told.contains("body is"), told);

        JsonObject rebuilt = ask(Verb.REBUILD);
        assertEquals(1, rebuilt.getLong("removed"), rebuilt::encode);
        assertEquals(0, rebuilt.getLong("skipped"));
        assertVerified();
        assertEquals(2, bed.count("orders"), "history stays");
        commit(tx(6, position(A, "AAPL", "20"), order(A, "o2", "filled", "10")));
        assertVerified();
        assertEquals(List.of("20"), bed.query("SELECT qty FROM positions"));
    }

    @Test
    void shouldWriteThePresentDayOfAnAccountAnewAndKeepEarlierOnes() {
        start();
        commitAll();
        commit(tx(6, accountOn("2026-01-29", "100")), tx(7, accountOn("2026-01-30", "110")));
        ask(Verb.FLUSH);
        List<String> days =
                bed.query("SELECT trading_day, equity, daily_realized_pl, version FROM account_days ORDER BY 1");
        assertEquals(List.of("2026-01-29|100|3|6", "2026-01-30|110|3|7"), days);
        bed.execute("DELETE FROM account_days WHERE trading_day = '2026-01-30'");

        ask(Verb.REBUILD);

        assertEquals(
                days, bed.query("SELECT trading_day, equity, daily_realized_pl, version FROM account_days ORDER BY 1"));
        assertEquals(
                List.of("2026-01-29|3|0.5", "2026-01-30|3|0.5"),
                bed.query("SELECT trading_day, realized_pl, fees FROM daily_pl ORDER BY 1"));
        assertVerified();
    }

    private static Mutation accountOn(String day, String equity) {
        return put(
                Domains.ACCOUNT,
                A,
                A,
                "{\"id\":\"" + A + "\",\"equity\":\"" + equity + "\",\"last_equity\":\"100\",\"realized_pl\":\"9\","
                        + "\"daily_realized_pl\":\"3\",\"daily_fees\":\"0.5\",\"trading_day\":\"" + day + "\"}");
    }

    @Test
    void shouldBeBroughtBackInStepWhenTheLogWasTrimmed() throws Exception {
        commitAll();
        bed.trim(P, 1);
        start();
        until("fault seen", () -> TestBed.checks(kit).get("lag").status() == Status.DOWN);
        assertTrue(TestBed.checks(kit).get("lag").toString().contains("./tradewind sync rebuild"));
        AssertionError refused = assertThrows(AssertionError.class, () -> ask(Verb.VERIFY));
        assertTrue(refused.getCause().getMessage().contains("was trimmed"), refused.getCause()::getMessage);

        JsonObject rebuilt = ask(Verb.REBUILD);

        assertEquals(5, rebuilt.getLong("skipped"), rebuilt::encode);
        assertEquals(5, bed.offset(P));
        assertVerified();
        commit(tx(6, order(A, "o3", "accepted", "0")));
        assertVerified();
        assertEquals(6, bed.offset(P));
        until("well again", () -> TestBed.checks(kit).get("lag").status() == Status.UP);
    }

    @Test
    void shouldLetGoOfWhatAnotherLogLeftBehind() throws Exception {
        start();
        commitAll();
        ask(Verb.FLUSH);
        // As after a log of another time was put in place: the database knows more than the log.
        bed.execute("UPDATE sync_offsets SET version = 9 WHERE partition = " + P);
        bed.execute("INSERT INTO orders (account_id, id, status, version, partition) VALUES ('" + A
                + "', 'lost', 'filled', 9, " + P + ")");
        bed.execute("UPDATE positions SET qty = 99, version = 8");
        bed.stop(kit);
        start();
        until("fault seen", () -> TestBed.checks(kit).get("lag").status() == Status.DOWN);

        ask(Verb.REBUILD);

        assertVerified();
        assertEquals(List.of("o1", "o2"), bed.query("SELECT id FROM orders ORDER BY id"));
        assertEquals(List.of("10|2"), bed.query("SELECT qty, version FROM positions"));
        assertEquals(5, bed.offset(P));
    }

    @Test
    void shouldVerifyAndRebuildWhileChangesGoOn() throws Exception {
        start("db-sync.max-batch-transactions=20");
        List<CommittedTransaction> orders = new ArrayList<>();
        long version = 1;
        for (; version <= 2_500; version++) {
            orders.add(tx(version, order(A, "o" + version, "accepted", "0"), position(A, "S" + version % 50, "1")));
        }
        commit(orders.toArray(CommittedTransaction[]::new));
        long next = version;
        Thread writer = new Thread(() -> {
            for (long v = next; v < next + 1_500; v++) {
                commit(
                        v % 7 == 0
                                ? tx(v, delete(Domains.POSITION, A, "S" + v % 50))
                                : tx(v, order(A, "o" + v % 2_500, "filled", "1"), position(A, "S" + v % 50, "" + v)));
            }
        });
        writer.start();
        try {
            while (writer.isAlive()) {
                assertVerified();
                ask(Verb.REBUILD);
            }
        } finally {
            writer.join();
        }
        assertVerified();
        assertEquals(next + 1_499, ask(Verb.FLUSH).getLong("version"));
        bed.assertArchiveIsTheLog(P);
        assertVerified();
    }

    @Test
    void shouldReplayWhatWasSetAsideAndNeverPutSomethingOlderOverSomethingNewer() throws Exception {
        start();
        commit(tx(1, order(A, "o1", "accepted", "0"), account(A, "1")));
        ask(Verb.FLUSH);
        bed.execute("ALTER TABLE orders ADD CONSTRAINT mended CHECK (filled_qty < 5)");
        bed.execute("ALTER TABLE positions ADD CONSTRAINT mended CHECK (qty < 5)");
        bed.execute("ALTER TABLE entities ADD CONSTRAINT mended CHECK (body ->> 'rain' <> '5')");
        commit(
                tx(2, order(A, "o1", "filled", "10"), order(A, "o2", "filled", "10"), order(A, "o3", "filled", "10")),
                tx(3, position(A, "AAPL", "10"), position(A, "MSFT", "10"), put("weather", A, "oslo", "{\"rain\":5}")));
        ask(Verb.FLUSH);
        assertEquals(6, ask(Verb.STATUS).getLong("dead_letters"));
        assertEquals(Status.DEGRADED, TestBed.checks(kit).get("lag").status());
        // One went on, one was deleted, one left by its age, the rest are as they were.
        commit(
                tx(4, position(A, "AAPL", "3"), delete(Domains.POSITION, A, "MSFT")),
                retention(5, delete(Domains.ORDER, A, "o3")));
        ask(Verb.FLUSH);

        JsonObject notYet = ask(Verb.REPLAY);
        assertEquals(4, notYet.getLong("left"), notYet::encode);
        bed.execute("ALTER TABLE orders DROP CONSTRAINT mended");
        bed.execute("ALTER TABLE positions DROP CONSTRAINT mended");
        bed.execute("ALTER TABLE entities DROP CONSTRAINT mended");
        JsonObject replayed = ask(Verb.REPLAY);

        assertEquals(4, replayed.getLong("replayed"), replayed::encode);
        assertEquals(0, bed.count("dead_letters"));
        assertEquals(0, ask(Verb.STATUS).getLong("dead_letters"));
        assertEquals(
                List.of("o1|filled|2", "o2|filled|2", "o3|filled|2"),
                bed.query("SELECT id, status, version FROM orders ORDER BY id"));
        assertEquals(List.of("AAPL|3|4"), bed.query("SELECT symbol, qty, version FROM positions"));
        assertEquals(List.of("oslo|3"), bed.query("SELECT id, version FROM entities"));
        assertEquals(new EntityKey(Domains.ORDER, A, "o1").partition(), P);
        assertVerified();
    }
}
