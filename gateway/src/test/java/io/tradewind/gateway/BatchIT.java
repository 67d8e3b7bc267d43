package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many orders in one request, over a real socket: a result per line, in order, whatever is wrong with some of them. */
@Timeout(300)
class BatchIT {

    private static final String PATH = "/v2/orders/batch";

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
    void shouldAnswerEachLineInOrder() throws Exception {
        RawHttp.Reply reply = send(String.join(
                "\n",
                order("a", "AAPL"),
                "{not json",
                "",
                order("b", "NOPE"),
                "   ",
                order("c", "MSFT"),
                order("a", "AAPL"),
                order("d", "HAZY")));

        assertEquals(200, reply.status());
        assertEquals("application/x-ndjson", reply.header("content-type"));
        List<JsonObject> results = results(reply);
        assertEquals(6, results.size(), reply.body());
        assertEquals("a", results.get(0).getString("client_order_id"));
        assertEquals("accepted", results.get(0).getString("status"));
        assertEquals(40010000, results.get(1).getInteger("code"));
        assertEquals(42210010, results.get(2).getInteger("code"));
        assertEquals("b", results.get(2).getString("client_order_id"));
        assertEquals("accepted", results.get(3).getString("status"));
        assertEquals(results.get(0), results.get(4), "the same order once more");
        assertEquals(50410000, results.get(5).getInteger("code"));
        assertEquals(200, send(order("e", "AAPL")).status(), "the connection lives on");
    }

    @Test
    void shouldPassManyOrdersOnTogether() throws Exception {
        int orders = 2 * 4_096 + 17;
        String body = IntStream.range(0, orders)
                .mapToObj(i -> order("many-" + i, "AAPL"))
                .collect(Collectors.joining("\n", "", "\n"));

        List<JsonObject> results = results(send(body));

        assertEquals(orders, results.size());
        for (int i = 0; i < orders; i++) {
            assertEquals("many-" + i, results.get(i).getString("client_order_id"));
            assertEquals(
                    "accepted",
                    results.get(i).getString("status"),
                    results.get(i).encode());
        }
        int messages = bed.orders.batches().size();
        assertTrue(messages < orders / 10, messages + " messages for " + orders + " orders");
    }

    @Test
    void shouldWriteNothingBeforeItIsDurableAndReadNoMoreThanItHolds() throws Exception {
        bed.orders.hold();
        http.write("POST " + PATH + " HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n" + headers() + "\r\n");
        chunk(order("x", "AAPL") + "\n" + order("y", "AA").substring(0, 20));
        GatewayBed.until("the first order is passed on", () -> bed.orders.heldBatches() == 1);
        chunk(order("y", "AA").substring(20));
        http.write("0\r\n\r\n");
        GatewayBed.until("the second, whose line ended with the request", () -> bed.orders.heldBatches() == 2);
        bed.orders.release();
        List<JsonObject> results = results(http.read());
        assertEquals(
                List.of("x", "y"),
                results.stream().map(r -> r.getString("client_order_id")).toList());
    }

    @Test
    void shouldRefuseALineThatIsTooLongAndTakeTheNext() throws Exception {
        List<JsonObject> results = results(
                send(order("f", "AAPL") + "\n" + " ".repeat(65_537) + order("g", "AAPL") + "\n" + order("h", "AAPL")));
        assertEquals(3, results.size());
        assertEquals("f", results.get(0).getString("client_order_id"));
        assertEquals(41310000, results.get(1).getInteger("code"));
        assertEquals("h", results.get(2).getString("client_order_id"));
    }

    @Test
    void shouldTakeNoMoreThanItsLimit() throws Exception {
        String body = (order("same", "AAPL") + "\n").repeat(10_003);
        List<JsonObject> results = results(send(body));
        assertEquals(10_001, results.size());
        assertEquals("accepted", results.get(9_999).getString("status"));
        assertEquals(41310000, results.get(10_000).getInteger("code"));
        assertEquals(200, send(order("next", "AAPL")).status(), "the connection lives on");
    }

    @Test
    void shouldAskForAKeyThatTradesAndForTheRightMethod() throws Exception {
        assertEquals(401, http.send("POST", PATH, Map.of(), order("i", "AAPL")).status());
        assertEquals(
                403,
                http.send("POST", PATH, GatewayBed.READ_KEY, order("i", "AAPL")).status());
        RawHttp.Reply wrongMethod = http.send("GET", PATH, GatewayBed.KEY, null);
        assertEquals(405, wrongMethod.status());
        assertEquals("POST", wrongMethod.header("allow"));
        assertEquals(List.of(), results(send("\n\n")), "no orders, no results");
    }

    private RawHttp.Reply send(String body) throws Exception {
        return http.send("POST", PATH, GatewayBed.KEY, body);
    }

    private void chunk(String text) throws Exception {
        http.write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    private static String headers() {
        return GatewayBed.KEY.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .collect(Collectors.joining());
    }

    private static String order(String clientOrderId, String symbol) {
        return "{\"symbol\":\"" + symbol
                + "\",\"qty\":\"10\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\","
                + "\"client_order_id\":\"" + clientOrderId + "\"}";
    }

    private static List<JsonObject> results(RawHttp.Reply reply) {
        return reply.body().lines().map(JsonObject::new).toList();
    }
}
