package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static io.tradewind.dbsync.TestLog.account;
import static io.tradewind.dbsync.TestLog.activity;
import static io.tradewind.dbsync.TestLog.delete;
import static io.tradewind.dbsync.TestLog.order;
import static io.tradewind.dbsync.TestLog.position;
import static io.tradewind.dbsync.TestLog.put;
import static io.tradewind.dbsync.TestLog.quote;
import static io.tradewind.dbsync.TestLog.tx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.CheckResult.Status;
import io.tradewind.servicekit.ServiceKit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DbSyncIT {

    private TestBed bed;

    @BeforeEach
    void open() {
        SharedServers.flushRedis();
        bed = new TestBed(SharedServers.redis().uri(), SharedServers.freshDatabase());
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void shouldWriteWhatTheLogHolds() throws Exception {
        bed.start();
        bed.append(
                3, tx(1, account("A", "1000000"), order("A", "o1", "accepted", "0")), tx(2, quote("AAPL", "187.20")));
        bed.append(
                3,
                tx(3, order("A", "o1", "filled", "10"), activity("A", "e1", "o1", "10"), position("A", "AAPL", "10")),
                tx(4, position("A", "MSFT", "5")));
        bed.append(
                3,
                tx(5, delete(Domains.POSITION, "A", "MSFT"), put("weather", "europe", "oslo", "{\"rain\": [1, 2]}")));

        until("version 5 written", () -> bed.offset(3) == 5);

        assertEquals(
                List.of("A|o1|client-o1|filled|10|10|187.25|null|f|3|3"),
                bed.query("SELECT account_id, id, client_order_id, status, qty, filled_qty, limit_price, filled_at,"
                        + " extended_hours, version, partition FROM orders"));
        assertEquals(
                List.of("e1|o1|10|187.25|null|3"),
                bed.query("SELECT id, order_id, qty, price, fee, version FROM activities"));
        assertEquals(List.of("AAPL|10|187.25"), bed.query("SELECT symbol, qty, avg_entry_price FROM positions"));
        assertEquals(List.of("A|1000000|USD|1"), bed.query("SELECT id, cash, currency, version FROM accounts"));
        assertEquals(
                List.of("weather|europe|oslo|[1, 2]"),
                bed.query("SELECT domain, partition_key, id, body->>'rain' FROM entities"));
        assertEquals(
                List.of("market|AAPL|187.20|2"), bed.query("SELECT feed, symbol, last_price, version FROM quotes"));
        assertEquals(
                List.of("t"), bed.query("SELECT created_at = to_timestamp(" + TestLog.T0 + " / 1000.0) FROM orders"));
        assertEquals(0, bed.count("dead_letters"));
    }

    @Test
    void shouldGoOnWhereItStoppedAfterARestart() throws Exception {
        ServiceKit first = bed.start();
        bed.append(0, tx(1, order("A", "o1", "accepted", "0")));
        until("version 1 written", () -> bed.offset(0) == 1);
        bed.stop(first);

        bed.append(0, tx(2, order("A", "o1", "filled", "10")), tx(3, activity("A", "e1", "o1", "10")));
        bed.start();
        until("version 3 written", () -> bed.offset(0) == 3);

        assertEquals(List.of("filled|2"), bed.query("SELECT status, version FROM orders"));
        assertEquals(1, bed.count("activities"));
    }

    @Test
    void shouldWorkOffABacklogInBoundedBatches() throws Exception {
        int transactions = 3_000;
        for (int p = 0; p < 2; p++) {
            List<CommittedTransaction> entry = new ArrayList<>();
            for (int v = 1; v <= transactions; v++) {
                entry.add(tx(v, order("account-" + p, "o" + v, "accepted", "0")));
                if (entry.size() == 70 || v == transactions) {
                    bed.append(p, entry);
                    entry.clear();
                }
            }
        }

        ServiceKit kit = bed.start("db-sync.max-batch-transactions=500", "db-sync.max-statement-rows=200");
        until("all written", () -> bed.offset(0) == transactions && bed.offset(1) == transactions);

        assertEquals(2L * transactions, bed.count("orders"));
        // A writer counts when it has heard of its commit, which is after others can see the rows.
        until(
                "every batch is counted",
                () -> kit.meters().get("tradewind.dbsync.batch").timer().count() >= 12);
        assertTrue(kit.meters()
                        .get("tradewind.dbsync.batch.transactions")
                        .summary()
                        .max()
                <= 500);
        until("nothing lags behind", () -> TestBed.checks(kit).get("lag").status() == Status.UP);
    }

    @Test
    void shouldSetAsideAPoisonRowAndWriteTheRest() throws Exception {
        ServiceKit kit = bed.start();
        List<Mutation> mutations = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            mutations.add(order("A", "o" + i, "accepted", "0"));
        }
        // Refused by Postgres: an id that is taken, a character that text cannot hold. Refused before: no number.
        mutations.add(put(Domains.ORDER, "A", "twin", TestLog.orderJson("A", "twin", "client-o7", "accepted", "0")));
        mutations.add(put(Domains.ORDER, "A", "nul", "{\"symbol\":\"A\\u0000B\"}"));
        mutations.add(put(Domains.ORDER, "A", "ten", "{\"qty\":\"ten\"}"));
        mutations.add(put("weather", "europe", "oslo", "{\"rain\":"));
        mutations.add(delete(Domains.POSITION, "A", "A\u0000B"));
        bed.append(6, tx(1, mutations), tx(2, activity("A", "e1", "o1", "10")));
        bed.append(6, tx(3, order("A", "after", "accepted", "0")));

        until("version 3 written", () -> bed.offset(6) == 3);

        assertEquals(301, bed.count("orders"));
        assertEquals(1, bed.count("activities"));
        assertEquals(
                List.of(
                        "order|A|nul|22021|1",
                        "order|A|ten|null|1",
                        "order|A|twin|23505|1",
                        "position|A|A\uFFFDB|22021|1",
                        "weather|europe|oslo|22P02|1"),
                bed.query("SELECT domain, partition_key, entity_id, sql_state, version FROM dead_letters"
                        + " ORDER BY domain, entity_id"));
        assertEquals(
                List.of("{\"qty\":\"ten\"}"),
                bed.query("SELECT convert_from(payload, 'UTF8') FROM dead_letters WHERE entity_id = 'ten'"));
        until("they are counted", () -> TestBed.counter(kit, "tradewind.dbsync.dead.letters") == 5);
        assertEquals(5L, TestBed.checks(kit).get("lag").details().get("dead_letters"));
    }

    @Test
    void shouldFindWhatItTookForNewToBeThere() throws Exception {
        bed.stop(bed.start());
        bed.execute("INSERT INTO activities (account_id, id, qty, version, partition) VALUES ('A', 'e7', 99, 1, 0)");
        bed.execute("INSERT INTO orders (account_id, id, status, version, partition) VALUES ('A', 'o7', 'new', 0, 0),"
                + " ('A', 'o8', 'filled', 100, 0)");
        List<Mutation> mutations = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            mutations.add(activity("A", "e" + i, "o" + i, "10"));
            // Made in the very moment of its transaction, as far as the document tells.
            mutations.add(put(
                    Domains.ORDER,
                    "A",
                    "o" + i,
                    "{\"status\":\"accepted\",\"created_at\":\"" + JsonObjects.timeText(tx(1).timeMs()) + "\"}"));
        }
        bed.append(0, tx(1, mutations), tx(2, order("A", "o1", "filled", "10")));

        bed.start();
        until("version 2 written", () -> bed.offset(0) == 2);

        assertEquals(300, bed.count("activities"));
        assertEquals(List.of("99"), bed.query("SELECT qty FROM activities WHERE id = 'e7'"));
        assertEquals(300, bed.count("orders"));
        assertEquals(
                List.of("o1|filled|2", "o2|accepted|1", "o7|accepted|1", "o8|filled|100"),
                bed.query("SELECT id, status, version FROM orders WHERE id IN ('o1', 'o2', 'o7', 'o8') ORDER BY id"));
        assertEquals(601, bed.count("state_changes"));
        assertEquals(0, bed.count("dead_letters"));
    }

    @Test
    void shouldKeepChangesOfManyKindsApartInTheAudit() throws Exception {
        List<Mutation> mutations = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            mutations.add(order("A", "o" + i, "status-" + i % 150, "0"));
        }
        mutations.add(delete("weather", "A", "oslo"));
        bed.append(0, tx(1, mutations));

        bed.start();
        until("version 1 written", () -> bed.offset(0) == 1);

        assertEquals(
                List.of("301|301|t"),
                bed.query("SELECT count(*), max(ordinal), bool_and(CASE WHEN domain = 'order' THEN kind = 'put'"
                        + " AND status = 'status-' || (ordinal - 1) % 150 AND entity_id = 'o' || (ordinal - 1) AND bytes > 0"
                        + " ELSE kind = 'delete' AND status IS NULL AND domain = 'weather' AND bytes = 0 END)"
                        + " FROM state_changes"));
    }

    @Test
    void shouldNeverPutAnOlderVersionOverANewerOne() throws Exception {
        ServiceKit first = bed.start();
        bed.stop(first);
        bed.execute(
                "INSERT INTO orders (account_id, id, status, version, partition) VALUES ('A', 'o1', 'filled', 100, 0)");
        bed.execute(
                "INSERT INTO positions (account_id, symbol, qty, version, partition) VALUES ('A', 'AAPL', 9, 100, 0)");
        bed.append(0, tx(1, order("A", "o1", "accepted", "0"), delete(Domains.POSITION, "A", "AAPL")));

        bed.start();
        until("version 1 written", () -> bed.offset(0) == 1);

        assertEquals(List.of("filled|100"), bed.query("SELECT status, version FROM orders"));
        assertEquals(List.of("9|100"), bed.query("SELECT qty, version FROM positions"));
    }

    @Test
    void shouldDoNoHarmWhenTwoWriteToOneDatabase() throws Exception {
        RandomLog log = new RandomLog(11, 4, 400);
        ServiceKit one = bed.start("db-sync.max-batch-transactions=40");
        ServiceKit two = bed.start("db-sync.max-batch-transactions=70");

        log.commits().forEach((partition, entries) -> entries.forEach(entry -> bed.append(partition, entry)));
        until("all written", () -> bed.caughtUp(log.commits()));

        long inLog = log.commits().values().stream()
                .flatMap(List::stream)
                .mapToLong(List::size)
                .sum();
        // A writer counts when it has heard of its commit, which is after others can see the rows.
        until("every transaction is counted", () -> counted(one) + counted(two) >= inLog);
        assertEquals(inLog, counted(one) + counted(two), "each transaction had effect once");
        assertEquals(appliedOnce(), bed.tables());
        for (int p = 0; p < 4; p++) {
            bed.assertArchiveIsTheLog(p);
            bed.assertAuditIsTheLog(p);
        }
    }

    @Test
    void shouldAuditEveryChangeAlsoThoseThatNoRowEverShowed() throws Exception {
        bed.append(0, tx(1, order("A", "o1", "accepted", "0")));
        bed.append(
                0,
                tx(2, order("A", "o1", "pending_new", "0")),
                tx(3, order("A", "o1", "filled", "10"), activity("A", "e1", "o1", "10"), position("A", "AAPL", "10")));
        bed.append(
                0,
                new CommittedTransaction(
                        4,
                        TestLog.T0 + 4,
                        "tx-4",
                        new Cause("cleaning", null, Cause.RETENTION),
                        List.of(delete(Domains.ORDER, "A", "o1"))));
        bed.append(0, tx(5, delete(Domains.POSITION, "A", "AAPL")));

        ServiceKit kit = bed.start();
        until("version 5 written", () -> bed.offset(0) == 5);

        assertEquals(
                List.of(
                        "1|1|put|accepted|tx-1|request|command|test",
                        "2|1|put|pending_new|tx-2|request|command|test",
                        "3|1|put|filled|tx-3|request|command|test",
                        "4|1|forget|null|tx-4|cleaning|null|retention"),
                bed.query("SELECT version, ordinal, kind, status, transaction_id, correlation_id, causation_id, actor"
                        + " FROM state_changes WHERE domain = 'order' AND partition_key = 'A' AND entity_id = 'o1'"
                        + " ORDER BY version, ordinal"));
        assertEquals(
                List.of("3|2|put|activity|e1", "3|3|put|position|AAPL", "5|1|delete|position|AAPL"),
                bed.query("SELECT version, ordinal, kind, domain, entity_id FROM state_changes WHERE domain <> 'order'"
                        + " ORDER BY version, ordinal"));
        assertEquals(List.of("filled|3"), bed.query("SELECT status, version FROM orders"));
        until("they are counted", () -> TestBed.counter(kit, "tradewind.dbsync.audit.rows") == 7);
        until(
                "so is what the archive takes",
                () -> kit.meters().get("tradewind.dbsync.archive.ratio").gauge().value() > 0.5);
    }

    @Test
    void shouldAuditChangesOfEntitiesWithNamesThatNoTableTakes() throws Exception {
        // Too long for an index entry, and too random to be compressed into one.
        String longest = new Random(1)
                .ints(5_000, 0, 36)
                .mapToObj(digit -> Integer.toString(digit, 36))
                .collect(Collectors.joining());
        bed.append(0, tx(1, put("weather", "A", longest, "{}"), put("weather", "A", "A\u0000B", "{}")));

        bed.start();
        until("version 1 written", () -> bed.offset(0) == 1);

        assertEquals(2, bed.count("dead_letters"));
        assertEquals(
                List.of("1|200", "2|3"),
                bed.query("SELECT ordinal, length(entity_id) FROM state_changes ORDER BY ordinal"));
    }

    @Test
    void shouldUpdateOnlyTheColumnsThatChanged() throws Exception {
        ServiceKit kit = bed.start();
        bed.append(0, tx(1, order("A", "o1", "accepted", "0"), account("A", "100")));
        until("version 1 written", () -> bed.offset(0) == 1);
        // By hand, so that it shows which columns are written.
        bed.execute("UPDATE orders SET source = 'by hand', status = 'by hand'");

        bed.append(0, tx(2, order("A", "o1", "filled", "10")));
        until("version 2 written", () -> bed.offset(0) == 2);

        assertEquals(
                List.of("filled|10|by hand|2"), bed.query("SELECT status, filled_qty, source, version FROM orders"));
        until("it is counted", () -> TestBed.counter(kit, "tradewind.dbsync.rows.partial") == 1);
        assertEquals(3, TestBed.counter(kit, "tradewind.dbsync.rows"));
    }

    @Test
    void shouldWriteARowWholeWhenSomebodyHasRemovedIt() throws Exception {
        ServiceKit kit = bed.start();
        bed.append(0, tx(1, order("A", "o1", "accepted", "0"), order("A", "o2", "accepted", "0")));
        until("version 1 written", () -> bed.offset(0) == 1);
        bed.execute("DELETE FROM orders WHERE id = 'o1'");

        bed.append(0, tx(2, order("A", "o1", "filled", "10"), order("A", "o2", "filled", "10")));
        until("version 2 written", () -> bed.offset(0) == 2);

        assertEquals(
                List.of("o1|client-o1|AAPL|filled|2", "o2|client-o2|AAPL|filled|2"),
                bed.query("SELECT id, client_order_id, symbol, status, version FROM orders ORDER BY id"));
        assertEquals(0, TestBed.counter(kit, "tradewind.dbsync.postgres.errors"));
    }

    @Test
    void shouldKeepTheEndOfEveryTradingDay() throws Exception {
        bed.append(0, tx(1, accountOn("2026-01-30", "100", "100")), tx(2, accountOn("2026-01-30", "110", "100")));
        bed.append(0, tx(3, accountOn("2026-02-02", "105", "110")), tx(4, delete(Domains.ACCOUNT, "A", "A")));
        bed.append(0, tx(5, accountOn("2026-02-02", "120", "110")), tx(6, account("A", "7")));

        bed.start();
        until("version 6 written", () -> bed.offset(0) == 6);

        assertEquals(
                List.of("2026-01-30|100|110|10|2", "2026-02-02|110|120|10|5"),
                bed.query("SELECT trading_day, last_equity, equity, daily_pl, version FROM account_days ORDER BY 1"));
        assertEquals(
                List.of("2026-01-30|10|10.0000|null", "2026-02-02|10|9.0909|3"),
                bed.query("SELECT trading_day, daily_pl, daily_pl_percent, realized_pl FROM daily_pl ORDER BY 1"));
        assertEquals(List.of("7|6"), bed.query("SELECT cash, version FROM accounts"));
    }

    private static Mutation accountOn(String day, String equity, String before) {
        return put(
                Domains.ACCOUNT,
                "A",
                "A",
                "{\"id\":\"A\",\"equity\":\"" + equity + "\",\"last_equity\":\"" + before + "\",\"daily_pl\":\""
                        + new BigDecimal(equity).subtract(new BigDecimal(before)) + "\",\"realized_pl\":\""
                        + (day.endsWith("30") ? "4" : "7") + "\",\"fees\":\"1\",\"trading_day\":\"" + day + "\"}");
    }

    private static long counted(ServiceKit kit) {
        return (long) TestBed.counter(kit, "tradewind.dbsync.transactions");
    }

    @Test
    void shouldArchiveAnEntryWithTheBatchThatCompletesIt() throws Exception {
        bed.append(0, List.of(tx(1, order("A", "o1", "accepted", "0")), tx(2, order("A", "o2", "accepted", "0"))));
        bed.append(0, List.of(tx(3, order("A", "o1", "filled", "10"))));

        bed.start("db-sync.max-batch-transactions=1");
        until("version 3 written", () -> bed.offset(0) == 3);

        bed.assertArchiveIsTheLog(0);
        assertEquals(
                List.of("1|2|t|t|t", "3|3|t|t|t"),
                bed.query("SELECT first_version, last_version,"
                        + " first_at = to_timestamp((" + TestLog.T0 + " + first_version) / 1000.0),"
                        + " last_at = to_timestamp((" + TestLog.T0 + " + last_version) / 1000.0),"
                        + " archived_at > now() - interval '10 minutes' FROM log_archive ORDER BY 1"));
        assertEquals(
                List.of("e"),
                bed.query(
                        "SELECT DISTINCT attstorage FROM pg_attribute a JOIN pg_inherits i"
                                + " ON a.attrelid = i.inhrelid WHERE i.inhparent = 'log_archive'::regclass AND attname = 'body'"));
    }

    @Test
    void shouldMakeWeeksAheadAndDropThoseBeyondTheRetention() throws Exception {
        bed.stop(bed.start());
        for (String monday : List.of("2020-01-06", "2020-01-13")) {
            bed.execute("CREATE TABLE log_archive_" + monday.replace("-", "") + " PARTITION OF log_archive"
                    + " FOR VALUES FROM ('" + monday + "Z') TO (timestamptz '" + monday + "Z' + interval '7 days')");
            bed.execute("INSERT INTO log_archive (partition, first_version, last_version, first_at, last_at, body,"
                    + " archived_at) VALUES (0, 1, 1, now(), now(), '', '" + monday + " 10:00Z')");
        }

        ServiceKit kit = bed.start();
        until("the oldest week is dropped", () -> bed.count("log_archive") == 1);
        bed.append(0, tx(1, order("A", "o1", "accepted", "0")));
        until("version 1 written", () -> bed.offset(0) == 1);
        bed.stop(kit);
        assertEquals(List.of("2020-01-13", "today"), weeksWithEntries(), "one week in one pass");

        bed.start();
        until("the other one is dropped", () -> weeksWithEntries().equals(List.of("today")));
        assertEquals(
                3,
                bed.query(
                                "SELECT inhrelid FROM pg_inherits WHERE inhparent = 'log_archive'::regclass AND inhrelid::regclass::text LIKE 'log_archive_2%'")
                        .size());
    }

    @Test
    void shouldMakeTheWeekThatIsMissingAndGoOn() throws Exception {
        ServiceKit kit = bed.start();
        bed.append(0, tx(1, order("A", "o1", "accepted", "0")));
        until("version 1 written", () -> bed.offset(0) == 1);
        // As when the machine slept for weeks: the tables made ahead are behind.
        for (String week :
                bed.query("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'log_archive'::regclass")) {
            bed.execute("DROP TABLE " + week);
        }
        bed.append(0, tx(2, order("A", "o2", "accepted", "0")));

        until("version 2 written", () -> bed.offset(0) == 2);

        assertEquals(List.of("2"), bed.query("SELECT last_version FROM log_archive"));
        assertEquals(0, bed.count("dead_letters"));
        assertTrue(TestBed.counter(kit, "tradewind.dbsync.postgres.errors") >= 1);
    }

    @Test
    void shouldKeepTheAuditForAsLongAsConfigured() throws Exception {
        bed.stop(bed.start());
        bed.execute("CREATE TABLE state_changes_20200106 PARTITION OF state_changes"
                + " FOR VALUES FROM ('2020-01-06Z') TO ('2020-01-13Z')");
        bed.execute("INSERT INTO state_changes (version, at, recorded_at, ordinal, bytes, partition, domain,"
                + " partition_key, entity_id, kind, transaction_id)"
                + " VALUES (1, '2020-01-07Z', '2020-01-07Z', 1, 0, 0, 'order', 'A', 'o1', 'delete', 't')");

        bed.stop(bed.start("db-sync.audit-retention=3650d"));
        assertEquals(1, bed.count("state_changes"));

        bed.start();
        until("the old week is dropped", () -> bed.count("state_changes") == 0);
        assertEquals(
                3,
                bed.query("SELECT inhrelid FROM pg_inherits WHERE inhparent = 'state_changes'::regclass")
                        .size());
    }

    private List<String> weeksWithEntries() {
        return bed.query("SELECT CASE WHEN archived_at > now() - interval '10 minutes' THEN 'today'"
                + " ELSE date_trunc('week', archived_at)::date::text END FROM log_archive ORDER BY 1");
    }

    @Test
    void shouldStandStillAtAGapAndLetTheOthersGoOn() throws Exception {
        ServiceKit kit = bed.start();
        bed.append(0, tx(1, order("A", "o1", "accepted", "0")));
        bed.append(0, tx(3, order("A", "o3", "accepted", "0")));
        bed.append(1, tx(1, order("B", "o1", "accepted", "0")));

        until("fault seen", () -> TestBed.checks(kit).get("lag").status() == Status.DOWN && bed.offset(1) == 1);

        assertEquals(1, bed.offset(0));
        assertReason(kit, "version 2 is missing");
        bed.append(1, tx(2, order("B", "o2", "accepted", "0")));
        until("the other partition goes on", () -> bed.offset(1) == 2);
    }

    @Test
    void shouldSayThatTheLogWasTrimmedTooEarly() throws Exception {
        bed.append(0, tx(1, order("A", "o1", "accepted", "0")));
        bed.append(0, tx(2, order("A", "o2", "accepted", "0")));
        bed.append(0, tx(3, order("A", "o3", "accepted", "0")));
        bed.trim(0, 1);

        ServiceKit kit = bed.start();

        until("fault seen", () -> TestBed.checks(kit).get("lag").status() == Status.DOWN);
        assertReason(kit, "was trimmed beyond version 0");
        assertReason(kit, "need a rebuild");
        assertEquals(0, bed.count("orders"));
    }

    @Test
    void shouldBeWokenByAHint() throws Exception {
        ServiceKit kit = bed.start("db-sync.min-interval=50ms", "db-sync.max-interval=1m");
        bed.append(0, tx(1, order("A", "o1", "accepted", "0")));
        until("first written", () -> bed.offset(0) == 1);
        // By now the pause is on its way to a minute: a read that found nothing doubles it.
        until(
                "long pause",
                () -> kit.meters().get("tradewind.dbsync.interval.ms").gauge().value() >= 3_200);

        CommittedTransaction second = tx(2, order("A", "o2", "accepted", "0"));
        long began = System.nanoTime();
        bed.append(0, second);
        kit.vertx().eventBus().publish(Addresses.stateChanges(0), new Changes(0, 1, List.of(second)));
        until("second written", () -> bed.offset(0) == 2);

        System.out.println("woken and written within " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    private void assertReason(ServiceKit kit, String part) {
        CheckResult lag = TestBed.checks(kit).get("lag");
        assertTrue(lag.details().get("reason").toString().contains(part), lag::toString);
    }

    /** What one db-sync makes of the same log in an empty database, in as few batches as it can. */
    private String appliedOnce() throws Exception {
        try (TestBed other = new TestBed(SharedServers.redis().uri(), SharedServers.freshDatabase())) {
            other.start();
            until("all written", () -> {
                for (int p = 0; p < 16; p++) {
                    if (other.offset(p) != bed.offset(p)) {
                        return false;
                    }
                }
                return true;
            });
            return other.tables();
        }
    }
}
