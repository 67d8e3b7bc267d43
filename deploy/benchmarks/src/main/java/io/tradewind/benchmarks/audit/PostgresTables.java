package io.tradewind.benchmarks.audit;

import io.tradewind.benchmarks.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the orders of a run from the tables that db-sync writes, and only reads. Blocking, on the main thread, over one
 * connection of its own; the caller closes it.
 */
public final class PostgresTables implements AutoCloseable {

    /** Numbers as text: the types of the columns are not this program's business. */
    private static final String ORDERS = """
            SELECT o.client_order_id, o.status, coalesce(o.filled_qty, 0)::text AS filled_qty,
                   coalesce(a.fills, 0) AS fills, coalesce(a.qty, 0)::text AS fills_qty
              FROM orders o
              LEFT JOIN (SELECT order_id::text AS order_id, count(*) AS fills, sum(qty) AS qty
                           FROM activities WHERE order_id IS NOT NULL GROUP BY 1) a ON a.order_id = o.id::text
             WHERE starts_with(o.client_order_id, $1)""";

    private static final String FILLED = """
            SELECT count(*) AS filled FROM orders
             WHERE starts_with(client_order_id, $1) AND status = 'filled'""";

    private static final int PAGE_ROWS = 5_000;
    private static final long TIMEOUT_MS = 120_000;

    private final PgConnection connection;

    private PostgresTables(PgConnection connection) {
        this.connection = connection;
    }

    /** @throws io.tradewind.benchmarks.BenchException when Postgres does not answer */
    public static PostgresTables open(Vertx vertx, String uri) {
        return new PostgresTables(
                await(PgConnection.connect(vertx, PgConnectOptions.fromUri(uri)), "connecting to Postgres"));
    }

    /** Orders whose client order id begins with {@code idPrefix} and that are filled. */
    public long filled(String idPrefix) {
        return await(
                connection.preparedQuery(FILLED).execute(Tuple.of(idPrefix)).map(rows -> rows.iterator()
                        .next()
                        .getLong("filled")),
                "counting orders in Postgres");
    }

    /** Hands all orders of the run to {@code consumer}, page by page. */
    public void read(String idPrefix, Consumer<OrderRow> consumer) {
        Transaction transaction = await(connection.begin(), "reading orders from Postgres");
        PreparedStatement statement = await(connection.prepare(ORDERS), "reading orders from Postgres");
        Cursor cursor = statement.cursor(Tuple.of(idPrefix));
        do {
            for (Row row : await(cursor.read(PAGE_ROWS), "reading orders from Postgres")) {
                consumer.accept(new OrderRow(
                        row.getString("client_order_id"),
                        row.getString("status"),
                        new BigDecimal(row.getString("filled_qty")),
                        row.getLong("fills"),
                        new BigDecimal(row.getString("fills_qty"))));
            }
        } while (cursor.hasMore());
        await(cursor.close().compose(closed -> transaction.commit()), "reading orders from Postgres");
    }

    /** How durable a committed row is. */
    public Map<String, String> durability() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : List.of("fsync", "synchronous_commit")) {
            settings.put(
                    name,
                    await(
                            connection.query("SHOW " + name).execute().map(rows -> rows.iterator()
                                    .next()
                                    .getString(0)),
                            "asking Postgres for " + name));
        }
        return settings;
    }

    private static <T> T await(Future<T> future, String what) {
        return Await.get(future.toCompletionStage(), TIMEOUT_MS, what);
    }

    @Override
    public void close() {
        await(connection.close(), "closing the connection to Postgres");
    }
}
