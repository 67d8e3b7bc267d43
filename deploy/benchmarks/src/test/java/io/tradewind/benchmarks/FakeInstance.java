package io.tradewind.benchmarks;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Partitions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of Tradewind as the benchmark sees: answers orders, fills them at once, writes log and tables like the real
 * one. How it misbehaves is chosen by {@link Mode}. One event loop.
 */
final class FakeInstance extends VerticleBase {

    /** What it does wrong. */
    enum Mode {
        RIGHT,
        /** Every tenth order of the load is acknowledged and forgotten. */
        LOSES,
        /** Every tenth order of the load is denied. */
        DENIES,
        /** Every tenth order of the load is logged, and its connection closed without an answer. */
        DROPS
    }

    private static final int PARTITION = Partitions.of(TestOrders.ACCOUNT);

    private final Mode mode;
    private final String redisUri;
    private final String postgresUri;
    private final LogCodec codec = new LogCodec();
    private final Map<String, BigDecimal> positions = new HashMap<>();
    private final Map<String, JsonObject> orders = new HashMap<>();
    private final List<HttpServerResponse> streams = new ArrayList<>();
    private BigDecimal cash = new BigDecimal(1_000_000);
    private RedisConnection redis;
    private PgConnection postgres;
    private HttpServer server;
    private long version;
    private int load;

    FakeInstance(Mode mode, String redisUri, String postgresUri) {
        this.mode = mode;
        this.redisUri = redisUri;
        this.postgresUri = postgresUri;
    }

    @Override
    public Future<?> start() {
        Redis client = Redis.createClient(
                vertx, new RedisOptions().setConnectionString(redisUri).setProtocolNegotiation(false));
        return client.connect()
                .onSuccess(connection -> redis = connection)
                .compose(connection -> PgConnection.connect(vertx, PgConnectOptions.fromUri(postgresUri)))
                .onSuccess(connection -> postgres = connection)
                .compose(connection -> postgres.query(
                                // Two commits per order, one after the other: on a slow disk their fsyncs alone would
                                // outlast the schedule of the load.
                                "SET synchronous_commit = off;"
                                        + " CREATE TABLE IF NOT EXISTS orders (id text, client_order_id text, status text,"
                                        + " filled_qty numeric);"
                                        + " CREATE TABLE IF NOT EXISTS activities (order_id text, qty numeric)")
                        .execute())
                .compose(created -> {
                    server = vertx.createHttpServer().requestHandler(this::handle);
                    return server.listen(0, "127.0.0.1");
                });
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Override
    public Future<?> stop() {
        codec.close();
        return server.close();
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/v2/orders/batch")) {
            request.body().onSuccess(body -> placeAll(request, body));
        } else if (request.method().equals(HttpMethod.POST)) {
            request.body().compose(body -> place(body.toJsonObject())).onSuccess(result -> {
                if (result.status == 0) {
                    request.connection().close();
                } else {
                    answer(request, result.status, result.body);
                }
            });
        } else if (request.path().equals("/v2/events")) {
            stream(request);
        } else if (request.path().equals("/v2/account")) {
            answer(
                    request,
                    200,
                    new JsonObject().put("buying_power", cash.toPlainString()).toBuffer());
        } else if (request.path().equals("/v2/positions")) {
            JsonArray all = new JsonArray();
            positions.forEach((symbol, qty) ->
                    all.add(new JsonObject().put("symbol", symbol).put("qty", qty.toPlainString())));
            answer(request, 200, all.toBuffer());
        } else {
            String id = request.path().substring("/v2/orders/".length());
            answer(request, 200, orders.get(id).toBuffer());
        }
    }

    /** The event stream, as far as it carries orders. */
    private void stream(HttpServerRequest request) {
        request.response().setChunked(true).putHeader("content-type", "text/event-stream");
        request.response().write("retry: 1000\n\n: heartbeat\n\n");
        streams.add(request.response());
    }

    private void publish(CommittedTransaction filled) {
        Json order = filled.mutations().get(0).json();
        streams.forEach(stream -> stream.write("id: 1:" + filled.version() + "\nevent: orders\ndata: {\"version\":"
                + filled.version() + ",\"data\":" + order + "}\n\n"));
    }

    /** @param status 0 closes the connection instead */
    private record Result(int status, Buffer body) {}

    private void placeAll(HttpServerRequest request, Buffer body) {
        List<Future<Result>> results =
                body.toString().lines().map(line -> place(new JsonObject(line))).toList();
        Future.join(results).onSuccess(all -> {
            Buffer lines = Buffer.buffer();
            results.forEach(result -> lines.appendBuffer(result.result().body).appendString("\n"));
            answer(request, 200, lines);
        });
    }

    private Future<Result> place(JsonObject body) {
        boolean tenth = body.getString("client_order_id").startsWith("bench-") && load++ % 10 == 9;
        BigDecimal qty = new BigDecimal(body.getString("qty"));
        Side side = Side.parse(body.getString("side"));
        if (tenth && mode == Mode.DENIES) {
            return Future.succeededFuture(
                    new Result(403, new JsonObject().put("code", 40310000).toBuffer()));
        }
        long nowMs = System.currentTimeMillis();
        Order accepted =
                TestOrders.accepted(body.getString("client_order_id"), body.getString("symbol"), qty, side, nowMs);
        Buffer answer = accepted.toJson().toBuffer();
        if (tenth && mode == Mode.LOSES) {
            return Future.succeededFuture(new Result(200, answer));
        }
        book(accepted);
        CommittedTransaction first = TestOrders.transaction(++version, nowMs, accepted);
        CommittedTransaction second = TestOrders.filled(++version, nowMs + 1, accepted);
        return append(List.of(first, second))
                .compose(appended -> insert(accepted))
                .map(inserted -> {
                    publish(second);
                    return new Result(tenth && mode == Mode.DROPS ? 0 : 200, answer);
                })
                .otherwise(failure -> new Result(500, Buffer.buffer(failure.toString())));
    }

    private void book(Order order) {
        BigDecimal change = order.side() == Side.BUY ? order.qty() : order.qty().negate();
        positions.merge(order.symbol(), change, BigDecimal::add);
        cash = cash.subtract(change.multiply(TestOrders.PRICE));
        orders.put(
                order.id(),
                new JsonObject()
                        .put("id", order.id())
                        .put("status", "filled")
                        .put("filled_avg_price", TestOrders.PRICE.toPlainString()));
    }

    private Future<?> append(List<CommittedTransaction> commit) {
        long last = commit.get(commit.size() - 1).version();
        Future<?> added = redis.send(Request.cmd(Command.XADD)
                .arg(LogKeys.log(PARTITION))
                .arg(LogKeys.entryId(last))
                .arg(LogKeys.FIELD_EPOCH)
                .arg(1)
                .arg(LogKeys.FIELD_BODY)
                .arg(Buffer.buffer(codec.encode(commit))));
        Future<?> head = redis.send(Request.cmd(Command.HSET)
                .arg(LogKeys.head(PARTITION))
                .arg("version")
                .arg(last));
        return Future.all(added, head);
    }

    private Future<?> insert(Order order) {
        return Future.all(
                postgres.preparedQuery("INSERT INTO orders VALUES ($1, $2, 'filled', $3)")
                        .execute(Tuple.of(order.id(), order.clientOrderId(), order.qty())),
                postgres.preparedQuery("INSERT INTO activities VALUES ($1, $2)")
                        .execute(Tuple.of(order.id(), order.qty())));
    }

    private static void answer(HttpServerRequest request, int status, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body);
    }
}
