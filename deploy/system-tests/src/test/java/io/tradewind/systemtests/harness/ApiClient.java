package io.tradewind.systemtests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The HTTP API as a client sees it. Blocking, any thread; every call has a limit. Nobody needs to close it. */
public final class ApiClient {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final URI base;
    private final String keyId;
    private final String secret;

    /** @param keyId {@code null} to send no key at all */
    public ApiClient(URI base, String keyId, String secret) {
        this.base = base;
        this.keyId = keyId;
        this.secret = secret;
    }

    /** An answer, whatever its status. */
    public record Reply(int status, HttpHeaders headers, String body) {

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        /** The body of a request that must have worked. */
        public JsonNode ok() {
            if (status < 200 || status > 299) {
                throw new AssertionError("status " + status + ": " + body);
            }
            return body.isEmpty() ? JSON.nullNode() : json();
        }
    }

    public Reply get(String path) throws IOException {
        return send("GET", path, null);
    }

    public Reply post(String path, String body) throws IOException {
        return send("POST", path, body);
    }

    public Reply delete(String path) throws IOException {
        return send("DELETE", path, null);
    }

    /** @throws IOException when no answer came: what was asked may be done or not */
    public Reply send(String method, String path, String body) throws IOException {
        HttpRequest.Builder request = request(path)
                .timeout(LIMIT)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        try {
            HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(reply.statusCode(), reply.headers(), reply.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        if (keyId != null) {
            request.header("APCA-API-KEY-ID", keyId).header("APCA-API-SECRET-KEY", secret);
        }
        return request;
    }

    /** Follows {@code /v2/events?…}; the caller closes it. Returns when the stream is open. */
    public EventStream events(String query, String lastEventId) throws IOException {
        HttpRequest.Builder request = request("/v2/events?" + query);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return EventStream.open(http, request.build());
    }

    /** The order as it is now. */
    public JsonNode order(String id) throws IOException {
        return get("/v2/orders/" + id).ok();
    }

    public static ObjectNode market(String symbol, String side, String qty) {
        return JSON.createObjectNode()
                .put("symbol", symbol)
                .put("side", side)
                .put("qty", qty)
                .put("type", "market")
                .put("time_in_force", "day");
    }

    public static ObjectNode limit(String symbol, String side, String qty, String price) {
        return market(symbol, side, qty)
                .put("type", "limit")
                .put("time_in_force", "gtc")
                .put("limit_price", price);
    }
}
