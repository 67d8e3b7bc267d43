package io.tradewind.contracts.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {

    private static final long NOW = 1_769_851_800_125L;
    private static final long LATER = NOW + 1_000;

    private static PlaceOrder command(OrderType type) {
        return new PlaceOrder(
                "alice",
                "my-1",
                "AAPL",
                new BigDecimal("10"),
                Side.BUY,
                type,
                TimeInForce.DAY,
                type == OrderType.LIMIT ? new BigDecimal("180.50") : null,
                Priority.NORMAL,
                "key-1",
                "request-1");
    }

    private static Order limitOrder() {
        return Order.accepted("0198", command(OrderType.LIMIT), NOW);
    }

    private static Order throughJson(Order order) {
        return Order.fromJson(order.toJson());
    }

    @ParameterizedTest
    @EnumSource(OrderStatus.class)
    void shouldComeBackFromJsonInEveryStatus(OrderStatus status) {
        Order changed = limitOrder().withStatus(status, LATER, status.isTerminal() ? "because \"so\"" : null);
        assertEquals(changed, throughJson(changed));
        Order filled = limitOrder().withFill(status, new BigDecimal("2.5"), new BigDecimal("180.123456789"), LATER);
        assertEquals(filled, throughJson(filled));
        assertEquals(status.text(), JsonObjects.read(changed.toJson()).get("status"));
    }

    @Test
    void shouldComeBackFromJsonWithEveryKindOfWord() {
        for (Side side : Side.values()) {
            for (TimeInForce time : TimeInForce.values()) {
                for (Priority priority : Priority.values()) {
                    PlaceOrder market = new PlaceOrder(
                            "a",
                            "c",
                            "ETH/USD",
                            new BigDecimal("0.1"),
                            side,
                            OrderType.MARKET,
                            time,
                            null,
                            priority,
                            null,
                            null);
                    Order order = Order.accepted("1", market, NOW);
                    assertEquals(order, throughJson(order));
                }
            }
        }
    }

    @Test
    void shouldUseTheFieldNamesOfTheAlpacaApi() {
        Order order = limitOrder().withFill(OrderStatus.FILLED, new BigDecimal("10"), new BigDecimal("180.25"), LATER);
        String expected = "{\"id\":\"0198\",\"client_order_id\":\"my-1\",\"account_id\":\"alice\","
                + "\"created_at\":\"2026-01-31T09:30:00.125Z\",\"updated_at\":\"2026-01-31T09:30:01.125Z\","
                + "\"submitted_at\":\"2026-01-31T09:30:00.125Z\",\"filled_at\":\"2026-01-31T09:30:01.125Z\","
                + "\"symbol\":\"AAPL\",\"asset_class\":\"us_equity\",\"qty\":\"10\",\"filled_qty\":\"10\","
                + "\"filled_avg_price\":\"180.25\",\"order_class\":\"simple\",\"order_type\":\"limit\","
                + "\"type\":\"limit\",\"side\":\"buy\",\"time_in_force\":\"day\",\"limit_price\":\"180.50\","
                + "\"status\":\"filled\",\"extended_hours\":false,\"priority\":\"normal\",\"executions\":1,"
                + "\"source\":\"key-1\"}";
        assertEquals(expected, order.toJson().toString());
    }

    @Test
    void shouldUseTheStatusesOfTheAlpacaApi() {
        assertEquals(
                Set.of(
                        "accepted",
                        "pending_new",
                        "new",
                        "partially_filled",
                        "filled",
                        "pending_cancel",
                        "canceled",
                        "expired",
                        "rejected"),
                Arrays.stream(OrderStatus.values()).map(OrderStatus::text).collect(Collectors.toSet()));
    }

    @Test
    void shouldTellCryptoFromEquity() {
        PlaceOrder crypto = new PlaceOrder(
                "a",
                "c",
                "BTC/USD",
                BigDecimal.ONE,
                Side.SELL,
                OrderType.MARKET,
                TimeInForce.GTC,
                null,
                Priority.LOW,
                "s",
                "r");
        Map<String, String> fields =
                JsonObjects.read(Order.accepted("1", crypto, NOW).toJson());
        assertEquals("crypto", fields.get("asset_class"));
        assertNull(fields.get("limit_price"));
    }

    @Test
    void shouldSetTheTimeThatGoesWithAStatus() {
        assertEquals(
                LATER,
                limitOrder().withStatus(OrderStatus.CANCELED, LATER, null).canceledAtMs());
        assertEquals(
                LATER, limitOrder().withStatus(OrderStatus.EXPIRED, LATER, null).expiredAtMs());
        assertEquals(
                LATER,
                limitOrder().withStatus(OrderStatus.REJECTED, LATER, null).failedAtMs());
        Order filled = limitOrder().withFill(OrderStatus.FILLED, BigDecimal.TEN, BigDecimal.ONE, LATER);
        assertEquals(LATER, filled.filledAtMs());
        assertEquals(0, filled.canceledAtMs());
        assertEquals(NOW, filled.createdAtMs());
        assertEquals(LATER, filled.updatedAtMs());
        assertEquals(1, filled.executions());
    }

    @Test
    void shouldKnowWhatIsLeft() {
        Order order = limitOrder();
        assertEquals(new BigDecimal("10"), order.leavesQty());
        Order part = order.withFill(OrderStatus.PARTIALLY_FILLED, new BigDecimal("2.5"), BigDecimal.ONE, LATER);
        assertEquals(new BigDecimal("7.5"), part.leavesQty());
    }

    @Test
    void shouldBeForTheCommandThatMadeItHoweverItsNumbersAreWritten() {
        assertTrue(limitOrder().isFor(command(OrderType.LIMIT)));
        assertTrue(Order.accepted("1", command(OrderType.MARKET), NOW).isFor(command(OrderType.MARKET)));
        PlaceOrder sameNumbers = new PlaceOrder(
                "alice",
                "my-1",
                "AAPL",
                new BigDecimal("10.000"),
                Side.BUY,
                OrderType.LIMIT,
                TimeInForce.DAY,
                new BigDecimal("180.5"),
                Priority.NORMAL,
                "another key",
                "another request");
        assertTrue(limitOrder().isFor(sameNumbers));
        assertTrue(throughJson(limitOrder()).isFor(sameNumbers));
    }

    @Test
    void shouldNotBeForAnotherCommand() {
        PlaceOrder same = command(OrderType.LIMIT);
        assertNotFor(with(same, "other", "AAPL", "10", Side.BUY, TimeInForce.DAY, "180.5", Priority.NORMAL));
        assertNotFor(with(same, "my-1", "MSFT", "10", Side.BUY, TimeInForce.DAY, "180.5", Priority.NORMAL));
        assertNotFor(with(same, "my-1", "AAPL", "11", Side.BUY, TimeInForce.DAY, "180.5", Priority.NORMAL));
        assertNotFor(with(same, "my-1", "AAPL", "10", Side.SELL, TimeInForce.DAY, "180.5", Priority.NORMAL));
        assertNotFor(with(same, "my-1", "AAPL", "10", Side.BUY, TimeInForce.GTC, "180.5", Priority.NORMAL));
        assertNotFor(with(same, "my-1", "AAPL", "10", Side.BUY, TimeInForce.DAY, "180.51", Priority.NORMAL));
        assertNotFor(with(same, "my-1", "AAPL", "10", Side.BUY, TimeInForce.DAY, null, Priority.NORMAL));
        assertNotFor(with(same, "my-1", "AAPL", "10", Side.BUY, TimeInForce.DAY, "180.5", Priority.HIGH));
        assertFalse(Order.accepted("1", command(OrderType.MARKET), NOW).isFor(same));
    }

    private static void assertNotFor(PlaceOrder command) {
        assertFalse(limitOrder().isFor(command), command.toString());
    }

    private static PlaceOrder with(
            PlaceOrder like,
            String clientOrderId,
            String symbol,
            String qty,
            Side side,
            TimeInForce time,
            String limit,
            Priority priority) {
        return new PlaceOrder(
                like.accountId(),
                clientOrderId,
                symbol,
                new BigDecimal(qty),
                side,
                limit == null ? OrderType.MARKET : OrderType.LIMIT,
                time,
                limit == null ? null : new BigDecimal(limit),
                priority,
                like.source(),
                like.correlationId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "account_id",
                "client_order_id",
                "symbol",
                "qty",
                "side",
                "type",
                "time_in_force",
                "priority",
                "status",
                "filled_qty",
                "executions"
            })
    void shouldNameAMissingField(String field) {
        String whole = limitOrder().toJson().toString();
        Json json = Json.of(whole.replaceFirst("\"" + field + "\":", "\"other\":"));
        String message = assertThrows(IllegalArgumentException.class, () -> Order.fromJson(json))
                .getMessage();
        assertTrue(message.startsWith("not an order: " + field + " is missing"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"status:accepted", "side:buy", "type:limit", "time_in_force:day", "priority:normal", "qty:10"})
    void shouldRefuseAnUnknownWord(String fieldAndValue) {
        String[] parts = fieldAndValue.split(":", 2);
        String whole = limitOrder().toJson().toString();
        String changed =
                whole.replace("\"" + parts[0] + "\":\"" + parts[1] + "\"", "\"" + parts[0] + "\":\"SOMETHING\"");
        assertThrows(IllegalArgumentException.class, () -> Order.fromJson(Json.of(changed)), changed);
    }

    @Test
    void shouldRefuseACommandThatMakesNoOrder() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PlaceOrder(
                        "a",
                        "c",
                        "AAPL",
                        BigDecimal.ONE,
                        Side.BUY,
                        OrderType.MARKET,
                        TimeInForce.DAY,
                        BigDecimal.ONE,
                        Priority.LOW,
                        "s",
                        "r"));
        assertThrows(
                NullPointerException.class,
                () -> new PlaceOrder(
                        null,
                        "c",
                        "AAPL",
                        BigDecimal.ONE,
                        Side.BUY,
                        OrderType.MARKET,
                        TimeInForce.DAY,
                        null,
                        Priority.LOW,
                        "s",
                        "r"));
    }

    @Test
    void shouldHaveOneDenialCodePerCaseWithItsHttpStatus() {
        assertEquals(
                DenialCode.values().length,
                Arrays.stream(DenialCode.values())
                        .map(DenialCode::apiCode)
                        .distinct()
                        .count());
        Set<Integer> statuses = Set.of(400, 403, 404, 409, 422, 429, 503, 504);
        for (DenialCode code : DenialCode.values()) {
            assertTrue(statuses.contains(code.httpStatus()), code + " " + code.httpStatus());
        }
    }
}
