package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.embeddedservers.EmbeddedPostgres;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.CheckResult.Status;
import io.tradewind.servicekit.ServiceKit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Defends: whatever dies, each change has its effect in Postgres once, rows and offsets agree, and archive and audit are the log. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class DbSyncFaultIT {

    private static final int PARTITIONS = 4;
    private static final int TRANSACTIONS = 300;

    @TempDir
    private static Path dir;

    private static EmbeddedRedis redis;
    private static EmbeddedPostgres postgres;
    private static int databases;

    private String database;
    private TestBed bed;

    @BeforeAll
    static void startServers() {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(dir.resolve("redis")));
        postgres = EmbeddedPostgres.start(
                EmbeddedPostgres.Options.in(dir.resolve("postgres")).withSyncOnCreate(false));
    }

    @AfterAll
    static void stopServers() {
        postgres.close();
        redis.close();
    }

    @BeforeEach
    void open() {
        database = postgres.createDatabase("faults_" + ++databases);
        bed = new TestBed(redis.uri(), database);
        bed.flush();
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void shouldWriteEverythingOnceWhenPostgresIsKilledAndComesBack() throws Exception {
        RandomLog log = new RandomLog(21, PARTITIONS, TRANSACTIONS);
        bed.start("db-sync.max-batch-transactions=25");
        List<Runnable> appends = appends(log);
        for (int i = 0; i < appends.size(); i++) {
            appends.get(i).run();
            if (i % (appends.size() / 3) == appends.size() / 6) {
                postgres.kill();
            } else if (i % (appends.size() / 3) == appends.size() / 5) {
                postgres.restart();
            }
        }
        postgres.restart();

        until("all written", () -> bed.caughtUp(log.commits()));
        assertAppliedOnce();
    }

    @Test
    void shouldWriteEverythingOnceWhenRedisIsKilledAndComesBack() throws Exception {
        RandomLog log = new RandomLog(22, PARTITIONS, TRANSACTIONS);
        ServiceKit kit = bed.start("db-sync.max-batch-transactions=25");
        List<Runnable> appends = appends(log);
        appends.subList(0, appends.size() / 2).forEach(Runnable::run);
        redis.kill();
        until("Redis down is seen", () -> TestBed.checks(kit).get("redis").status() == Status.DOWN);
        redis.restart();
        bed.connectRedis();
        appends.subList(appends.size() / 2, appends.size()).forEach(Runnable::run);

        until("all written", () -> bed.caughtUp(log.commits()));
        until("Redis is seen again", () -> TestBed.checks(kit).get("redis").status() == Status.UP);
        assertAppliedOnce();
    }

    @Test
    void shouldStartWithoutPostgresAndCatchUpWhenItIsThere() throws Exception {
        RandomLog log = new RandomLog(23, PARTITIONS, TRANSACTIONS);
        appends(log).forEach(Runnable::run);
        postgres.kill();

        ServiceKit kit = bed.start();
        assertEquals(Status.DOWN, TestBed.checks(kit).get("postgres").status());
        postgres.restart();

        until("Postgres is seen", () -> TestBed.checks(kit).get("postgres").status() == Status.UP);
        until("all written", () -> bed.caughtUp(log.commits()));
        assertAppliedOnce();
    }

    @Test
    void shouldHaveEffectOnceWhereverTheCommitIsCut() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            close();
            open();
            cutCommits(seed);
        }
    }

    private void cutCommits(long seed) throws Exception {
        RandomLog log = new RandomLog(seed, PARTITIONS, TRANSACTIONS);
        try (CommitCutter cutter = new CommitCutter(postgres.port(), seed)) {
            appends(log).forEach(Runnable::run);
            ServiceKit kit = bed.startOn(
                    database.replace(":" + postgres.port() + "/", ":" + cutter.port() + "/"),
                    "db-sync.max-batch-transactions=25");
            until("all written, seed " + seed, () -> bed.caughtUp(log.commits()));
            System.out.println("seed " + seed + ": " + cutter.cuts());
            cutter.calm();
            bed.stop(kit);
        }
        assertAppliedOnce();
    }

    @Test
    void shouldGiveUpAConnectionThatFellSilent() throws Exception {
        RandomLog log = new RandomLog(41, PARTITIONS, TRANSACTIONS);
        List<Runnable> appends = appends(log);
        try (CommitCutter cutter = new CommitCutter(postgres.port(), 0)) {
            cutter.calm();
            ServiceKit kit = bed.startOn(
                    database.replace(":" + postgres.port() + "/", ":" + cutter.port() + "/"),
                    "db-sync.max-batch-transactions=25",
                    "postgres.command-timeout=2s");
            for (int i = 0; i < appends.size(); i++) {
                appends.get(i).run();
                if (i == appends.size() / 2) {
                    cutter.freeze();
                }
            }
            until("all written", () -> bed.caughtUp(log.commits()));
            assertTrue(TestBed.counter(kit, "tradewind.dbsync.postgres.errors") >= 1);
            bed.stop(kit);
        }
        assertAppliedOnce();
    }

    @Test
    void shouldConnectAnewAfterAQuietTime() throws Exception {
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tradewind-db-sync'";
        ServiceKit kit = bed.start("postgres.command-timeout=5s");
        bed.append(0, TestLog.tx(1, TestLog.order("A", "o1", "accepted", "0")));
        until("first written", () -> bed.offset(0) == 1);
        until("the idle connection is closed", () -> bed.query(sessions).equals(List.of("0")));

        bed.append(0, TestLog.tx(2, TestLog.order("A", "o1", "filled", "10")));
        until("second written", () -> bed.offset(0) == 2);

        assertEquals(0, TestBed.counter(kit, "tradewind.dbsync.postgres.errors"));
    }

    @Test
    void shouldHaveEffectOnceWhenKilledAndStartedAgain() throws Exception {
        long seed = 31;
        Random random = new Random(seed);
        RandomLog log = new RandomLog(seed, PARTITIONS, TRANSACTIONS);
        List<Runnable> appends = appends(log);
        int done = 0;
        while (done < appends.size()) {
            ServiceKit kit = bed.start("db-sync.max-batch-transactions=25");
            int next = Math.min(appends.size(), done + 60);
            appends.subList(done, next).forEach(Runnable::run);
            done = next;
            if (random.nextBoolean()) {
                // Ends every session in the middle of whatever it does, as a kill of this process would.
                bed.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                        + " 'tradewind-db-sync'");
            }
            bed.stop(kit);
        }
        bed.start();

        until("all written, seed " + seed, () -> bed.caughtUp(log.commits()));
        assertAppliedOnce();
    }

    @Test
    void shouldWriteABatchAgainWhenPostgresRolledItBackForAnother() throws Exception {
        bed.stop(bed.start());
        bed.execute("CREATE SEQUENCE attempts");
        bed.execute("CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n bigint ="
                + " nextval('attempts'); BEGIN IF n = 1 THEN RAISE EXCEPTION USING ERRCODE = '40P01', MESSAGE ="
                + " 'deadlock detected'; ELSIF n = 2 THEN RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE ="
                + " 'could not serialize access'; END IF; RETURN NULL; END $$");
        bed.execute("CREATE TRIGGER collide BEFORE INSERT ON orders FOR EACH STATEMENT EXECUTE FUNCTION collide()");
        ServiceKit kit = bed.start();
        bed.append(0, TestLog.tx(1, TestLog.order("A", "o1", "accepted", "0")));

        until("written", () -> bed.offset(0) == 1);

        until("counted", () -> TestBed.counter(kit, "tradewind.dbsync.retries") == 2);
        assertEquals(0, TestBed.counter(kit, "tradewind.dbsync.postgres.errors"), "no trouble of Postgres");
        assertEquals(1, bed.count("orders"));
        bed.assertArchiveIsTheLog(0);
    }

    /** One per commit, partitions interleaved. */
    private List<Runnable> appends(RandomLog log) {
        List<Runnable> appends = new ArrayList<>();
        int longest = log.commits().values().stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (Map.Entry<Integer, List<List<CommittedTransaction>>> partition :
                    log.commits().entrySet()) {
                if (i < partition.getValue().size()) {
                    List<CommittedTransaction> entry = partition.getValue().get(i);
                    appends.add(() -> bed.append(partition.getKey(), entry));
                }
            }
        }
        return appends;
    }

    /** The tables are those of one undisturbed run over the same log. */
    private void assertAppliedOnce() throws Exception {
        try (TestBed other = new TestBed(redis.uri(), postgres.createDatabase("once_" + ++databases))) {
            other.start();
            until("all written", () -> {
                for (int p = 0; p < PARTITIONS; p++) {
                    if (other.offset(p) != bed.offset(p)) {
                        return false;
                    }
                }
                return true;
            });
            assertEquals(other.tables(), bed.tables());
        }
        for (int p = 0; p < PARTITIONS; p++) {
            bed.assertArchiveIsTheLog(p);
            bed.assertAuditIsTheLog(p);
        }
        assertEquals(0, bed.count("dead_letters"));
        assertTrue(bed.count("activities") > 0);
    }
}
