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
                        "rejected",
                        "held",
                        "pending_replace",
                        "replaced",
                        "done_for_day",
                        "suspended"),
                Arrays.stream(OrderStatus.values()).map(OrderStatus::text).collect(Collectors.toSet()));
    }

    /** Terms with a value in every field that can be there at once. */
    private static OrderTerms full(OrderType type, boolean percent) {
        boolean trails = type == OrderType.TRAILING_STOP;
        return OrderTerms.of("AAPL", Side.SELL)
                .qty(new BigDecimal("10"))
                .notional(new BigDecimal("1800.5"))
                .type(type)
                .timeInForce(TimeInForce.GTC)
                .limitPrice(type.hasLimit() ? new BigDecimal("180.50") : null)
                .stopPrice(type.hasStop() ? new BigDecimal("181.25") : null)
                .trailPrice(trails && !percent ? new BigDecimal("1.5") : null)
                .trailPercent(trails && percent ? new BigDecimal("0.5") : null)
                .exits(new OrderExits(
                        OrderClass.BRACKET, new BigDecimal("170"), new BigDecimal("190"), new BigDecimal("191")))
                .priority(Priority.HIGH)
                .build();
    }

    @ParameterizedTest
    @EnumSource(OrderType.class)
    void shouldComeBackFromJsonWithEveryField(OrderType type) {
        for (boolean percent : new boolean[] {false, true}) {
            OrderLinks links = new OrderLinks("parent", "profit", "loss", "before", "after");
            Order order = Order.create("1", "a", "c", full(type, percent), "key", OrderStatus.HELD, links, NOW)
                    .withTrigger(LATER)
                    .withStatus(OrderStatus.REPLACED, LATER, "replaced");
            assertEquals(order, throughJson(order));
            assertEquals(LATER, order.times().replacedAtMs());
            Order trailing = order.withHwm(new BigDecimal("200"), LATER);
            assertEquals(trailing, throughJson(trailing));
        }
    }

    @Test
    void shouldFollowTheMarketWithTheStopPriceOfATrailingStop() {
        Order byPrice = Order.create(
                "1", "a", "c", full(OrderType.TRAILING_STOP, false), "k", OrderStatus.NEW, OrderLinks.NONE, NOW);
        assertNull(byPrice.stopPrice());
        assertNull(JsonObjects.read(byPrice.toJson()).get("stop_price"));
        assertEquals(
                new BigDecimal("198.5"),
                byPrice.withHwm(new BigDecimal("200"), LATER).stopPrice());
        Order byPercent = Order.create(
                        "1", "a", "c", full(OrderType.TRAILING_STOP, true), "k", OrderStatus.NEW, OrderLinks.NONE, NOW)
                .withHwm(new BigDecimal("200"), LATER);
        assertEquals(new BigDecimal("199"), byPercent.stopPrice());
        assertEquals("199", JsonObjects.read(byPercent.toJson()).get("stop_price"));
        Order buys = Order.create(
                        "1",
                        "a",
                        "c",
                        OrderTerms.of("AAPL", Side.BUY)
                                .qty(BigDecimal.ONE)
                                .type(OrderType.TRAILING_STOP)
                                .trailPrice(BigDecimal.TEN)
                                .build(),
                        "k",
                        OrderStatus.NEW,
                        OrderLinks.NONE,
                        NOW)
                .withHwm(new BigDecimal("200"), LATER);
        assertEquals(new BigDecimal("210"), buys.stopPrice());
    }

    @ParameterizedTest
    @EnumSource(OrderType.class)
    void shouldWorkAsWhatItsTriggerMakesOfIt(OrderType type) {
        Order order = Order.create("1", "a", "c", full(type, true), "k", OrderStatus.NEW, OrderLinks.NONE, NOW);
        assertEquals(type, order.workingType());
        boolean limited = type == OrderType.LIMIT || type == OrderType.STOP_LIMIT;
        assertEquals(
                limited ? OrderType.LIMIT : OrderType.MARKET,
                order.withTrigger(LATER).workingType());
    }

    @Test
    void shouldReadADocumentOfTheFirstRelease() {
        String first = "{\"id\":\"0198\",\"client_order_id\":\"my-1\",\"account_id\":\"alice\","
                + "\"created_at\":\"2026-01-31T09:30:00.125Z\",\"updated_at\":\"2026-01-31T09:30:00.125Z\","
                + "\"submitted_at\":\"2026-01-31T09:30:00.125Z\",\"symbol\":\"AAPL\","
                + "\"asset_class\":\"us_equity\",\"qty\":\"10\",\"filled_qty\":\"0\",\"order_class\":\"simple\","
                + "\"order_type\":\"limit\",\"type\":\"limit\",\"side\":\"buy\",\"time_in_force\":\"day\","
                + "\"limit_price\":\"180.50\",\"status\":\"accepted\",\"extended_hours\":false,"
                + "\"priority\":\"normal\",\"executions\":0,\"source\":\"key-1\"}";
        assertEquals(limitOrder(), Order.fromJson(Json.of(first)));
        assertEquals(first, limitOrder().toJson().toString());
    }

    @Test
    void shouldRefuseTermsThatDoNotGoTogether() {
        OrderTerms.Builder terms = OrderTerms.of("AAPL", Side.BUY);
        assertThrows(IllegalArgumentException.class, terms::build, "no quantity");
        terms.qty(BigDecimal.ONE).build();
        for (OrderType type : OrderType.values()) {
            terms.type(type).limitPrice(type.hasLimit() ? null : BigDecimal.ONE);
            assertThrows(IllegalArgumentException.class, terms::build, type + " and its limit price");
            terms.limitPrice(type.hasLimit() ? BigDecimal.ONE : null).stopPrice(type.hasStop() ? null : BigDecimal.ONE);
            assertThrows(IllegalArgumentException.class, terms::build, type + " and its stop price");
            terms.stopPrice(type.hasStop() ? BigDecimal.ONE : null);
            boolean trails = type == OrderType.TRAILING_STOP;
            terms.trailPrice(trails ? null : BigDecimal.ONE);
            assertThrows(IllegalArgumentException.class, terms::build, type + " and its trail");
            terms.trailPrice(trails ? BigDecimal.ONE : null).build();
        }
        terms.type(OrderType.TRAILING_STOP).trailPercent(BigDecimal.ONE);
        assertThrows(IllegalArgumentException.class, terms::build, "two trails");
        BigDecimal one = BigDecimal.ONE;
        assertThrows(IllegalArgumentException.class, () -> new OrderExits(OrderClass.SIMPLE, one, null, null));
        assertThrows(IllegalArgumentException.class, () -> new OrderExits(OrderClass.BRACKET, one, null, null));
        assertThrows(IllegalArgumentException.class, () -> new OrderExits(OrderClass.OCO, null, one, null));
        assertThrows(IllegalArgumentException.class, () -> new OrderExits(OrderClass.OTO, one, one, null));
        assertThrows(IllegalArgumentException.class, () -> new OrderExits(OrderClass.OTO, one, null, one));
    }

    @Test
    void shouldBeForANotionalHoweverMuchThatCameTo() {
        OrderTerms asked = OrderTerms.of("AAPL", Side.BUY)
                .notional(new BigDecimal("100.0"))
                .build();
        PlaceOrder command = new PlaceOrder("alice", "c", asked, "key", "request");
        Order order = Order.accepted("1", command.withTerms(asked.withQty(BigDecimal.ONE)), NOW);
        assertTrue(order.isFor(command));
        assertTrue(throughJson(order).isFor(command));
        assertFalse(order.isFor(command.withTerms(
                asked.toBuilder().notional(new BigDecimal("101")).build())));
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
                limitOrder()
                        .withStatus(OrderStatus.CANCELED, LATER, null)
                        .times()
                        .canceledAtMs());
        assertEquals(
                LATER,
                limitOrder()
                        .withStatus(OrderStatus.EXPIRED, LATER, null)
                        .times()
                        .expiredAtMs());
        assertEquals(
                LATER,
                limitOrder()
                        .withStatus(OrderStatus.REJECTED, LATER, null)
                        .times()
                        .failedAtMs());
        Order filled = limitOrder().withFill(OrderStatus.FILLED, BigDecimal.TEN, BigDecimal.ONE, LATER);
        assertEquals(LATER, filled.times().filledAtMs());
        assertEquals(0, filled.times().canceledAtMs());
        assertEquals(NOW, filled.times().createdAtMs());
        assertEquals(LATER, filled.times().updatedAtMs());
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
