package io.tradewind.benchmarks.baseline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A server that takes an order and acknowledges it durably, and does nothing else: parses the JSON, encodes an order,
 * appends it to a Redis stream together with all others of the moment, answers with the order. No authentication, no
 * risk check, no queue, no broker, no events.
 *
 * <p>One event loop each; several share the port. Redis lost: every request is answered with 503 from then on.
 */
final class BaselineVerticle extends VerticleBase {

    private static final JsonFactory JSON = new JsonFactory();
    /** Vert.x takes a negative port for a free one that all instances of a deployment share. */
    private static final int SHARED_FREE_PORT = -1;

    private static final String CONTENT_TYPE = "application/json";

    private final String redisUri;
    private final String key;
    private Redis redis;
    private HttpServer server;
    private GroupCommit log;

    BaselineVerticle(String redisUri, String key) {
        this.redisUri = redisUri;
        this.key = key;
    }

    @Override
    public Future<?> start() {
        redis = Redis.createClient(
                vertx, new RedisOptions().setConnectionString(redisUri).setProtocolNegotiation(false));
        return redis.connect().compose(connection -> {
            log = new GroupCommit(connection, key);
            server = vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                    .requestHandler(this::handle);
            return server.listen(SHARED_FREE_PORT, "127.0.0.1");
        });
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public Future<?> stop() {
        return server.close().eventually(redis::close);
    }

    private void handle(HttpServerRequest request) {
        request.body().onComplete(body -> {
            if (body.succeeded()) {
                accept(request, body.result());
            }
        });
    }

    private void accept(HttpServerRequest request, Buffer body) {
        Json order;
        try {
            order = order(body);
        } catch (IOException | RuntimeException e) {
            answer(request, 422, Buffer.buffer("{\"code\":42210000}"));
            return;
        }
        Buffer encoded = order.toBuffer();
        log.append(encoded).onComplete(appended -> {
            if (appended.succeeded()) {
                answer(request, 200, encoded);
            } else {
                answer(request, 503, Buffer.buffer("{\"code\":50310000}"));
            }
        });
    }

    private static Json order(Buffer body) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser in = JSON.createParser(body.getBytes())) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                fields.put(name, in.getText());
            }
        }
        String limit = fields.get("limit_price");
        PlaceOrder command = new PlaceOrder(
                "default",
                fields.get("client_order_id"),
                fields.get("symbol"),
                new BigDecimal(fields.get("qty")),
                Side.parse(fields.get("side")),
                OrderType.parse(fields.get("type")),
                TimeInForce.parse(fields.get("time_in_force")),
                limit == null ? null : new BigDecimal(limit),
                Priority.NORMAL,
                "baseline",
                "");
        return Order.accepted(UUID.randomUUID().toString(), command, System.currentTimeMillis())
                .toJson();
    }

    private static void answer(HttpServerRequest request, int status, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", CONTENT_TYPE)
                .end(body);
    }
}
