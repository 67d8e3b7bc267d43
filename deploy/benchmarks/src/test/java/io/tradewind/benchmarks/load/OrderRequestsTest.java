package io.tradewind.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderRequestsTest {

    private static final Map<String, BigDecimal> PRICES = prices();

    @Test
    void shouldBuyAndSellEachSymbolInTurn() {
        OrderRequests requests = requests(0);
        Map<String, Integer> positions = new HashMap<>();
        for (int seq = 0; seq < 1_000; seq++) {
            JsonObject order = body(requests, seq);
            assertEquals("market", order.getString("type"));
            int change = order.getString("side").equals("buy") ? 1 : -1;
            int position = positions.merge(order.getString("symbol"), change, Integer::sum);
            assertTrue(position == 0 || position == 1, order + " makes " + position);
        }
        assertEquals(PRICES.keySet(), positions.keySet());
    }

    @Test
    void shouldNumberTheClientOrderIds() {
        OrderRequests requests = requests(0);
        assertEquals("run-000000000", body(requests, 0).getString("client_order_id"));
        assertEquals("run-004999999", body(requests, Pace.MAX_ORDERS - 1).getString("client_order_id"));
    }

    @Test
    void shouldPriceLimitOrdersToFillAtOnceAndSendTheShareAskedFor() {
        OrderRequests requests = requests(0.25);
        int limits = 0;
        for (int seq = 0; seq < 1_000; seq++) {
            JsonObject order = body(requests, seq);
            if (order.getString("type").equals("limit")) {
                limits++;
                BigDecimal last = PRICES.get(order.getString("symbol"));
                int side = new BigDecimal(order.getString("limit_price")).compareTo(last);
                assertEquals(order.getString("side").equals("buy") ? 1 : -1, side);
            }
        }
        assertEquals(250, limits);
    }

    @Test
    void shouldWriteACompleteRequest() {
        ByteBuf out = Unpooled.buffer();
        requests(0).write(0, out);
        String text = out.toString(StandardCharsets.US_ASCII);
        assertTrue(text.startsWith("POST /v2/orders HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n"), text);
        assertTrue(text.contains("APCA-API-KEY-ID: key\r\nAPCA-API-SECRET-KEY: secret\r\n"), text);
        int length = text.length() - text.indexOf("\r\n\r\n") - 4;
        assertTrue(text.contains("content-length: " + length + "\r\n"), text);
        assertTrue(text.length() <= LoadGenerator.REQUEST_BYTES, "grows its buffer: " + text.length());
    }

    private static JsonObject body(OrderRequests requests, int seq) {
        ByteBuf out = Unpooled.buffer();
        requests.write(seq, out);
        String text = out.toString(StandardCharsets.US_ASCII);
        return new JsonObject(text.substring(text.indexOf("\r\n\r\n") + 4));
    }

    private static OrderRequests requests(double limitShare) {
        return new OrderRequests(
                Target.of("http://127.0.0.1:8080"), "key", "secret", "run-", PRICES, BigDecimal.ONE, limitShare);
    }

    private static Map<String, BigDecimal> prices() {
        Map<String, BigDecimal> prices = new LinkedHashMap<>();
        prices.put("AAPL", new BigDecimal("190.12"));
        prices.put("MSFT", new BigDecimal("411"));
        prices.put("BTC/USD", new BigDecimal("91000.5"));
        return prices;
    }
}
