package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Query parameters and small bodies. */
class RequestsTest {

    @Test
    void shouldAskForFiftyOpenOrdersNewestFirstByDefault() {
        OrderQuery query = OrderQuery.parse(name -> null);

        assertEquals(OrderQuery.Status.OPEN, query.status());
        assertEquals(50, query.limit());
        assertTrue(query.descending());
        assertNull(query.startId());
        assertTrue(query.isPlain());
    }

    @ParameterizedTest
    @CsvSource({
        "status,pending",
        "limit,0",
        "limit,501",
        "limit,ten",
        "direction,up",
        "side,hold",
        "after,yesterday",
        "until,2026-13-01"
    })
    void shouldRefuseAWrongOrderQueryAndNameTheParameter(String name, String value) {
        ApiException refused =
                assertThrows(ApiException.class, () -> OrderQuery.parse(n -> n.equals(name) ? value : null));

        assertEquals(422, refused.error().status());
        assertEquals(name, refused.error().field());
    }

    @Test
    void shouldMatchByStatusSymbolSideAndTime() {
        Json order = Json.of("{\"status\":\"filled\",\"symbol\":\"AAPL\",\"side\":\"buy\","
                + "\"submitted_at\":\"2026-01-31T12:00:00Z\"}");

        assertTrue(query(Map.of("status", "closed")).matches(order));
        assertFalse(query(Map.of("status", "open")).matches(order));
        assertTrue(query(Map.of("status", "all", "symbols", "MSFT,AAPL")).matches(order));
        assertFalse(query(Map.of("status", "all", "symbols", "MSFT")).matches(order));
        assertFalse(query(Map.of("status", "all", "side", "sell")).matches(order));
        assertTrue(query(Map.of("status", "all", "after", "2026-01-31")).matches(order));
        assertFalse(
                query(Map.of("status", "all", "after", "2026-01-31T12:00:00Z")).matches(order));
        assertTrue(
                query(Map.of("status", "all", "until", "2026-01-31T12:00:00Z")).matches(order));
        assertFalse(
                query(Map.of("status", "all", "until", "2026-01-31T11:59:59Z")).matches(order));
    }

    @Test
    void shouldBeginWhereTheIdsOfTheTimeAre() {
        Instant until = Instant.parse("2026-01-31T12:00:00Z");
        OrderQuery query = query(Map.of("status", "all", "until", until.toString(), "after", "2026-01-31"));
        String within = OrderQuery.idAt(until.toEpochMilli()) + "-7fff-8000-000000000000";
        String longBefore = OrderQuery.idAt(until.toEpochMilli() - 86_400_000) + "-7000-8000-000000000000";

        assertTrue(query.startId().compareTo(within) > 0);
        assertFalse(query.isPast(within));
        assertTrue(query.isPast(longBefore));
    }

    @Test
    void shouldAskForTheTopicsOfTheAccountByDefault() {
        StreamRequest request = StreamRequest.parse(name -> null, null);

        assertEquals(EnumSet.of(Topic.ORDERS, Topic.POSITIONS, Topic.ACCOUNT), EnumSet.copyOf(request.topics()));
        assertNull(request.since());
        assertFalse(request.snapshot());
    }

    @Test
    void shouldPreferTheHeaderAndLeaveTheSnapshotOutWhenItGoesOn() {
        Map<String, String> parameters = Map.of("since", "1:1.0", "snapshot", "true", "topics", "market");

        StreamRequest request = StreamRequest.parse(parameters::get, "2:5.1");

        assertEquals("2:5.1", request.since().text());
        assertFalse(request.snapshot());
    }

    @ParameterizedTest
    @CsvSource({"topics,'orders,gossip',422", "throttle,-1,422", "throttle,60001,422", "snapshot,yes,422", "since,7,400"
    })
    void shouldRefuseAWrongStreamRequest(String name, String value, int status) {
        ApiException refused =
                assertThrows(ApiException.class, () -> StreamRequest.parse(n -> n.equals(name) ? value : null, null));

        assertEquals(status, refused.error().status());
        assertEquals(name, refused.error().field());
    }

    @Test
    void shouldReadSmallBodiesStrictly() {
        RequestBody body = body("{\"a\":\"x\",\"b\":true,\"c\":{\"p\":5,\"q\":\"y\"}}");

        assertEquals("x", body.text("a"));
        assertTrue(body.flag("b"));
        assertEquals(Map.of("p", "5", "q", "y"), body.texts("c"));
        assertFalse(body("{}").flag("b"));
        assertNull(body("{\"a\":null}").text("a"));
        for (String wrong : new String[] {"", "[]", "{", "{} 1", "{\"a\":\"x\",\"a\":\"y\"}"}) {
            assertEquals(
                    400,
                    assertThrows(ApiException.class, () -> body(wrong)).error().status(),
                    wrong);
        }
        for (String wrong : new String[] {"{\"z\":1}", "{\"a\":[1]}", "{\"c\":{\"p\":[]}}"}) {
            assertEquals(
                    422,
                    assertThrows(ApiException.class, () -> body(wrong)).error().status(),
                    wrong);
        }
        assertThrows(ApiException.class, () -> body("{\"a\":1}").text("a"));
        assertThrows(ApiException.class, () -> body("{\"b\":\"true\"}").flag("b"));
        assertThrows(ApiException.class, () -> body("{}").requiredText("a"));
    }

    @Test
    void shouldRoundRetryAfterUpToWholeSeconds() {
        ApiError error = ApiError.unavailable("away");

        assertEquals(1, error.retryAfterSeconds());
        assertEquals(2, error.retryAfter(1_001).retryAfterSeconds());
        assertEquals(0, error.retryAfter(0).retryAfterSeconds());
        assertEquals(503, error.status());
    }

    private static OrderQuery query(Map<String, String> parameters) {
        return OrderQuery.parse(new HashMap<>(parameters)::get);
    }

    private static RequestBody body(String json) {
        return RequestBody.parse(json.getBytes(StandardCharsets.UTF_8), Set.of("a", "b", "c"));
    }
}
