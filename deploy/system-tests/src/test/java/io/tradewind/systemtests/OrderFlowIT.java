package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.Books;
import io.tradewind.systemtests.harness.Cursors;
import io.tradewind.systemtests.harness.EventStream;
import io.tradewind.systemtests.harness.EventStream.Event;
import io.tradewind.systemtests.harness.SharedTradewind;
import io.tradewind.systemtests.harness.Tables;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** One order's life, over the packaged program: HTTP, events, log, Postgres. Each test trades a symbol of its own. */
@ExtendWith(SharedTradewind.class)
@Timeout(600)
class OrderFlowIT {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final String ALL_TOPICS = "topics=orders,positions,account,activities";

    private TradewindProcess program;
    private ApiClient client;

    @BeforeEach
    void connect(TradewindProcess shared) {
        program = shared;
        client = shared.client();
    }

    @Test
    void shouldTakeAMarketOrderFromHttpToEveryFollower() throws Exception {
        try (EventStream events = client.events(ALL_TOPICS, null)) {
            JsonNode accepted = client.post(
                            "/v2/orders", ApiClient.market("AAPL", "buy", "10").toString())
                    .ok();
            String id = accepted.path("id").asText();
            // Sent at once when nothing stands in its way, accepted first when it has to wait.
            List<String> first = List.of("pending_new", "accepted");
            assertTrue(first.contains(accepted.path("status").asText()), accepted::toString);
            assertEquals("10", accepted.path("qty").asText());

            Event filled = awaitStatus(events, id, "filled");
            List<String> statuses = new ArrayList<>(statuses(events, id));
            assertEquals(accepted.path("status").asText(), statuses.get(0));
            statuses.remove("accepted");
            assertEquals(List.of("pending_new", "filled"), statuses);
            assertTradedTogether(events, filled, id);
            assertCursorsAdvance(events);

            JsonNode served = client.order(id);
            assertEquals(filled.entity(), served, "the stored order is the one that is streamed and served");
            assertEquals("10", client.get("/v2/positions/AAPL").ok().path("qty").asText());
            assertRows(id, served);
        }
    }

    /** The order, its fill, the position and the account are one transaction, so they carry one version. */
    private static void assertTradedTogether(EventStream events, Event filled, String orderId) {
        // They come one behind the other, and the order may be the first of them.
        List<Event> together = Waiting.valueOf(
                "order, fill, position and account of version " + filled.version(),
                SOON,
                () -> events.events(event -> event.version() == filled.version()),
                found -> topics(found).equals(Set.of("orders", "activities", "positions", "account")));
        JsonNode fill = together.stream()
                .filter(event -> event.entity().path("order_id").asText().equals(orderId))
                .findFirst()
                .orElseThrow()
                .entity();
        assertEquals(filled.entity().path("filled_avg_price"), fill.path("price"));
    }

    private static Set<String> topics(List<Event> events) {
        Set<String> topics = new HashSet<>();
        events.forEach(event -> topics.add(event.topic()));
        return topics;
    }

    private static void assertCursorsAdvance(EventStream events) {
        String before = null;
        for (Event event : events.events(each -> each.id() != null)) {
            if (before != null) {
                assertTrue(Cursors.advances(before, event.id()), before + " then " + event.id());
            }
            before = event.id();
        }
    }

    private void assertRows(String id, JsonNode served) throws SQLException, IOException {
        Books books = Books.read(program.redis());
        try (Tables tables = Tables.open(program.postgres())) {
            tables.awaitVersions(books.versions());
            Map<String, String> order = only(tables.rows("SELECT * FROM orders WHERE id = ?", id));
            assertEquals("filled", order.get("status"));
            assertEquals("AAPL", order.get("symbol"));
            assertSameNumber(served.path("filled_avg_price").asText(), order.get("filled_avg_price"));
            Map<String, String> fill = only(tables.rows("SELECT * FROM activities WHERE order_id = ?", id));
            assertSameNumber("10", fill.get("qty"));
            assertSameNumber(served.path("filled_avg_price").asText(), fill.get("price"));
            Map<String, String> position =
                    only(tables.rows("SELECT * FROM positions WHERE account_id = 'default' AND symbol = 'AAPL'"));
            assertSameNumber("10", position.get("qty"));
            Map<String, String> account = only(tables.rows("SELECT * FROM accounts WHERE id = 'default'"));
            assertTrue(
                    new BigDecimal(account.get("cash")).compareTo(new BigDecimal("1000000")) < 0, account.toString());
        }
    }

    @Test
    void shouldGoOnAfterTheLastEventWithoutGapOrDuplicate() throws Exception {
        try (EventStream whole = client.events("topics=orders", null)) {
            String first = place(ApiClient.market("SPY", "buy", "1").toString());
            Event seen = awaitStatus(whole, first, "pending_new");
            for (int i = 0; i < 5; i++) {
                place(ApiClient.market("SPY", "buy", "1").toString());
            }
            String last = place(ApiClient.market("SPY", "buy", "2").toString());
            awaitStatus(whole, last, "filled");
            List<Event> all = whole.events();
            List<Event> missed = all.subList(all.indexOf(seen) + 1, all.size());
            try (EventStream resumed = client.events("topics=orders", seen.id())) {
                Waiting.until(
                        "all that was missed has come",
                        SOON,
                        () -> resumed.events().size() >= missed.size());
                assertEquals(
                        missed.stream().map(Event::data).toList(),
                        resumed.events().stream()
                                .map(Event::data)
                                .limit(missed.size())
                                .toList());
            }
        }
    }

    @Test
    void shouldAnswerARepeatedOrderWithTheFirst() throws Exception {
        String clientOrderId = "it-" + UUID.randomUUID();
        String body = ApiClient.market("SPY", "buy", "1")
                .put("client_order_id", clientOrderId)
                .toString();
        String other = ApiClient.market("SPY", "buy", "2")
                .put("client_order_id", clientOrderId)
                .toString();
        String id = place(body);
        assertEquals(id, place(body));
        awaitStatus(id, "filled");
        assertEquals(id, place(body), "also when it is over");
        ApiClient.Reply refused = client.post("/v2/orders", other);
        assertEquals(422, refused.status(), refused.body());
        assertEquals(42210020, refused.json().path("code").asInt());
        assertEquals(
                id,
                client.get("/v2/orders:by_client_order_id?client_order_id=" + clientOrderId)
                        .ok()
                        .path("id")
                        .asText());
        assertEquals(1, Books.read(program.redis()).orderIds(clientOrderId).size());
    }

    @Test
    void shouldCancelARestingLimitOrder() throws Exception {
        String id = place(ApiClient.limit("MSFT", "buy", "3", "1").toString());
        awaitStatus(id, "new");
        assertTrue(ids(client.get("/v2/orders?status=open&symbols=MSFT").ok()).contains(id));
        assertEquals(204, client.delete("/v2/orders/" + id).status());
        awaitStatus(id, "canceled");
        assertFalse(ids(client.get("/v2/orders?status=open&symbols=MSFT").ok()).contains(id));
        assertTrue(ids(client.get("/v2/orders?status=closed&symbols=MSFT").ok()).contains(id));
        ApiClient.Reply again = client.delete("/v2/orders/" + id);
        assertEquals(422, again.status(), again.body());
        assertEquals(404, client.get("/v2/positions/MSFT").status());
    }

    @Test
    void shouldFillALimitOrderThatCrossesTheQuote() throws Exception {
        String id = place(ApiClient.limit("AMZN", "buy", "2", "100000").toString());
        JsonNode filled = awaitStatus(id, "filled");
        assertTrue(
                new BigDecimal(filled.path("filled_avg_price").asText()).compareTo(new BigDecimal("100000")) < 0,
                "a limit is the worst price, not the price: " + filled);
        String sold = place(ApiClient.market("AMZN", "sell", "2").toString());
        awaitStatus(sold, "filled");
        ApiClient.Reply none =
                client.post("/v2/orders", ApiClient.market("AMZN", "sell", "1").toString());
        assertEquals(403, none.status(), none.body());
    }

    @Test
    void shouldHaltAndResume() throws Exception {
        try {
            client.post("/v2/system/trading-state", "{\"state\":\"halted\",\"reason\":\"a test\"}")
                    .ok();
            ApiClient.Reply denied = client.post(
                    "/v2/orders", ApiClient.market("SPY", "buy", "1").toString());
            assertEquals(403, denied.status(), denied.body());
            assertEquals(40310010, denied.json().path("code").asInt());
            assertEquals(
                    "halted",
                    client.get("/v2/system/trading-state").ok().path("state").asText());
        } finally {
            client.post("/v2/system/trading-state", "{\"state\":\"active\"}").ok();
        }
        awaitStatus(place(ApiClient.market("SPY", "buy", "1").toString()), "filled");
    }

    @Test
    void shouldTradeWithAStrategyStartedOverHttp() throws Exception {
        String parameters = "{\"parameters\":{\"symbol\":\"NVDA\",\"fast\":\"2\",\"slow\":\"3\",\"qty\":\"1\"}}";
        client.post("/v2/strategies/sma-cross/start", parameters).ok();
        try {
            JsonNode order = Waiting.valueOf(
                            "an order of the strategy",
                            LONG,
                            () -> client.get("/v2/orders?status=all&symbols=NVDA")
                                    .ok(),
                            orders -> orders.size() > 0)
                    .get(0);
            assertTrue(order.path("source").asText().contains("sma-cross"), order.toString());
            awaitStatus(order.path("id").asText(), "filled");
            assertEquals("running", strategyState());
        } finally {
            client.post("/v2/strategies/sma-cross/stop", "").ok();
        }
        Waiting.until("the strategy has stopped", SOON, () -> strategyState().equals("stopped"));
        ApiClient.Reply unknown = client.post("/v2/strategies/no-such/start", "");
        assertTrue(unknown.status() == 404 || unknown.status() == 422, unknown.toString());
        assertTrue(unknown.json().path("message").asText().contains("no-such"), unknown.body());
    }

    private String strategyState() throws IOException {
        for (JsonNode strategy : client.get("/v2/strategies").ok().path("strategies")) {
            if (strategy.path("name").asText().equals("sma-cross")) {
                return strategy.path("state").asText();
            }
        }
        return "not listed";
    }

    @Test
    void shouldTellItsHealthMetricsAndStatus() throws Exception {
        ApiClient stranger = new ApiClient(program.gateway(), null, null);
        Waiting.valueOf("it is up", SOON, () -> stranger.get("/health").ok(), health -> health.path("status")
                .asText()
                .equals("up"));
        for (String path : List.of("/health", "/health/live", "/health/ready")) {
            assertEquals(200, admin(path).statusCode(), path);
        }
        String metrics = admin("/metrics").body();
        for (String name : List.of("tradewind_orders_accepted", "tradewind_state_append", "jvm_memory_used_bytes")) {
            assertTrue(metrics.contains(name), name);
        }
        // Each is looked at now and then, by a probe of its own.
        JsonNode status = Waiting.valueOf(
                "every service, Postgres and the machine are seen",
                SOON,
                () -> client.get("/v2/system/status").ok(),
                seen -> services(seen)
                                .containsAll(Set.of(
                                        "gateway",
                                        "order-queue",
                                        "state-store",
                                        "db-sync",
                                        "strategy-executor",
                                        "monitor"))
                        && seen.path("redis").has("appendfsync")
                        && seen.path("postgres").path("status").asText().equals("up")
                        && seen.path("machine").path("cpu_cores").asInt() > 0);
        assertEquals("always", status.path("redis").path("appendfsync").asText(), status.toString());
    }

    @Test
    void shouldKeepItsKeyAndAddressesToItsUser() throws Exception {
        for (String file : List.of("credentials.json", "endpoints.json", "keys.json")) {
            Path path = program.data().resolve(file);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), file);
        }
        String secret = program.credential("secret_key");
        assertFalse(program.output().contains(secret), "the secret was printed");
        assertFalse(Files.readString(program.data().resolve("keys.json")).contains(secret), "the secret is not hashed");
        assertFalse(
                Files.readString(program.data().resolve("logs/tradewind.log")).contains(secret), "it was logged");
    }

    private static Set<String> services(JsonNode status) {
        Set<String> up = new HashSet<>();
        for (JsonNode service : status.path("services")) {
            if (service.path("state").asText().equals("up")) {
                up.add(service.path("name").asText());
            }
        }
        return up;
    }

    private HttpResponse<String> admin(String path) throws IOException, InterruptedException {
        URI uri = program.admin().resolve(path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String place(String body) throws IOException {
        String id = client.post("/v2/orders", body).ok().path("id").asText();
        assertNotEquals("", id);
        return id;
    }

    private JsonNode awaitStatus(String id, String status) {
        return Waiting.valueOf("order is " + status, SOON, () -> client.order(id), order -> order.path("status")
                .asText()
                .equals(status));
    }

    private static Event awaitStatus(EventStream events, String id, String status) {
        return events.await(
                "event " + status,
                SOON,
                event -> isOrder(event, id)
                        && event.entity().path("status").asText().equals(status));
    }

    private static List<String> statuses(EventStream events, String id) {
        return events.events(event -> isOrder(event, id)).stream()
                .map(event -> event.entity().path("status").asText())
                .toList();
    }

    private static boolean isOrder(Event event, String id) {
        return event.topic().equals("orders")
                && event.entity().path("id").asText().equals(id);
    }

    private static Set<String> ids(JsonNode orders) {
        Set<String> ids = new HashSet<>();
        orders.forEach(order -> ids.add(order.path("id").asText()));
        return ids;
    }

    private static Map<String, String> only(List<Map<String, String>> rows) {
        assertEquals(1, rows.size(), rows.toString());
        return rows.get(0);
    }

    private static void assertSameNumber(String expected, String actual) {
        assertEquals(0, new BigDecimal(expected).compareTo(new BigDecimal(actual)), expected + " and " + actual);
    }
}
