package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.RawHttp;
import io.tradewind.systemtests.harness.SharedTradewind;
import io.tradewind.systemtests.harness.TradewindProcess;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is wrong is refused with the right code, and neither the connection nor the service suffers from it. */
@ExtendWith(SharedTradewind.class)
@Timeout(300)
class BadRequestsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_LARGE = 70 * 1024;

    /** @param statuses any of them is right */
    private record Wrong(String what, String body, List<Integer> statuses) {}

    private static Wrong order(String what, String fields, Integer... statuses) {
        return new Wrong(
                what,
                "{\"symbol\":\"SPY\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\"," + fields + "}",
                List.of(statuses));
    }

    private static final List<Wrong> WRONG_ORDERS = List.of(
            new Wrong("nothing", "", List.of(400)),
            new Wrong("no JSON", "{\"symbol\": ", List.of(400)),
            new Wrong("no object", "[1,2]", List.of(400)),
            new Wrong("two objects", "{} {}", List.of(400, 422)),
            new Wrong("no fields", "{}", List.of(422)),
            new Wrong("binary", "\u0000\u0001\u0002", List.of(400)),
            order("unknown field", "\"qty\":\"1\",\"quantity\":\"1\"", 422),
            order("field twice", "\"qty\":\"1\",\"qty\":\"2\"", 400, 422),
            order("negative", "\"qty\":\"-1\"", 422),
            order("zero", "\"qty\":\"0\"", 422),
            order("absurdly large", "\"qty\":\"" + "9".repeat(400) + "\"", 422),
            order("exponent", "\"qty\":1e999999999", 400, 422),
            order("exponent in text", "\"qty\":\"1e9\"", 422),
            order("not a number", "\"qty\":\"NaN\"", 422),
            order("number of another kind", "\"qty\":[1]", 400, 422),
            order("more than anybody has", "\"qty\":\"999999999\"", 403, 422),
            order("limit of a market order", "\"qty\":\"1\",\"limit_price\":\"5\"", 422),
            order("unknown priority", "\"qty\":\"1\",\"priority\":\"urgent\"", 422),
            order("id too long", "\"qty\":\"1\",\"client_order_id\":\"" + "x".repeat(129) + "\"", 422),
            new Wrong("unknown side", ApiClient.market("SPY", "hold", "1").toString(), List.of(422)),
            new Wrong("unknown symbol", ApiClient.market("NOSUCH", "buy", "1").toString(), List.of(422)),
            new Wrong(
                    "limit without price",
                    ApiClient.market("SPY", "buy", "1").put("type", "limit").toString(),
                    List.of(422)),
            new Wrong("negative price", ApiClient.limit("SPY", "buy", "1", "-5").toString(), List.of(422)));

    @Test
    void shouldRefuseWrongOrdersOnOneConnectionThatLivesOn(TradewindProcess program) throws Exception {
        try (RawHttp connection = RawHttp.open(program)) {
            for (Wrong wrong : WRONG_ORDERS) {
                RawHttp.Reply reply = connection.send("POST", "/v2/orders", wrong.body());
                assertTrue(wrong.statuses().contains(reply.status()), wrong.what() + ": " + reply);
                assertSaysWhy(reply, wrong.what());
            }
            RawHttp.Reply right = connection.send(
                    "POST", "/v2/orders", ApiClient.market("SPY", "buy", "1").toString());
            assertEquals(200, right.status(), right.toString());
        }
    }

    @Test
    void shouldRefuseWrongRequestsOnOneConnectionThatLivesOn(TradewindProcess program) throws Exception {
        try (RawHttp connection = RawHttp.open(program)) {
            assertRefused(404, connection.send("GET", "/v2/nothing", ""));
            assertRefused(404, connection.send("GET", "/v2/orders/00000000-0000-7000-8000-000000000000", ""));
            assertRefused(404, connection.send("GET", "/v2/../etc/passwd", ""));
            RawHttp.Reply method = connection.send("PUT", "/v2/account", "{}");
            assertRefused(405, method);
            assertTrue(method.headers().get("allow").contains("GET"), method.toString());
            assertRefused(422, connection.send("GET", "/v2/orders?limit=-1", ""));
            assertRefused(422, connection.send("GET", "/v2/orders?status=lost", ""));
            assertRefused(422, connection.send("GET", "/v2/events?topics=weather", ""));
            assertRefused(413, connection.send("POST", "/v2/orders", "x".repeat(TOO_LARGE)));
            assertRefused(413, connection.send("POST", "/v2/system/trading-state", "x".repeat(TOO_LARGE)));
            assertRefused(422, connection.send("POST", "/v2/system/trading-state", "{\"state\":\"asleep\"}"));
            assertEquals(200, connection.send("GET", "/v2/account", "").status());
        }
    }

    @Test
    void shouldRefuseWrongOrMissingKeys(TradewindProcess program) throws IOException {
        String order = ApiClient.market("SPY", "buy", "1").toString();
        String keyId = program.credential("key_id");
        for (ApiClient stranger : List.of(
                new ApiClient(program.gateway(), null, null),
                new ApiClient(program.gateway(), keyId, "guessed"),
                new ApiClient(program.gateway(), "NOSUCHKEY", program.credential("secret_key")))) {
            assertRefused(401, stranger.post("/v2/orders", order));
            assertRefused(401, stranger.get("/v2/account"));
            assertRefused(401, stranger.get("/v2/events"));
            assertRefused(401, stranger.delete("/v2/orders"));
        }
    }

    @Test
    void shouldAnswerWhatIsNotHttpAndServeOthersOn(TradewindProcess program) throws Exception {
        try (RawHttp connection = RawHttp.open(program)) {
            assertRefused(400, connection.sendBytes("HELO tradewind\r\n\r\n"));
        }
        try (RawHttp connection = RawHttp.open(program)) {
            RawHttp.Reply reply = connection.sendBytes("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertRefused(414, reply);
        }
        assertEquals(200, program.client().get("/v2/account").status());
        assertTrue(program.isAlive());
    }

    private static void assertRefused(int status, RawHttp.Reply reply) throws IOException {
        assertEquals(status, reply.status(), reply.toString());
        assertSaysWhy(reply, "status " + status);
    }

    private static void assertRefused(int status, ApiClient.Reply reply) throws IOException {
        assertRefused(status, new RawHttp.Reply(reply.status(), java.util.Map.of(), reply.body()));
    }

    /** {@code {"code": …, "message": …}}, and the code begins with the status. */
    private static void assertSaysWhy(RawHttp.Reply reply, String what) throws IOException {
        JsonNode error = JSON.readTree(reply.body());
        assertEquals(reply.status(), error.path("code").asInt() / 100_000, what + ": " + reply.body());
        assertFalse(error.path("message").asText().isBlank(), what + ": " + reply.body());
        assertFalse(reply.body().contains("Exception"), what + ": " + reply.body());
    }
}
