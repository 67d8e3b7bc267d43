package io.tradewind.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.tradewind.benchmarks.peer.PeerProcesses;
import io.tradewind.embeddedservers.SharedServers;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program against real Redis and Postgres and an instance that can be told to misbehave. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class BenchIT {

    private static final long START_TIMEOUT_MS = 60_000;

    /** How late an order or its answer may be: these tests count orders, and a busy machine is no lost order. */
    private static final int PATIENCE_S = 60;

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private String redis;
    private String postgres;

    @BeforeEach
    void findServers() {
        SharedServers.flushRedis();
        redis = SharedServers.redis().uri();
        postgres = SharedServers.freshDatabase();
    }

    @AfterEach
    void close() {
        Await.get(vertx.close().toCompletionStage(), START_TIMEOUT_MS, "closing");
    }

    @Test
    void shouldPassOnAnInstanceThatKeepsItsWord() throws IOException {
        assertEquals(0, bench(FakeInstance.Mode.RIGHT, "--rate", "100", "--warmup", "1", "--mix", "0.3"));
        JsonObject report = report();
        assertTrue(report.getBoolean("passed"));
        JsonObject load = report.getJsonObject("load");
        assertEquals(200, load.getInteger("planned"));
        assertEquals(200, load.getInteger("acknowledged"));
        assertEquals(200, load.getJsonObject("latency_us").getInteger("count"));
        assertEquals(100, load.getJsonObject("warmup").getInteger("acknowledged"));
        JsonObject audit = report.getJsonObject("audit");
        assertEquals(300, audit.getInteger("in_log"));
        assertEquals(300, audit.getInteger("in_postgres"));
        assertEquals(300, report.getJsonObject("completion").getInteger("filled"));
        JsonObject durability = report.getJsonObject("durability");
        assertEquals("always", durability.getJsonObject("redis").getString("appendfsync"));
        assertEquals("on", durability.getJsonObject("postgres").getString("fsync"));
    }

    @Test
    void shouldFailWhenAcknowledgedOrdersAreLost() throws IOException {
        assertEquals(1, bench(FakeInstance.Mode.LOSES, "--rate", "50", "--warmup", "0", "--drain", "1"));
        JsonObject audit = report().getJsonObject("audit");
        assertFalse(audit.getBoolean("holds"));
        assertEquals(100, audit.getInteger("acknowledged"));
        assertEquals(90, audit.getInteger("in_log"));
        assertEquals(10, audit.getJsonObject("differences").getInteger("MISSING_IN_LOG"));
        assertEquals(10, audit.getJsonArray("listed").size());
        assertEquals(null, report().getJsonObject("completion").getValue("in_postgres_after_ms"));
    }

    @Test
    void shouldFailButAuditWhenOrdersAreDenied() throws IOException {
        assertEquals(1, bench(FakeInstance.Mode.DENIES, "--rate", "50", "--warmup", "0"));
        JsonObject denied = report().getJsonObject("load").getJsonObject("denied");
        assertEquals(10, denied.getInteger("40310000 RISK_BUYING_POWER"));
        assertTrue(report().getJsonObject("audit").getBoolean("holds"));
    }

    @Test
    void shouldKeepUnknownOutcomesApart() throws IOException {
        assertEquals(1, bench(FakeInstance.Mode.DROPS, "--rate", "50", "--warmup", "0"));
        JsonObject report = report();
        int unknown = report.getJsonObject("load").getJsonObject("unknown").getInteger("connection lost");
        JsonObject audit = report.getJsonObject("audit");
        assertTrue(unknown >= 10, report.encodePrettily());
        assertEquals(100, audit.getInteger("acknowledged") + unknown);
        assertTrue(audit.getInteger("unknown_in_log") >= 10);
        assertTrue(audit.getBoolean("holds"), audit.encodePrettily());
    }

    @Test
    void shouldSaturateAndCompareWithTheBareServer() throws IOException {
        assertEquals(
                0,
                bench(
                        FakeInstance.Mode.RIGHT,
                        "--saturate",
                        "--warmup",
                        "0",
                        "--pipeline",
                        "2",
                        "--baseline",
                        "--baseline-loops",
                        "2"));
        JsonObject report = report();
        JsonObject bare = report.getJsonObject("baseline").getJsonObject("load");
        assertTrue(report.getJsonObject("load").getInteger("acknowledged") > 0);
        assertTrue(bare.getInteger("acknowledged") > 0);
        assertEquals(bare.getInteger("sent"), bare.getInteger("acknowledged"));
        assertTrue(report.getJsonObject("baseline").getDouble("accepted_ratio") > 0);
    }

    @Test
    void shouldSendManyOrdersInOneRequest() throws IOException {
        assertEquals(0, bench(FakeInstance.Mode.RIGHT, "--saturate", "--warmup", "0", "--batch", "25"));
        JsonObject report = report();
        int acknowledged = report.getJsonObject("load").getInteger("acknowledged");
        assertTrue(acknowledged > 0 && acknowledged % 25 == 0, acknowledged + " acknowledged");
        assertEquals(acknowledged, report.getJsonObject("audit").getInteger("in_log"));
    }

    @Test
    void shouldSendManyOrdersInOneRequestAtARate() throws IOException {
        assertEquals(0, bench(FakeInstance.Mode.RIGHT, "--rate", "100", "--warmup", "1", "--batch", "25"));
        JsonObject report = report();
        assertEquals(200, report.getJsonObject("load").getInteger("planned"));
        assertEquals(200, report.getJsonObject("load").getInteger("acknowledged"));
        assertEquals(300, report.getJsonObject("audit").getInteger("in_postgres"));
    }

    @Test
    void shouldTellTheDeniedOrdersOfABatchFromTheOthers() throws IOException {
        assertEquals(1, bench(FakeInstance.Mode.DENIES, "--saturate", "--warmup", "0", "--batch", "50"));
        JsonObject report = report();
        int denied = report.getJsonObject("load").getJsonObject("denied").getInteger("40310000 RISK_BUYING_POWER");
        assertEquals(report.getJsonObject("load").getInteger("sent"), denied * 10);
        assertTrue(report.getJsonObject("audit").getBoolean("holds"));
    }

    @Test
    void shouldCompareWithThePeer() throws IOException {
        Path home = Path.of("..", "..");
        try {
            PeerProcesses.install(home.resolve(PeerProcesses.SOURCES));
        } catch (BenchException e) {
            abort("SKIPPED: the peer cannot be installed here: " + e.getMessage());
        }
        System.setProperty("tradewind.home", home.toString());
        try {
            assertEquals(0, bench(FakeInstance.Mode.RIGHT, "--rate", "50", "--warmup", "0", "--peer"));
        } finally {
            System.clearProperty("tradewind.home");
        }
        JsonObject peer = report().getJsonObject("peer");
        assertEquals(100, peer.getJsonObject("load").getInteger("acknowledged"));
        assertEquals(100, peer.getInteger("filled"));
        assertTrue(peer.getDouble("completed_per_s") > 0);
    }

    @Test
    void shouldAuditTheLogAloneWhenThereIsNoPostgres() throws IOException {
        FakeInstance instance = start(FakeInstance.Mode.RIGHT);
        assertEquals(0, run(instance, List.of("--redis", redis, "--rate", "50", "--warmup", "0")));
        JsonObject audit = report().getJsonObject("audit");
        assertEquals(100, audit.getInteger("in_log"));
        assertEquals(null, audit.getValue("in_postgres"));
    }

    @Test
    void shouldCountTheFillsInTheEventStream() throws IOException {
        assertEquals(0, bench(FakeInstance.Mode.RIGHT, "--rate", "50", "--warmup", "0", "--follow", "--no-audit"));
        JsonObject stream = report().getJsonObject("stream");
        assertEquals(100, stream.getInteger("filled"));
        assertEquals(null, stream.getString("ended"));
        assertFalse(report().containsKey("audit"));
    }

    @Test
    void shouldSayThatAnInstanceIsNotReachable() {
        assertEquals(
                BenchException.NOT_REACHABLE,
                BenchMain.execute("--url", "http://127.0.0.1:1", "--key", "k", "--secret", "s", "--no-audit"));
    }

    @Test
    void shouldAskForRedisWhenTheAuditNeedsIt() {
        assertEquals(
                BenchException.USAGE, BenchMain.execute("--url", "http://127.0.0.1:1", "--key", "k", "--secret", "s"));
    }

    private int bench(FakeInstance.Mode mode, String... options) {
        List<String> all = new ArrayList<>(List.of("--redis", redis, "--postgres", postgres));
        all.addAll(List.of(options));
        return run(start(mode), all);
    }

    private int run(FakeInstance instance, List<String> options) {
        List<String> all = new ArrayList<>(List.of(
                "--url",
                instance.url(),
                "--key",
                "k",
                "--secret",
                "s",
                "--seconds",
                "2",
                "--connections",
                "4",
                "--symbols",
                "AAPL,MSFT",
                "--max-behind",
                Integer.toString(PATIENCE_S),
                "--timeout",
                Integer.toString(PATIENCE_S * 1_000),
                "--output",
                folder.resolve("report.json").toString()));
        all.addAll(options);
        return BenchMain.execute(all.toArray(String[]::new));
    }

    private FakeInstance start(FakeInstance.Mode mode) {
        FakeInstance instance = new FakeInstance(mode, redis, postgres);
        Await.get(vertx.deployVerticle(instance).toCompletionStage(), START_TIMEOUT_MS, "starting the instance");
        return instance;
    }

    private JsonObject report() throws IOException {
        return new JsonObject(Files.readString(folder.resolve("report.json")));
    }
}
