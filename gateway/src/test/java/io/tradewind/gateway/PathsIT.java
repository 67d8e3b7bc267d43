package io.tradewind.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Domains;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which paths there are, to the letter, and what is said about the others. */
@Timeout(300)
class PathsIT {

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
    void shouldDecodeTheVariablePart() throws Exception {
        bed.state.put(Domains.POSITION, GatewayBed.ACCOUNT, "A B/C+D:E", "{\"qty\":\"1\"}");

        for (String path : List.of("A%20B%2FC+D:E", "%41%20B%2fC%2bD%3aE")) {
            RawHttp.Reply reply = send("GET", "/v2/positions/" + path);
            assertEquals("{\"qty\":\"1\"}", reply.body(), path);
        }
        for (String path : List.of("%", "%4", "%zz")) {
            refused(400, "REQUEST_MALFORMED", send("GET", "/v2/positions/" + path));
        }
    }

    @Test
    void shouldKnowNoPathThatIsNearlyOne() throws Exception {
        for (String path : List.of(
                "/v2",
                "/v2/orders/",
                "/v2/orders/a/b",
                "/v2/orders/a/",
                "/v2/orders:other",
                "/v2//orders",
                "/v2/./orders",
                "/v2/x/../orders",
                "/v2/%6frders",
                "/v2/strategies//start",
                "/v2/openapi.json",
                "/openapiXjson")) {
            // Above all no DELETE whose id was forgotten: it would cancel all orders.
            for (String method : List.of("GET", "DELETE", "POST")) {
                refused(404, "PATH_UNKNOWN", send(method, path));
            }
        }
    }

    @Test
    void shouldSayWhatAPathTakes() throws Exception {
        Map<String, String> allowed = Map.of(
                "/v2/orders", "POST, GET, DELETE",
                "/v2/orders/a", "GET, PATCH, DELETE",
                "/v2/orders:by_client_order_id", "GET",
                "/v2/session", "GET, POST, DELETE",
                "/v2/strategies/a/start", "POST",
                "/", "GET");
        for (Map.Entry<String, String> entry : allowed.entrySet()) {
            for (String method : List.of("PUT", "PATCH", "OPTIONS", "MADEUP")) {
                if (entry.getValue().contains(method)) {
                    continue;
                }
                RawHttp.Reply reply = http.send(method, entry.getKey(), Map.of(), null);
                refused(405, "METHOD_NOT_ALLOWED", reply);
                assertEquals(entry.getValue(), reply.header("allow"));
            }
        }
        assertEquals(405, send("HEAD", "/v2/tickets").status());
        assertEquals("GET", send("HEAD", "/v2/events").header("allow"));
        assertEquals(200, send("HEAD", "/v2/orders").status());
    }

    @Test
    void shouldNameEveryRequest() throws Exception {
        List<RawHttp.Reply> replies = List.of(
                send("GET", "/v2/clock"),
                send("GET", "/nothing"),
                send("PUT", "/v2/clock"),
                send("GET", "/v2/orders/%zz"),
                http.send("POST", "/v2/session", Map.of(), "x".repeat(100_000)));

        assertEquals(
                replies.size(),
                replies.stream()
                        .map(reply -> reply.header("x-request-id"))
                        .filter(id -> id != null)
                        .distinct()
                        .count());
    }

    @Test
    void shouldRefuseARequestWithoutAHost() throws Exception {
        http.write("GET /health HTTP/1.1\r\n\r\n");

        refused(400, "REQUEST_MALFORMED", http.read());
        assertEquals(200, send("GET", "/health").status());
    }

    @Test
    void shouldHideWhatWentWrongInside() throws Exception {
        bed.state.put(Domains.POSITION, GatewayBed.ACCOUNT, "BAD", "not json");

        RawHttp.Reply reply = send("GET", "/v2/positions/BAD");

        refused(500, "INTERNAL_ERROR", reply);
        assertFalse(reply.body().contains("Exception"));
        assertTrue(bed.kit.meters().get("tradewind_gateway_failures").counter().count() >= 1);
    }

    private RawHttp.Reply send(String method, String path) throws Exception {
        return http.send(method, path, GatewayBed.KEY, null);
    }

    private static void refused(int status, String reason, RawHttp.Reply reply) {
        assertEquals(status, reply.status(), reply.body());
        assertEquals(reason, new JsonObject(reply.body()).getString("reason"));
    }
}
