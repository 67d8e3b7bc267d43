package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.ApiClient.Reply;
import io.tradewind.systemtests.harness.EventStream;
import io.tradewind.systemtests.harness.Tables;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is denied, over HTTP, by the packaged program: status, code, field and headers of each; that it is recorded; and
 * that limits and a halt hold through a restart. The account has a million, and every fill costs one percent.
 */
@Timeout(900)
class AdmissionIT {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final String[] OPTIONS = TradewindProcess.patient("--set", "order-queue.paper.fee-bps=100");
    private static final String LIMITS = "/v2/system/limits";

    /** An order that was to be replaced by something that nobody can read. */
    private static final String UNREADABLE = "0198c5a0-0000-7000-8000-000000000001";

    /**
     * @param limits what is set before, in place of all limits
     * @param asset a change of an asset before, {@code SYMBOL {…}}; {@code null} for none
     * @param before an order that is taken before; {@code null} for none
     * @param order what is denied
     */
    private record Case(
            String limits,
            String asset,
            ObjectNode before,
            ObjectNode order,
            int status,
            String reason,
            String field) {}

    private static final List<Case> CASES = List.of(
            plain(ApiClient.market("NOSUCH", "buy", "1"), 422, "ORDER_SYMBOL_UNKNOWN", "symbol"),
            plain(ApiClient.limit("SPY", "buy", "1", "100.001"), 422, "ORDER_TICK_SIZE", "limit_price"),
            plain(ApiClient.market("SPY", "buy", "0.000000001"), 422, "ORDER_NOTIONAL_MIN", "qty"),
            plain(ApiClient.market("SPY", "buy", "900000"), 403, "RISK_BUYING_POWER", "qty"),
            plain(ApiClient.market("BTC/USD", "sell", "1"), 403, "RISK_POSITION", "qty"),
            asset(
                    "GOOG {\"tradable\":false}",
                    ApiClient.market("GOOG", "buy", "1"),
                    422,
                    "ASSET_NOT_TRADABLE",
                    "symbol"),
            asset(
                    "AMZN {\"fractionable\":false}",
                    ApiClient.market("AMZN", "buy", "1.5"),
                    422,
                    "ORDER_LOT_SIZE",
                    "qty"),
            asset(
                    "AMZN {\"min_trade_increment\":\"100\"}",
                    ApiClient.market("AMZN", "buy", "150"),
                    422,
                    "ORDER_LOT_SIZE",
                    "qty"),
            limited("\"max_order_qty\":\"5\"", ApiClient.limit("SPY", "buy", "5.1", "1"), "RISK_MAX_ORDER_QTY", "qty"),
            limited(
                    "\"max_order_notional\":100",
                    ApiClient.limit("SPY", "buy", "10", "10.01"),
                    "RISK_MAX_ORDER_NOTIONAL",
                    "qty"),
            limited(
                    "\"price_collar\":\"0.5\"",
                    ApiClient.limit("SPY", "buy", "1", "9000"),
                    "RISK_PRICE_COLLAR",
                    "limit_price"),
            limited("\"max_open_orders\":0", ApiClient.limit("SPY", "buy", "1", "1"), "RISK_MAX_OPEN_ORDERS", null),
            limited(
                    "\"max_position_qty\":\"3\"",
                    ApiClient.limit("SPY", "buy", "3.5", "1"),
                    "RISK_MAX_POSITION",
                    "qty"),
            limited(
                    "\"max_position_notional\":\"10\"",
                    ApiClient.limit("SPY", "buy", "3", "1"),
                    "RISK_MAX_POSITION",
                    "qty"),
            new Case(
                    "{}",
                    null,
                    ApiClient.limit("SPY", "buy", "1", "2"),
                    ApiClient.limit("SPY", "sell", "1", "2"),
                    403,
                    "RISK_SELF_TRADE",
                    "limit_price"),
            new Case(
                    "{\"max_orders_per_second\":100,\"max_orders_per_minute\":1}",
                    null,
                    ApiClient.limit("SPY", "buy", "1", "2"),
                    ApiClient.limit("SPY", "buy", "1", "2"),
                    429,
                    "RISK_ORDER_RATE",
                    null));

    private static Case plain(ObjectNode order, int status, String reason, String field) {
        return new Case("{}", null, null, order, status, reason, field);
    }

    private static Case asset(String asset, ObjectNode order, int status, String reason, String field) {
        return new Case("{}", asset, null, order, status, reason, field);
    }

    private static Case limited(String limit, ObjectNode order, String reason, String field) {
        return new Case("{" + limit + "}", null, null, order, 403, reason, field);
    }

    /** How many orders were denied, by reason. */
    private final Map<String, Integer> denied = new TreeMap<>();

    private int orders;

    @Test
    void shouldDenyWithAStableCodeRecordItAndKeepLimitsAndHaltsThroughARestart() throws Exception {
        try (Workspace workspace = Workspace.open("admission")) {
            try (TradewindProcess program = start(workspace)) {
                ApiClient client = program.client();
                for (Case each : CASES) {
                    check(client, each);
                }
                checkCancelRate(client);
                checkUnreadable(client);
                checkTradingStates(client);
                checkDuplicate(client);
                checkVersionsOfLimits(client);
                checkRecords(program);
                haltByLoss(client);
                assertEquals(0, program.terminate(SOON));
            }
            try (TradewindProcess program = start(workspace)) {
                checkHaltedStill(program.client());
            }
        }
    }

    private static TradewindProcess start(Workspace workspace) {
        TradewindProcess program = TradewindProcess.start(workspace.data(), OPTIONS);
        Waiting.until("the instruments are quoted", SOON, () -> {
            Reply assets = program.client().get("/v2/assets");
            return assets.status() == 200 && assets.json().size() >= 8;
        });
        return program;
    }

    private void check(ApiClient client, Case each) throws IOException {
        client.send("PUT", LIMITS, each.limits()).ok();
        String symbol = each.asset() == null
                ? null
                : each.asset().substring(0, each.asset().indexOf(' '));
        if (symbol != null) {
            JsonNode changed = client.send(
                            "PATCH", "/v2/assets/" + symbol, each.asset().substring(symbol.length() + 1))
                    .ok();
            assertEquals(symbol, changed.path("symbol").asText());
            assertEquals(changed, client.get("/v2/assets/" + symbol).ok());
        }
        if (each.before() != null) {
            place(client, each.before());
        }
        assertDenied(deny(client, each.order()), each.status(), each.reason(), each.field());
        if (symbol != null) {
            client.send("PUT", "/v2/assets/" + symbol, "{}").ok();
        }
        client.send("PUT", LIMITS, "{}").ok();
        client.delete("/v2/orders");
        awaitNothingOpen(client);
    }

    private Reply deny(ApiClient client, ObjectNode order) throws IOException {
        String id = "denied-" + ++orders;
        Reply reply = client.post(
                "/v2/orders", order.deepCopy().put("client_order_id", id).toString());
        denied.merge(reply.json().path("reason").asText(), 1, Integer::sum);
        assertEquals(
                404,
                client.get("/v2/orders:by_client_order_id?client_order_id=" + id)
                        .status());
        return reply;
    }

    private String place(ApiClient client, ObjectNode order) throws IOException {
        return client.post(
                        "/v2/orders",
                        order.deepCopy()
                                .put("client_order_id", "taken-" + ++orders)
                                .toString())
                .ok()
                .path("id")
                .asText();
    }

    private static void assertDenied(Reply reply, int status, String reason, String field) {
        JsonNode body = reply.json();
        assertEquals(status, reply.status(), reply.body());
        assertEquals(reason, body.path("reason").asText(), reply.body());
        assertEquals(status, body.path("code").asInt() / 100_000, reply.body());
        assertEquals(field, body.path("field").asText(null), reply.body());
        assertTrue(body.path("message").asText().length() > 10, reply.body());
        if (status == 429) {
            assertTrue(header(reply, "Retry-After") >= 1, reply.headers().toString());
            assertEquals(1, header(reply, "X-RateLimit-Limit"));
            assertEquals(0, header(reply, "X-RateLimit-Remaining"));
            assertTrue(
                    header(reply, "X-RateLimit-Reset") > 1_700_000_000L,
                    reply.headers().toString());
        }
    }

    private static long header(Reply reply, String name) {
        return reply.headers().firstValueAsLong(name).orElse(-1);
    }

    private void checkCancelRate(ApiClient client) throws IOException {
        String first = place(client, ApiClient.limit("SPY", "buy", "1", "1"));
        String second = place(client, ApiClient.limit("SPY", "buy", "1", "1"));
        client.send("PUT", LIMITS, "{\"max_cancels_per_minute\":1}").ok();
        assertEquals(204, client.delete("/v2/orders/" + first).status());
        assertDenied(client.delete("/v2/orders/" + second), 429, "RISK_CANCEL_RATE", null);
        assertEquals(207, client.delete("/v2/orders").status(), "all at once are always canceled");
        awaitNothingOpen(client);
        client.send("PUT", LIMITS, "{}").ok();
    }

    private void checkTradingStates(ApiClient client) throws IOException {
        client.post("/v2/system/trading-state", "{\"state\":\"halted\"}").ok();
        assertDenied(deny(client, ApiClient.market("SPY", "buy", "1")), 403, "RISK_TRADING_HALTED", null);
        client.post("/v2/system/trading-state", "{\"state\":\"reducing\"}").ok();
        assertDenied(deny(client, ApiClient.market("SPY", "buy", "1")), 403, "RISK_REDUCING_ONLY", "qty");
        client.post("/v2/system/trading-state", "{\"state\":\"active\"}").ok();
    }

    /** What never comes to a desk has its records as well. */
    private void checkUnreadable(ApiClient client) throws IOException {
        assertDenied(deny(client, ApiClient.market("SPY", "buy", "-1")), 422, "REQUEST_FIELD_INVALID", "qty");
        assertDenied(
                deny(client, ApiClient.market("SPY", "buy", "1").put("quantity", "1")),
                422,
                "REQUEST_FIELD_UNKNOWN",
                "quantity");
        assertDenied(client.send("PATCH", "/v2/orders/" + UNREADABLE, "{not json"), 400, "REQUEST_MALFORMED", null);
    }

    private void checkDuplicate(ApiClient client) throws IOException {
        ObjectNode order = ApiClient.limit("SPY", "buy", "1", "1").put("client_order_id", "twice");
        client.post("/v2/orders", order.toString()).ok();
        assertEquals(200, client.post("/v2/orders", order.toString()).status(), "the same again is the same order");
        assertDenied(
                client.post("/v2/orders", order.put("qty", "2").toString()),
                422,
                "ORDER_DUPLICATE_ID",
                "client_order_id");
        client.delete("/v2/orders");
        awaitNothingOpen(client);
    }

    private static void checkVersionsOfLimits(ApiClient client) throws IOException {
        String mine = LIMITS + "/default";
        JsonNode none = client.get(mine).ok();
        assertEquals(0, none.path("version").asLong());
        JsonNode first = client.send("PUT", mine, "{\"max_order_qty\":\"7\",\"expected_version\":0}")
                .ok();
        long version = first.path("version").asLong();
        assertTrue(version > 0, first.toString());
        assertDenied(
                client.send("PATCH", mine, "{\"max_order_qty\":\"8\",\"expected_version\":0}"),
                409,
                "RISK_CHANGE_CONFLICT",
                "expected_version");
        JsonNode second = client.send(
                        "PATCH",
                        mine,
                        "{\"price_collar\":0.25,\"max_order_qty\":null,\"expected_version\":" + version + "}")
                .ok();
        assertTrue(second.path("version").asLong() > version, second.toString());
        assertEquals(
                Map.of("price_collar", "0.25").toString(),
                "{price_collar=" + second.path("limits").path("price_collar").asText() + "}");
        assertFalse(second.path("limits").has("max_order_qty"), second.toString());
        assertDenied(client.send("PUT", mine, "{\"max_qty\":1}"), 422, "REQUEST_FIELD_UNKNOWN", "max_qty");
        assertDenied(
                client.send("PUT", mine, "{\"max_order_qty\":\"-1\"}"), 422, "REQUEST_FIELD_INVALID", "max_order_qty");
        assertDenied(client.get("/v2/assets/NOSUCH"), 404, "RISK_NAME_UNKNOWN", null);
    }

    /**
     * Each denial is in the state, and stays in Postgres; by itself, or as one of several of the same reason: on a quick
     * machine more than ten come within a second, and the rest of them are gathered.
     */
    private void checkRecords(TradewindProcess program) throws Exception {
        Waiting.valueOf(
                "the denials are recorded",
                SOON,
                () -> {
                    Map<String, Integer> recorded = new TreeMap<>();
                    program.client()
                            .get("/v2/state/denial?limit=1000")
                            .ok()
                            .findParents("count")
                            .forEach(record -> recorded.merge(
                                    record.path("reason").asText(),
                                    record.path("count").asInt(),
                                    Integer::sum));
                    return recorded;
                },
                this::hasAllDenied);
        try (Tables tables = Tables.open(program.postgres())) {
            Waiting.valueOf(
                    "the denials are in Postgres",
                    LONG,
                    () -> {
                        Map<String, Integer> rows = new TreeMap<>();
                        tables.rows("SELECT reason, count FROM denials WHERE request = 'order'")
                                .forEach(row -> rows.merge(
                                        row.get("reason"), Integer.parseInt(row.get("count")), Integer::sum));
                        return rows;
                    },
                    this::hasAllDenied);
            Map<String, String> row = tables.rows("SELECT * FROM denials WHERE reason = 'RISK_MAX_ORDER_QTY'")
                    .get(0);
            assertEquals("default", row.get("account_id"));
            assertEquals("40310012", row.get("code"));
            assertEquals("qty", row.get("field"));
            assertEquals(program.credential("key_id"), row.get("actor"));
            for (String other :
                    List.of("request = 'cancel'", "request = 'replace' AND order_id = '" + UNREADABLE + "'")) {
                Waiting.valueOf(
                        other + " is in Postgres",
                        LONG,
                        () -> tables.rows("SELECT * FROM denials WHERE " + other),
                        rows -> rows.size() == 1);
            }
        }
    }

    private boolean hasAllDenied(Map<String, Integer> recorded) {
        return denied.entrySet().stream().allMatch(each -> recorded.getOrDefault(each.getKey(), 0) >= each.getValue());
    }

    /** A hundred shares cost a fee of some five hundred: more than the account may lose. */
    private void haltByLoss(ApiClient client) throws Exception {
        String resting = place(client, ApiClient.limit("SPY", "buy", "1", "1"));
        client.send("PATCH", LIMITS, "{\"max_daily_loss\":\"100\",\"daily_loss_cancel_open\":true}")
                .ok();
        try (EventStream events = client.events("topics=risk", null)) {
            place(client, ApiClient.market("SPY", "buy", "100"));
            Waiting.until(
                    "the breach is told",
                    SOON,
                    () -> events.events(event -> event.entity() != null
                                            && event.entity()
                                                    .path("event")
                                                    .asText()
                                                    .equals("daily_loss_breached"))
                                    .size()
                            == 1);
        }
        assertDenied(deny(client, ApiClient.market("SPY", "buy", "1")), 403, "RISK_DAILY_LOSS", null);
        Waiting.until(
                "the open order is canceled",
                SOON,
                () -> client.order(resting).path("status").asText().equals("canceled"));
        assertEquals(
                "halted",
                client.get("/v2/system/trading-state").ok().path("account").asText());
    }

    private void checkHaltedStill(ApiClient client) throws Exception {
        JsonNode limits = client.get(LIMITS).ok();
        assertEquals("100", limits.path("limits").path("max_daily_loss").asText(), limits.toString());
        assertEquals(
                "0.25",
                client.get(LIMITS + "/default")
                        .ok()
                        .path("effective")
                        .path("price_collar")
                        .asText());
        assertDenied(deny(client, ApiClient.market("SPY", "buy", "1")), 403, "RISK_DAILY_LOSS", null);
        client.post("/v2/system/trading-state", "{\"state\":\"reducing\",\"account\":\"default\"}")
                .ok();
        place(client, ApiClient.market("SPY", "sell", "1"));
        assertDenied(deny(client, ApiClient.market("SPY", "buy", "1")), 403, "RISK_REDUCING_ONLY", "qty");
        client.post("/v2/system/trading-state", "{\"state\":\"active\",\"account\":\"default\"}")
                .ok();
        Waiting.until("the loss is too large still", SOON, () -> client.get("/v2/system/trading-state")
                .ok()
                .path("account")
                .asText()
                .equals("halted"));
        client.send("PATCH", LIMITS, "{\"max_daily_loss\":\"100000\"}").ok();
        client.post("/v2/system/trading-state", "{\"state\":\"active\",\"account\":\"default\"}")
                .ok();
        place(client, ApiClient.limit("SPY", "buy", "1", "1"));
    }

    private static void awaitNothingOpen(ApiClient client) {
        Waiting.until("nothing is open", SOON, () -> client.get("/v2/orders?status=open")
                .ok()
                .isEmpty());
    }
}
