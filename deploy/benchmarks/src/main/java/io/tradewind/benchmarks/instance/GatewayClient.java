package io.tradewind.benchmarks.instance;

import io.tradewind.benchmarks.BenchException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The few calls that prepare a run. Blocking, on the main thread; the load itself does not go through here. */
public final class GatewayClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int NO_CONTENT = 204;

    private final Instance instance;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    public GatewayClient(Instance instance) {
        this.instance = instance;
    }

    public JsonObject account() {
        return object(get("/v2/account"));
    }

    public JsonArray positions() {
        String body = get("/v2/positions");
        try {
            return new JsonArray(body);
        } catch (DecodeException e) {
            throw unexpected("/v2/positions", body);
        }
    }

    public JsonObject order(String id) {
        return object(get("/v2/orders/" + id));
    }

    /** @throws BenchException when the order is denied */
    public JsonObject placeOrder(JsonObject order) {
        return object(send(request("/v2/orders")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(order.encode()))
                .build()));
    }

    /** Whether a cancel is durable by now; {@code false} when the order is over already. */
    public boolean cancel(String id) {
        HttpResponse<String> response =
                exchange(request("/v2/orders/" + id).DELETE().build());
        if (response.statusCode() >= 500) {
            throw unexpected("DELETE /v2/orders/" + id, response.body());
        }
        return response.statusCode() == NO_CONTENT;
    }

    /** @param admin address of the admin endpoint */
    public String metrics(String admin) {
        return send(HttpRequest.newBuilder(URI.create(admin + "/metrics"))
                .timeout(TIMEOUT)
                .GET()
                .build());
    }

    private String get(String path) {
        return send(request(path).GET().build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(instance.gateway() + path))
                .timeout(TIMEOUT)
                .header("APCA-API-KEY-ID", instance.keyId())
                .header("APCA-API-SECRET-KEY", instance.secretKey());
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw BenchException.notReachable(
                    "no answer from " + instance.gateway() + " to " + request.method() + " "
                            + request.uri().getPath() + ": " + (e.getMessage() == null ? e : e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted while waiting for " + instance.gateway());
        }
    }

    private String send(HttpRequest request) {
        HttpResponse<String> response = exchange(request);
        if (response.statusCode() != 200) {
            throw BenchException.failed(request.method() + " " + request.uri().getPath() + " was answered with "
                    + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static JsonObject object(String body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException e) {
            throw unexpected("the gateway", body);
        }
    }

    private static BenchException unexpected(String from, String body) {
        return BenchException.failed("an answer of " + from + " that is not the expected JSON: " + body);
    }
}
