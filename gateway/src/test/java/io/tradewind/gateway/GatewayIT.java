package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.control.StatusQuery;
import io.tradewind.contracts.control.StrategyCommand;
import io.tradewind.contracts.market.MarketHours;
import io.tradewind.contracts.market.TradingDays;
import io.tradewind.contracts.orders.ClosePositions;
import io.tradewind.contracts.orders.ClosePositionsReply;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderLinks;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrdersRefused;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Reconcile;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.gateway.domain.TestKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP surface over real sockets. All requests of a test that can share one connection do: it has to live on. */
@Timeout(300)
class GatewayIT {

    private static final String ORDER =
            "{\"symbol\":\"AAPL\",\"qty\":\"10\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\"}";

    @TempDir
    private Path directory;

    private GatewayBed bed;
    private RawHttp http;

    @BeforeEach
    void start() throws Exception {
        bed = new GatewayBed(directory);
        http = bed.connect();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        bed.close();
    }

    @Test
    void shouldAnswerAnOrderWithTheStoredBytes() throws Exception {
        RawHttp.Reply reply = post(order("c-1"));

        assertEquals(200, reply.status(), reply.body());
        JsonObject order = new JsonObject(reply.body());
        assertEquals("accepted", order.getString("status"));
        assertEquals("c-1", order.getString("client_order_id"));
        assertEquals(reply.body(), get("/v2/orders/" + order.getString("id")).body());
        assertEquals(
                reply.body(),
                get("/v2/orders:by_client_order_id?client_order_id=c-1").body());
        assertEquals(reply.body(), post(order("c-1")).body(), "a retry: the same order");
        assertEquals(422, post(order("c-1").replace("\"10\"", "\"11\"")).status());
    }

    @Test
    void shouldMakeAClientOrderIdWhenThereIsNone() throws Exception {
        String first = new JsonObject(post(ORDER).body()).getString("client_order_id");
        String second = new JsonObject(post(ORDER).body()).getString("client_order_id");

        assertEquals(36, first.length());
        assertFalse(first.equals(second));
    }

    @Test
    void shouldRefuseWhatIsWrongAndKeepTheConnection() throws Exception {
        refused(400, "REQUEST_MALFORMED", null, post("{not json"));
        refused(400, "REQUEST_MALFORMED", null, post(""));
        refused(400, "REQUEST_MALFORMED", null, post(ORDER + "x"));
        refused(422, "REQUEST_FIELD_INVALID", "side", post(ORDER.replace("buy", "hold")));
        refused(422, "REQUEST_FIELD_INVALID", "qty", post(ORDER.replace("\"10\"", "\"-10\"")));
        refused(422, "REQUEST_FIELD_INVALID", "qty", post(ORDER.replace("\"10\"", "1e400")));
        refused(422, "REQUEST_FIELD_UNKNOWN", "limitprice", post(ORDER.replace("}", ",\"limitprice\":\"1\"}")));
        refused(422, "REQUEST_FIELD_INVALID", "stop_price", post(ORDER.replace("market", "stop")));
        refused(422, "REQUEST_UNSUPPORTED", "legs", post(ORDER.replace("}", ",\"legs\":[]}")));
        refused(413, "REQUEST_TOO_LARGE", null, post(" ".repeat(65_537)));
        refused(413, "REQUEST_TOO_LARGE", null, http.send("POST", "/v2/session", Map.of(), "x".repeat(1_000_000)));
        refused(404, "PATH_UNKNOWN", null, get("/v2/nothing"));
        refused(404, "PATH_UNKNOWN", null, http.send("POST", "/nothing", GatewayBed.KEY, "{}"));
        RawHttp.Reply wrongMethod = http.send("PUT", "/v2/orders", GatewayBed.KEY, "{}");
        refused(405, "METHOD_NOT_ALLOWED", null, wrongMethod);
        assertEquals("POST, GET, DELETE", wrongMethod.header("allow"));
        refused(401, "REQUEST_UNAUTHORIZED", null, http.send("POST", "/v2/orders", Map.of(), ORDER));
        refused(401, "REQUEST_UNAUTHORIZED", null, http.send("GET", "/v2/account", Map.of(), null));
        refused(401, "REQUEST_UNAUTHORIZED", null, http.send("GET", "/v2/account", wrongSecret(), null));
        refused(403, "REQUEST_FORBIDDEN", null, http.send("POST", "/v2/orders", GatewayBed.READ_KEY, ORDER));
        refused(400, "REQUEST_MALFORMED", null, get("/v2/orders/%zz"));
        refused(422, "REQUEST_FIELD_INVALID", "limit", get("/v2/orders?limit=0"));

        assertEquals(200, post(ORDER).status(), "on the very same connection");
    }

    @Test
    void shouldHaveWhatItRefusesRecorded() throws Exception {
        post("{not json");
        post(ORDER.replace("buy", "hold").replace("{", "{\"client_order_id\":\"mine\","));
        post(ORDER);
        GatewayBed.until("both are told", () -> bed.orders.refusals().size() == 2);
        List<OrdersRefused.Refusal> refusals = bed.orders.refusals();
        assertEquals(DenialCode.REQUEST_MALFORMED, refusals.get(0).denial().code());
        assertNull(refusals.get(0).what());
        assertEquals("side", refusals.get(1).denial().field());
        assertEquals("mine", refusals.get(1).what());
        assertEquals(TestKeys.ID, refusals.get(1).actor());
    }

    @Test
    void shouldHaveReplacesThatItRefusesRecorded() throws Exception {
        refused(400, "REQUEST_MALFORMED", null, http.send("PATCH", "/v2/orders/mine", GatewayBed.KEY, "{not json"));
        refused(422, "REQUEST_FIELD_INVALID", "qty", http.send("PATCH", "/v2/orders/mine", GatewayBed.KEY, "{}"));
        refused(401, "REQUEST_UNAUTHORIZED", null, http.send("PATCH", "/v2/orders/mine", Map.of(), "{not json"));
        GatewayBed.until("both are told", () -> bed.orders.refusals().size() == 2);
        List<OrdersRefused.Refusal> refusals = bed.orders.refusals();
        for (OrdersRefused.Refusal each : refusals) {
            assertEquals(OrdersRefused.Request.REPLACE, each.request());
            assertEquals("mine", each.what());
            assertEquals(TestKeys.ID, each.actor());
        }
        assertEquals(DenialCode.REQUEST_MALFORMED, refusals.get(0).denial().code());
        assertEquals("qty", refusals.get(1).denial().field());
    }

    @Test
    void shouldRefuseAChunkedBodyThatGrowsTooLarge() throws Exception {
        http.write("POST /v2/orders HTTP/1.1\r\nHost: x\r\nAPCA-API-KEY-ID: " + TestKeys.ID
                + "\r\nAPCA-API-SECRET-KEY: " + TestKeys.SECRET + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        for (int i = 0; i < 6; i++) {
            http.write(chunk);
        }
        http.write("0\r\n\r\n");

        refused(413, "REQUEST_TOO_LARGE", null, http.read());
        assertEquals(200, post(ORDER).status());
    }

    @Test
    void shouldAnswerWhatIsNotHttpAndClose() throws Exception {
        http.write("NONSENSE\r\n\r\n");
        refused(400, "REQUEST_MALFORMED", null, http.read());
        assertTrue(http.isClosedByServer());

        try (RawHttp other = bed.connect()) {
            other.write("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n");
            refused(414, "REQUEST_LINE_TOO_LONG", null, other.read());
        }
        try (RawHttp other = bed.connect()) {
            other.write("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
            refused(431, "REQUEST_HEADERS_TOO_LARGE", null, other.read());
        }
    }

    @Test
    void shouldTellDenialsWithTheirStatusAndWhenToRetry() throws Exception {
        refused(422, "ORDER_SYMBOL_UNKNOWN", "symbol", post(ORDER.replace("AAPL", "NOPE")));
        refused(403, "RISK_BUYING_POWER", null, post(ORDER.replace("AAPL", "POOR")));
        RawHttp.Reply full = post(ORDER.replace("AAPL", "FULL"));
        refused(429, "QUEUE_ACCOUNT_FULL", null, full);
        assertEquals("2", full.header("retry-after"), "1500 ms, rounded up");
        assertEquals(
                36, new JsonObject(full.body()).getString("client_order_id").length());
    }

    @Test
    void shouldSayThatNothingWasDoneOrThatTheOutcomeIsUnknown() throws Exception {
        RawHttp.Reply away = post(ORDER.replace("AAPL", "AWAY"));
        refused(503, "SERVICE_UNAVAILABLE", null, away);
        assertEquals("1", away.header("retry-after"));
        reopen("command-deadline=5s");
        for (String symbol : List.of("LOST", "BUG", "SILENT", "HAZY")) {
            RawHttp.Reply unknown = post(order("c-" + symbol).replace("AAPL", symbol));
            refused(504, "OUTCOME_UNKNOWN", null, unknown);
            assertEquals("c-" + symbol, new JsonObject(unknown.body()).getString("client_order_id"));
            assertTrue(unknown.body().contains("by_client_order_id?client_order_id=c-" + symbol));
            assertFalse(unknown.body().contains("NullPointer"), "nothing of the inside");
        }
    }

    @Test
    void shouldPassOrdersOnInFewMessages() throws Exception {
        int count = 200;
        List<RawHttp> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawHttp connection = bed.connect();
            assertEquals(
                    200,
                    connection.send("GET", "/v2/clock", GatewayBed.KEY, null).status());
            connections.add(connection);
        }
        String request = "POST /v2/orders HTTP/1.1\r\nHost: x\r\nAPCA-API-KEY-ID: " + TestKeys.ID
                + "\r\nAPCA-API-SECRET-KEY: " + TestKeys.SECRET + "\r\nContent-Length: " + ORDER.length() + "\r\n\r\n"
                + ORDER;
        Runnable goOn = bed.standstill();
        try {
            for (RawHttp connection : connections) {
                connection.write(request);
            }
        } finally {
            goOn.run();
        }
        for (RawHttp connection : connections) {
            assertEquals(200, connection.read().status());
            connection.close();
        }

        List<Integer> batches = bed.orders.batches();
        assertEquals(count, batches.stream().mapToInt(Integer::intValue).sum());
        assertTrue(batches.size() < count, "batches: " + batches);
    }

    @Test
    void shouldRefuseOrdersBeyondTheWindow() throws Exception {
        reopen("max-orders-in-flight=1");
        try (RawHttp first = bed.connect();
                RawHttp second = bed.connect()) {
            bed.orders.hold();
            first.write("POST /v2/orders HTTP/1.1\r\nHost: x\r\nAPCA-API-KEY-ID: " + TestKeys.ID
                    + "\r\nAPCA-API-SECRET-KEY: " + TestKeys.SECRET + "\r\nContent-Length: " + ORDER.length()
                    + "\r\n\r\n" + ORDER);
            GatewayBed.until("the first is on its way", () -> bed.orders.heldBatches() == 1);

            RawHttp.Reply refused = second.send("POST", "/v2/orders", GatewayBed.KEY, ORDER);

            refused(429, "QUEUE_LANE_FULL", null, refused);
            assertEquals("1", refused.header("retry-after"));
            bed.orders.release();
            assertEquals(200, first.read().status());
        }
    }

    @Test
    void shouldListOrdersAsAskedFor() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String side = i % 2 == 0 ? "buy" : "sell";
            ids.add(new JsonObject(post(order("c" + i).replace("buy", side)).body()).getString("id"));
        }
        assertEquals(204, delete("/v2/orders/" + ids.get(0)).status());

        assertEquals(List.of(ids.get(4), ids.get(3), ids.get(2), ids.get(1)), listed(""));
        assertEquals(List.of(ids.get(1), ids.get(2)), listed("?direction=asc&limit=2"));
        assertEquals(List.of(ids.get(0)), listed("?status=closed"));
        assertEquals(List.of(ids.get(4), ids.get(3)), listed("?status=all&limit=2"));
        assertEquals(List.of(ids.get(0), ids.get(1)), listed("?status=all&limit=2&direction=asc"));
        assertEquals(List.of(ids.get(3), ids.get(1)), listed("?side=sell"));
        assertEquals(List.of(), listed("?symbols=MSFT"));
        assertEquals(5, listed("?status=all&symbols=AAPL&after=2020-01-01").size());
        assertEquals(0, listed("?status=all&until=2020-01-01").size());
        assertNotNull(get("/v2/orders").header("x-tradewind-version"));
    }

    @Test
    void shouldCancel() throws Exception {
        String id = new JsonObject(post(order("c1")).body()).getString("id");
        post(order("c2"));

        RawHttp.Reply all = delete("/v2/orders");

        assertEquals(207, all.status());
        assertEquals(2, new JsonArray(all.body()).size());
        assertEquals(200, new JsonArray(all.body()).getJsonObject(0).getInteger("status"));
        refused(422, "ORDER_NOT_CANCELABLE", null, delete("/v2/orders/" + id));
        refused(404, "ORDER_NOT_FOUND", null, delete("/v2/orders/none"));
        refused(404, "ORDER_NOT_FOUND", null, get("/v2/orders/none"));
        refused(404, "ORDER_NOT_FOUND", null, get("/v2/orders:by_client_order_id?client_order_id=none"));
        assertEquals("[]", delete("/v2/orders").body());
    }

    @Test
    void shouldReplace() throws Exception {
        String limit = order("c1").replace("\"market\"", "\"limit\"").replaceFirst("\\}$", ",\"limit_price\":\"9\"}");
        String id = new JsonObject(post(limit).body()).getString("id");

        RawHttp.Reply replaced = patch("/v2/orders/" + id, "{\"limit_price\":\"10.5\",\"client_order_id\":\"c2\"}");

        assertEquals(200, replaced.status(), replaced.body());
        JsonObject next = new JsonObject(replaced.body());
        assertEquals(id, next.getString("replaces"));
        assertEquals("c2", next.getString("client_order_id"));
        assertEquals("10.5", next.getString("limit_price"));
        assertEquals("replaced", new JsonObject(get("/v2/orders/" + id).body()).getString("status"));
        refused(422, "ORDER_NOT_REPLACEABLE", null, patch("/v2/orders/" + id, "{\"limit_price\":11}"));
        refused(404, "ORDER_NOT_FOUND", null, patch("/v2/orders/none", "{\"limit_price\":11}"));
        refused(422, "REQUEST_FIELD_INVALID", "qty", patch("/v2/orders/" + id, "{\"qty\":\"-1\"}"));
        refused(422, "REQUEST_FIELD_INVALID", "qty", patch("/v2/orders/" + id, "{\"qty\":1e999999999}"));
        refused(422, "REQUEST_FIELD_INVALID", "qty", patch("/v2/orders/" + id, "{}"));
        refused(
                422,
                "REQUEST_FIELD_INVALID",
                "time_in_force",
                patch("/v2/orders/" + id, "{\"time_in_force\":\"week\"}"));
        refused(422, "REQUEST_FIELD_UNKNOWN", "side", patch("/v2/orders/" + id, "{\"side\":\"buy\"}"));
    }

    @Test
    void shouldPutLegsIntoTheirParentsWhenAsked() throws Exception {
        OrderTerms exit = OrderTerms.of("AAPL", Side.SELL).qty(BigDecimal.TEN).build();
        OrderTerms entry = exit.toBuilder()
                .exits(new OrderExits(OrderClass.OTO, BigDecimal.TEN, null, null))
                .build();
        long now = System.currentTimeMillis();
        OrderLinks parentLinks = OrderLinks.NONE.withLegs("0198-b", null);
        OrderLinks legLinks = OrderLinks.legOf("0198-a");
        String account = GatewayBed.ACCOUNT;
        bed.orders.has(Order.create("0198-a", account, "a", entry, "k", OrderStatus.NEW, parentLinks, now));
        bed.orders.has(Order.create(
                "0198-b", account, "b", exit, "k", OrderStatus.REPLACED, legLinks.withReplacedBy("0198-c"), now));
        bed.orders.has(Order.create(
                "0198-c", account, "c", exit, "k", OrderStatus.HELD, legLinks.withReplaces("0198-b"), now));

        assertEquals(3, new JsonArray(get("/v2/orders?status=all").body()).size());
        JsonArray nested =
                new JsonArray(get("/v2/orders?status=all&nested=true").body());
        assertEquals(1, nested.size());
        JsonArray legs = nested.getJsonObject(0).getJsonArray("legs");
        assertEquals("0198-b", legs.getJsonObject(0).getString("id"));
        assertEquals("0198-c", legs.getJsonObject(1).getString("id"));
        assertEquals(legs, new JsonObject(get("/v2/orders/0198-a?nested=true").body()).getJsonArray("legs"));
        assertNull(new JsonObject(get("/v2/orders/0198-a").body()).getJsonArray("legs"));
    }

    @Test
    void shouldServeAnOldPositionAsTheMigrationsLeaveIt() throws Exception {
        Path golden = Path.of("..", "contracts", "src", "test", "resources", "golden", "documents");
        String old = Files.readAllLines(golden.resolve("position-v1.jsonl")).get(0);
        EntityKey key = new EntityKey(Domains.POSITION, GatewayBed.ACCOUNT, "AAPL");
        String upgraded = Schemas.current().upgrade(key, 1, Json.of(old)).toString();
        bed.state.put(Domains.POSITION, GatewayBed.ACCOUNT, "AAPL", upgraded);

        assertEquals(upgraded, get("/v2/positions/AAPL").body());
        JsonObject served = new JsonArray(get("/v2/positions").body()).getJsonObject(0);
        assertEquals("674d242a-0b04-3616-8ec5-3c7710d8ae0e", served.getString("asset_id"));
        assertEquals("0.014686248", served.getString("unrealized_plpc"));
    }

    @Test
    void shouldServePortfolioAndClock() throws Exception {
        refused(404, "ACCOUNT_NOT_FOUND", null, get("/v2/account"));
        bed.state.put(Domains.ACCOUNT, GatewayBed.ACCOUNT, GatewayBed.ACCOUNT, "{\"cash\":\"1\"}");
        bed.state.put(Domains.POSITION, GatewayBed.ACCOUNT, "AAPL", "{\"symbol\":\"AAPL\",\"qty\":\"5\"}");
        bed.state.put(Domains.POSITION, GatewayBed.ACCOUNT, "BTC/USD", "{\"symbol\":\"BTC/USD\",\"qty\":\"0.5\"}");
        bed.state.put(Domains.POSITION, GatewayBed.ACCOUNT, "MSFT", "{\"symbol\":\"MSFT\",\"qty\":\"0\"}");

        assertEquals("{\"cash\":\"1\"}", get("/v2/account").body());
        assertEquals(2, new JsonArray(get("/v2/positions").body()).size());
        assertEquals(
                "{\"symbol\":\"BTC/USD\",\"qty\":\"0.5\"}",
                get("/v2/positions/BTC%2FUSD").body());
        refused(404, "POSITION_NOT_FOUND", null, get("/v2/positions/MSFT"));
        assertTrue(new JsonObject(get("/v2/clock").body()).getBoolean("is_open"));
        JsonArray always = new JsonArray(
                get("/v2/calendar?start=2026-01-30&end=2026-02-02").body());
        assertEquals(4, always.size(), "every day is one");
        bed.state.put(
                MarketHours.KEY.domain(),
                MarketHours.KEY.partitionKey(),
                MarketHours.KEY.id(),
                new MarketHours(false, TradingDays.MARKET, Set.of()).toJson(1).toString());
        assertEquals(
                "[{\"date\":\"2026-11-25\",\"open\":\"09:30\",\"close\":\"16:00\",\"session_open\":\"0930\",\"session_close\":\"1600\"},"
                        + "{\"date\":\"2026-11-27\",\"open\":\"09:30\",\"close\":\"13:00\",\"session_open\":\"0930\",\"session_close\":\"1300\"}]",
                get("/v2/calendar?start=2026-11-25&end=2026-11-29").body());
        refused(422, "REQUEST_FIELD_INVALID", "start", get("/v2/calendar?start=soon"));
        refused(422, "REQUEST_FIELD_INVALID", "end", get("/v2/calendar?start=2026-01-02&end=2026-01-01"));
        JsonObject clock = new JsonObject(get("/v2/clock").body());
        Instant opens = Instant.parse(clock.getString("next_open"));
        Instant closes = Instant.parse(clock.getString("next_close"));
        assertEquals(closes.isBefore(opens), clock.getBoolean("is_open"), clock::encode);
        bed.state.away(true);
        RawHttp.Reply lastKnown = get("/v2/account");
        assertEquals("{\"cash\":\"1\"}", lastKnown.body());
        assertEquals("true", lastKnown.headers().get("x-tradewind-stale"));
        refused(503, "SERVICE_UNAVAILABLE", null, get("/v2/positions/TSLA"));
    }

    @Test
    void shouldSteerAndShowTheSystem() throws Exception {
        RawHttp.Reply away = get("/v2/system/status");
        refused(503, "SERVICE_UNAVAILABLE", null, away);
        bed.kit.vertx().eventBus().<StatusQuery>consumer(Addresses.MONITOR_STATUS, m -> m.reply(Json.of("{\"a\":1}")));
        bed.kit
                .vertx()
                .eventBus()
                .<StrategyCommand>consumer(
                        Addresses.STRATEGIES_COMMAND,
                        m -> m.reply(Json.of("\"" + m.body().verb() + " "
                                + m.body().name() + " " + m.body().parameters() + "\"")));

        assertEquals("{\"a\":1}", get("/v2/system/status").body());
        assertEquals("\"LIST null {}\"", get("/v2/strategies").body());
        assertEquals(
                "\"START sma-cross {}\"",
                post("/v2/strategies/sma-cross/start", "").body());
        assertEquals(
                "\"START sma-cross {fast=5}\"",
                post("/v2/strategies/sma-cross/start", "{\"parameters\":{\"fast\":5}}")
                        .body());
        assertEquals(
                "\"STOP sma-cross {}\"",
                post("/v2/strategies/sma-cross/stop", "{}").body());
        assertEquals("active", new JsonObject(get("/v2/system/trading-state").body()).getString("state"));
        RawHttp.Reply halted =
                post("/v2/system/trading-state", "{\"state\":\"halted\",\"cancel_all\":true,\"flatten\":true}");
        assertEquals("halted", new JsonObject(halted.body()).getString("global"));
        refused(422, "REQUEST_FIELD_INVALID", "state", post("/v2/system/trading-state", "{\"state\":\"off\"}"));
        Map<String, String> trader = Map.of("APCA-API-KEY-ID", "TRADER", "APCA-API-SECRET-KEY", "trader-secret");
        refused(
                403,
                "REQUEST_FORBIDDEN",
                null,
                http.send("POST", "/v2/system/trading-state", trader, "{\"state\":\"active\"}"));
    }

    @Test
    void shouldClosePositionsAsAlpacaDoes() throws Exception {
        List<ClosePositions> asked = new CopyOnWriteArrayList<>();
        int partition = Partitions.of(GatewayBed.ACCOUNT);
        bed.kit.vertx().eventBus().<ClosePositions>consumer(Addresses.ordersClose(partition), m -> {
            asked.add(m.body());
            Denial denial = Denial.of(DenialCode.RISK_POSITION, "insufficient qty", "qty");
            m.reply(new ClosePositionsReply(
                    "NONE".equals(m.body().symbol())
                            ? List.of()
                            : List.of(
                                    new ClosePositionsReply.Result(
                                            "AAPL", new PlaceResult.Accepted(Json.of("{\"id\":\"o-1\"}"))),
                                    new ClosePositionsReply.Result("MSFT", new PlaceResult.Denied(denial)))));
        });
        RawHttp.Reply all = delete("/v2/positions?cancel_orders=true");
        assertEquals(207, all.status());
        assertEquals(
                "[{\"symbol\":\"AAPL\",\"status\":200,\"body\":{\"id\":\"o-1\"}},{\"symbol\":\"MSFT\",\"status\":403,\"body\":"
                        + "{\"code\":40310001,\"message\":\"insufficient qty\",\"field\":\"qty\",\"reason\":\"RISK_POSITION\"}}]",
                all.body());
        RawHttp.Reply one = delete("/v2/positions/AAPL?percentage=12.5");
        assertEquals(200, one.status());
        assertEquals("{\"id\":\"o-1\"}", one.body());
        assertTrue(asked.get(0).cancelOrders());
        assertNull(asked.get(0).symbol());
        assertEquals("AAPL", asked.get(1).symbol());
        assertEquals(new BigDecimal("12.5"), asked.get(1).percentage());
        refused(404, "POSITION_NOT_FOUND", null, delete("/v2/positions/NONE?qty=1"));
        refused(422, "REQUEST_FIELD_INVALID", "percentage", delete("/v2/positions/AAPL?percentage=101"));
        refused(422, "REQUEST_FIELD_INVALID", "percentage", delete("/v2/positions/AAPL?qty=1&percentage=10"));
        refused(422, "REQUEST_FIELD_INVALID", "qty", delete("/v2/positions/AAPL?qty=-1"));
    }

    @Test
    void shouldCompareWithTheBrokerAndListWhatWasFound() throws Exception {
        bed.kit
                .vertx()
                .eventBus()
                .<Reconcile>consumer(
                        Addresses.ORDERS_RECONCILE,
                        m -> m.reply(Json.of("{\"dry_run\":" + m.body().dryRun() + "}")));
        assertEquals(
                "{\"dry_run\":true}",
                post("/v2/system/reconciliation?dry_run=true", "").body());
        assertEquals(
                "{\"dry_run\":false}", post("/v2/system/reconciliation", "").body());
        assertEquals(
                "{\"last\":null,\"runs\":[]}", get("/v2/system/reconciliation").body());
        for (String id : List.of("0198-1", "0198-2", Domains.LAST_RUN)) {
            bed.state.put(Domains.RECONCILIATION, Domains.GLOBAL_KEY, id, "{\"run\":\"" + id + "\"}");
        }
        assertEquals(
                "{\"last\":{\"run\":\"last\"},\"runs\":[{\"run\":\"0198-2\"},{\"run\":\"0198-1\"}]}",
                get("/v2/system/reconciliation").body());
        Map<String, String> trader = Map.of("APCA-API-KEY-ID", "TRADER", "APCA-API-SECRET-KEY", "trader-secret");
        refused(403, "REQUEST_FORBIDDEN", null, http.send("POST", "/v2/system/reconciliation", trader, ""));
        refused(
                422,
                "REQUEST_FIELD_INVALID",
                "flatten",
                post("/v2/system/trading-state", "{\"state\":\"active\",\"flatten\":true}"));
    }

    @Test
    void shouldTellItsHealthAndDescribeItself() throws Exception {
        RawHttp.Reply health = http.send("GET", "/health", Map.of(), null);

        assertEquals(200, health.status());
        assertFalse(health.body().contains("checks"), "no details for strangers");
        JsonObject openApi =
                new JsonObject(http.send("GET", "/openapi.json", Map.of(), null).body());
        assertFalse(openApi.containsKey("servers"));
        assertEquals(200, http.send("GET", "/v2/clock", basic(), null).status());
        String bearer = "Bearer " + TestKeys.ID + ":" + TestKeys.SECRET;
        assertEquals(
                200,
                http.send("GET", "/v2/clock", Map.of("Authorization", bearer), null)
                        .status());
        refused(
                401,
                "REQUEST_UNAUTHORIZED",
                null,
                http.send("GET", "/v2/clock", Map.of("Authorization", "Basic ?"), null));
    }

    @Test
    void shouldServeTheDashboardWithItsPolicyAndEtags() throws Exception {
        RawHttp.Reply index = http.send("GET", "/", Map.of(), null);

        assertEquals(200, index.status());
        assertEquals("text/html; charset=utf-8", index.header("content-type"));
        assertTrue(index.header("content-security-policy").startsWith("default-src 'self'"));
        assertEquals(
                304,
                http.send("GET", "/", Map.of("If-None-Match", index.header("etag")), null)
                        .status());
        assertEquals(
                "text/javascript; charset=utf-8",
                http.send("GET", "/app.js", Map.of(), null).header("content-type"));
        refused(404, "PATH_UNKNOWN", null, http.send("GET", "/../pom.xml", Map.of(), null));
        refused(404, "PATH_UNKNOWN", null, http.send("GET", "/%2e%2e/pom.xml", Map.of(), null));
    }

    @Test
    void shouldLetABrowserInByPasswordFormAndGuardAgainstOtherSites() throws Exception {
        String login = "{\"key_id\":\"" + TestKeys.ID + "\",\"secret_key\":\"" + TestKeys.SECRET + "\"}";
        refused(
                401,
                "REQUEST_UNAUTHORIZED",
                null,
                http.send("POST", "/v2/session", Map.of(), login.replace(TestKeys.SECRET, "wrong")));
        String cookie = http.send("POST", "/v2/session", Map.of(), login).header("set-cookie");
        assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
        Map<String, String> browser = new HashMap<>(Map.of("Cookie", cookie.substring(0, cookie.indexOf(';'))));

        assertEquals(200, http.send("GET", "/v2/orders", browser, null).status());
        refused(403, "REQUEST_CROSS_SITE", null, http.send("POST", "/v2/orders", browser, ORDER));
        refused(403, "REQUEST_CROSS_SITE", null, http.send("DELETE", "/v2/session", browser, null));
        browser.put("Origin", "http://evil.example");
        refused(403, "REQUEST_CROSS_SITE", null, http.send("POST", "/v2/orders", browser, ORDER));
        browser.put("Origin", "http://127.0.0.1");
        assertEquals(200, http.send("POST", "/v2/orders", browser, ORDER).status());
        browser.remove("Origin");
        browser.put("X-Requested-With", "tradewind");
        assertEquals(200, http.send("POST", "/v2/orders", browser, ORDER).status());
        RawHttp.Reply out = http.send("DELETE", "/v2/session", browser, null);
        assertEquals(204, out.status());
        assertTrue(out.header("set-cookie").contains("Max-Age=0"));
    }

    @Test
    void shouldLetABrowserInByTicketOnce() throws Exception {
        refused(401, "REQUEST_UNAUTHORIZED", null, http.send("POST", "/v2/tickets", Map.of(), ""));
        String ticket = new JsonObject(post("/v2/tickets", "").body()).getString("ticket");

        RawHttp.Reply first = http.send("GET", "/?ticket=" + ticket, Map.of(), null);
        RawHttp.Reply second = http.send("GET", "/?ticket=" + ticket, Map.of(), null);

        assertEquals(303, first.status());
        assertEquals("/", first.header("location"));
        String cookie = first.header("set-cookie");
        Map<String, String> browser = Map.of("Cookie", cookie.substring(0, cookie.indexOf(';')));
        assertEquals(200, http.send("GET", "/v2/session", browser, null).status());
        assertEquals(303, second.status());
        assertNull(second.header("set-cookie"), "used");
    }

    @Test
    void shouldFinishWhatIsInProgressAndRefuseTheRestWhenItStops() throws Exception {
        try (RawHttp busy = bed.connect();
                RawHttp idle = bed.connect()) {
            assertEquals(
                    200, idle.send("GET", "/v2/clock", GatewayBed.KEY, null).status());
            bed.orders.hold();
            busy.write("POST /v2/orders HTTP/1.1\r\nHost: x\r\nAPCA-API-KEY-ID: " + TestKeys.ID
                    + "\r\nAPCA-API-SECRET-KEY: " + TestKeys.SECRET + "\r\nContent-Length: " + ORDER.length()
                    + "\r\n\r\n" + ORDER);
            GatewayBed.until("the order is on its way", () -> bed.orders.heldBatches() == 1);

            var stopped = bed.kit.services().stopAll();
            GatewayBed.until("it drains", this::isDraining);
            RawHttp.Reply refused = idle.send("POST", "/v2/orders", GatewayBed.KEY, ORDER);
            refused(503, "SERVICE_DRAINING", null, refused);
            assertEquals("1", refused.header("retry-after"));
            bed.orders.release();

            assertEquals(200, busy.read().status());
            assertTrue(GatewayBed.await(stopped));
        }
    }

    @Test
    void shouldNotWaitForClientsThatAreGoneWhenItStops() throws Exception {
        bed.orders.hold();
        try (RawHttp gone = bed.connect()) {
            gone.write("POST /v2/orders HTTP/1.1\r\nHost: x\r\nAPCA-API-KEY-ID: " + TestKeys.ID
                    + "\r\nAPCA-API-SECRET-KEY: " + TestKeys.SECRET + "\r\nContent-Length: " + ORDER.length()
                    + "\r\n\r\n" + ORDER);
            GatewayBed.until("the order is on its way", () -> bed.orders.heldBatches() == 1);
        }

        assertTrue(GatewayBed.await(bed.kit.services().stopAll()), "without waiting for the minute it may take");
    }

    @Test
    void shouldAnswerHeadWithoutABody() throws Exception {
        RawHttp.Reply head = http.send("HEAD", "/", Map.of(), null);

        assertEquals(200, head.status());
        assertNotNull(head.header("etag"));
        assertEquals(405, http.send("HEAD", "/v2/events", GatewayBed.KEY, null).status());
        assertEquals(200, get("/v2/clock").status());
    }

    /** Again, with other settings. */
    private void reopen(String... overrides) throws Exception {
        http.close();
        bed.close();
        bed = new GatewayBed(directory, overrides);
        http = bed.connect();
    }

    private boolean isDraining() {
        try (RawHttp probe = bed.connect()) {
            return probe.send("GET", "/v2/clock", GatewayBed.KEY, null).status() == 503;
        } catch (Exception e) {
            throw new AssertionError("new connections are answered while it drains", e);
        }
    }

    private RawHttp.Reply post(String body) throws Exception {
        return post("/v2/orders", body);
    }

    private RawHttp.Reply post(String path, String body) throws Exception {
        return http.send("POST", path, GatewayBed.KEY, body);
    }

    private RawHttp.Reply get(String path) throws Exception {
        return http.send("GET", path, GatewayBed.KEY, null);
    }

    private RawHttp.Reply patch(String path, String body) throws Exception {
        return http.send("PATCH", path, GatewayBed.KEY, body);
    }

    private RawHttp.Reply delete(String path) throws Exception {
        return http.send("DELETE", path, GatewayBed.KEY, null);
    }

    private List<String> listed(String query) throws Exception {
        RawHttp.Reply reply = get("/v2/orders" + query);
        assertEquals(200, reply.status(), reply.body());
        return new JsonArray(reply.body())
                .stream().map(order -> ((JsonObject) order).getString("id")).toList();
    }

    private static String order(String clientOrderId) {
        return ORDER.replace("{", "{\"client_order_id\":\"" + clientOrderId + "\",");
    }

    private static Map<String, String> wrongSecret() {
        return Map.of("APCA-API-KEY-ID", TestKeys.ID, "APCA-API-SECRET-KEY", "wrong");
    }

    private static Map<String, String> basic() {
        byte[] pair = (TestKeys.ID + ":" + TestKeys.SECRET).getBytes(StandardCharsets.UTF_8);
        return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    private static void refused(int status, String reason, String field, RawHttp.Reply reply) {
        assertEquals(status, reply.status(), reply.body());
        JsonObject error = new JsonObject(reply.body());
        assertEquals(reason, error.getString("reason"));
        assertEquals(field, error.getString("field"));
        assertEquals(status, error.getInteger("code") / 100_000);
        assertFalse(error.getString("message").isBlank());
    }
}
