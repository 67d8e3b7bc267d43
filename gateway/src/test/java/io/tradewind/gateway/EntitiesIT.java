package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.ReadEntities;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v2/state} over HTTP: who may see what, pages, freshness, the past and its ends. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class EntitiesIT {

    private static final String ACCOUNT = GatewayBed.ACCOUNT;

    @TempDir
    private Path directory;

    private GatewayBed bed;
    private RawHttp http;

    @BeforeEach
    void open() throws Exception {
        bed = new GatewayBed(directory);
        http = bed.connect();
    }

    @AfterEach
    void close() throws Exception {
        bed.close();
    }

    @Test
    void shouldShowOneEntityWithVersionAndFreshness() throws Exception {
        long version = bed.state.put(Domains.POSITION, ACCOUNT, "BTC/USD", "{\"qty\":\"1\"}");
        bed.state.put(Domains.POSITION, ACCOUNT, "AAPL", "{\"qty\":\"2\"}");

        JsonObject shown = ok("/v2/state/position/BTC%2FUSD");

        assertEquals("position", shown.getString("domain"));
        assertEquals(ACCOUNT, shown.getString("key"));
        assertEquals("BTC/USD", shown.getString("id"));
        assertEquals(version, shown.getLong("version"));
        assertEquals(version + 1, shown.getLong("partition_version"));
        assertEquals(new JsonObject("{\"qty\":\"1\"}"), shown.getJsonObject("data"));
        assertFalse(shown.getBoolean("stale"));
        Instant asOf = Instant.parse(shown.getString("as_of"));
        assertTrue(shown.getLong("age_ms") >= 0);
        assertTrue(asOf.isBefore(Instant.now().plusSeconds(60)));
        assertTrue(Instant.parse(shown.getString("updated_at")).isAfter(asOf), "as the stand-in says it");
        refused(404, "ENTITY_NOT_FOUND", "/v2/state/position/MSFT");
    }

    @Test
    void shouldListInPagesBothWays() throws Exception {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            bed.state.put(Domains.SIGNAL, ACCOUNT, id, "{\"id\":\"" + id + "\"}");
        }

        JsonObject first = ok("/v2/state/signal?limit=2");
        assertEquals("a,b", ids(first));
        assertTrue(first.getBoolean("more"));
        assertEquals(5, first.getLong("version"));
        assertEquals(2, first.getJsonArray("entities").getJsonObject(1).getLong("version"));
        assertEquals("c,d", ids(ok("/v2/state/signal?limit=2&after=b")));
        JsonObject last = ok("/v2/state/signal?limit=2&after=d");
        assertEquals("e", ids(last));
        assertFalse(last.getBoolean("more"));
        assertEquals("c,b,a", ids(ok("/v2/state/signal?descending=true&after=d")));
        assertEquals("", ids(ok("/v2/state/nothing")));
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/signal?limit=1001");
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/signal?descending=yes");
    }

    @Test
    void shouldPassOnHowFreshItMustBe() throws Exception {
        bed.state.put(Domains.ACCOUNT, ACCOUNT, ACCOUNT, "{}");

        ok("/v2/state/account/" + ACCOUNT + "?max_age_ms=250");
        assertEquals(250, bed.state.lastRead().maxAgeMs());
        ok("/v2/state/account?max_age_ms=0");
        assertEquals(0, bed.state.lastRead().maxAgeMs());
        ok("/v2/state/account");
        assertEquals(ReadEntities.ANY_AGE, bed.state.lastRead().maxAgeMs());
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/account?max_age_ms=-1");
    }

    @Test
    void shouldShowTheLastKnownMarkedStaleWhileTheOwnerIsAway() throws Exception {
        bed.state.put(Domains.ACCOUNT, ACCOUNT, ACCOUNT, "{\"cash\":\"1\"}");
        JsonObject before = ok("/v2/state/account/" + ACCOUNT);
        bed.state.away(true);

        JsonObject lastKnown = ok("/v2/state/account/" + ACCOUNT + "?max_age_ms=0");

        assertTrue(lastKnown.getBoolean("stale"));
        assertEquals(before.getString("as_of"), lastKnown.getString("as_of"));
        assertTrue(lastKnown.getLong("age_ms") >= before.getLong("age_ms"));
        refused(503, "SERVICE_UNAVAILABLE", "/v2/state/account");
    }

    @Test
    void shouldKeepAccountsApart() throws Exception {
        bed.state.put(Domains.POSITION, "other", "AAPL", "{\"qty\":\"1\"}");
        bed.state.put(Domains.MARKET, Domains.MARKET_KEY, "AAPL", "{\"last\":\"1\"}");
        bed.state.put(Domains.RISK, Domains.GLOBAL_KEY, "state", "{\"state\":\"active\"}");

        for (String path : List.of(
                "/v2/state/position?key=other",
                "/v2/state/position/AAPL?key=other",
                "/v2/state/position/AAPL?key=other&version=1",
                "/v2/state/position/AAPL/history?key=other",
                "/v2/state/position?key=market",
                "/v2/state/position?key=%230")) {
            RawHttp.Reply reply = http.send("GET", path, GatewayBed.READ_KEY, null);
            assertEquals(403, reply.status(), path);
            assertEquals("REQUEST_FORBIDDEN", new JsonObject(reply.body()).getString("reason"), path);
        }
        assertEquals(401, http.send("GET", "/v2/state/position", Map.of(), null).status());
        for (String path : List.of(
                "/v2/state/market/AAPL",
                "/v2/state/market/AAPL?key=market",
                "/v2/state/risk/state?key=global",
                "/v2/state/position?key=" + ACCOUNT)) {
            assertEquals(200, http.send("GET", path, GatewayBed.READ_KEY, null).status(), path);
        }
        assertEquals("AAPL", ids(ok("/v2/state/position?key=other")), "with the scope admin");
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/owner?key=%2399");
    }

    @Test
    void shouldShowAnEntityAsItWas() throws Exception {
        put("a", "1");
        put("b", "x");
        put("b", "y");
        put("b", "z");
        bed.state.put("thing", ACCOUNT, "a", null);
        put("a", "2");

        JsonObject past = ok("/v2/state/thing/a?version=4");
        assertEquals("1", past.getJsonObject("data").getString("v"), "found with the second look");
        assertEquals(1, past.getLong("version"));
        assertEquals(4, past.getLong("as_of_version"));
        assertEquals(
                "2", ok("/v2/state/thing/a?version=6").getJsonObject("data").getString("v"));
        refused(404, "ENTITY_NOT_FOUND", "/v2/state/thing/a?version=5");
        refused(404, "ENTITY_NOT_FOUND", "/v2/state/thing/b?version=1");
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/thing/a?version=7");
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/thing/a?version=0");
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/thing/a?version=one");

        bed.state.trim();
        put("b", "new");
        refused(410, "STATE_NOT_KEPT", "/v2/state/thing/a?version=7");
        bed.state.forgotten(HistoryPage.End.OUT_OF_REACH);
        refused(503, "HISTORY_UNAVAILABLE", "/v2/state/thing/a?version=7");
    }

    @Test
    void shouldNotCallAnOrderUnknownWhilePostgresIsAway() throws Exception {
        bed.close();
        bed = new GatewayBed(directory, "past-orders=true", "postgres.uri=postgresql://tradewind@127.0.0.1:1/nobody");
        http = bed.connect();
        bed.state.put(Domains.ORDER, ACCOUNT, "here", "{\"id\":\"here\"}");

        assertEquals("here", ok("/v2/orders/here").getString("id"));
        refused(503, "HISTORY_UNAVAILABLE", "/v2/orders/elsewhere");
        refused(503, "HISTORY_UNAVAILABLE", "/v2/orders:by_client_order_id?client_order_id=elsewhere");
    }

    @Test
    void shouldSayThatPostgresIsAwayWhereThePastIsAskedForAndAnswerTheRest() throws Exception {
        bed.close();
        bed = new GatewayBed(directory, "past-orders=true", "postgres.uri=postgresql://tradewind@127.0.0.1:1/nobody");
        http = bed.connect();

        for (String path : List.of(
                "/v2/orders?status=closed",
                "/v2/orders?status=all",
                "/v2/account/activities",
                "/v2/account/activities/FILL",
                "/v2/account/portfolio/history",
                "/v2/bars?symbol=AAPL",
                "/v2/state/order/o1/audit")) {
            refused(503, "HISTORY_UNAVAILABLE", path);
            assertTrue(http.send("GET", path, GatewayBed.KEY, null).body().contains("Postgres"), path);
        }
        assertEquals(
                200, http.send("GET", "/v2/orders", GatewayBed.KEY, null).status(), "what is open needs no Postgres");
    }

    @Test
    void shouldRefuseQuestionsAboutThePastThatMakeNoSense() throws Exception {
        for (String path : List.of(
                "/v2/orders?status=all&page_token=" + "x".repeat(300),
                "/v2/account/activities?page_size=101",
                "/v2/account/activities?after=yesterday",
                "/v2/account/portfolio/history?period=1Y",
                "/v2/account/portfolio/history?start=2026-02-01&end=2026-01-01",
                "/v2/bars",
                "/v2/bars?symbol=AAPL&timeframe=2Min",
                "/v2/state/order/o1/audit?limit=501")) {
            refused(422, "REQUEST_FIELD_INVALID", path);
        }
        refused(422, "REQUEST_UNSUPPORTED", "/v2/account/activities/DIV");
        refused(422, "REQUEST_UNSUPPORTED", "/v2/account/portfolio/history?timeframe=1Min");
    }

    @Test
    void shouldTellTheHistoryInSteps() throws Exception {
        put("a", "1");
        put("b", "x");
        put("b", "y");
        bed.state.put("thing", ACCOUNT, "a", null);

        JsonObject first = ok("/v2/state/thing/a/history");
        assertEquals("more", first.getString("end"));
        assertEquals(4, first.getLong("head_version"));
        assertEquals(3, first.getLong("looked_back_to"));
        JsonObject deleted = first.getJsonArray("changes").getJsonObject(0);
        assertEquals(4, deleted.getLong("version"));
        assertEquals("delete", deleted.getString("type"));
        assertEquals("tx-4", deleted.getString("transaction_id"));
        assertEquals("test", deleted.getString("actor"));
        assertFalse(deleted.containsKey("data"));

        JsonObject second = ok("/v2/state/thing/a/history?before=" + first.getLong("looked_back_to"));
        assertEquals("beginning", second.getString("end"));
        JsonArray changes = second.getJsonArray("changes");
        assertEquals(1, changes.size());
        assertEquals("put", changes.getJsonObject(0).getString("type"));
        assertEquals("1", changes.getJsonObject(0).getJsonObject("data").getString("v"));
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/thing/a/history?before=1");
        refused(422, "REQUEST_FIELD_INVALID", "/v2/state/thing/a/history?limit=501");
        bed.state.away(true);
        refused(503, "SERVICE_UNAVAILABLE", "/v2/state/thing/a/history");
    }

    private void put(String id, String value) {
        bed.state.put("thing", ACCOUNT, id, "{\"v\":\"" + value + "\"}");
    }

    private static String ids(JsonObject list) {
        return list.getJsonArray("entities").stream()
                .map(entity -> ((JsonObject) entity).getString("id"))
                .collect(Collectors.joining(","));
    }

    private JsonObject ok(String path) throws Exception {
        RawHttp.Reply reply = http.send("GET", path, GatewayBed.KEY, null);
        assertEquals(200, reply.status(), () -> path + ": " + reply.body());
        return new JsonObject(reply.body());
    }

    private void refused(int status, String reason, String path) throws Exception {
        RawHttp.Reply reply = http.send("GET", path, GatewayBed.KEY, null);
        JsonObject error = new JsonObject(reply.body());
        assertEquals(
                status + " " + reason, reply.status() + " " + error.getString("reason"), () -> path + ": " + error);
        assertTrue(status != 503 || reply.headers().containsKey("retry-after"), path);
    }
}
