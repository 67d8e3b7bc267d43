package io.tradewind.gateway.postgres;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;

/**
 * Orders that have left the state: an order that is over does so after a while, its row in the table {@code orders} stays.
 * The row is made into the document that it came from. Postgres may be away: then a question fails within a bound.
 *
 * <p>On the event loop that it was made on; closed by whoever made it.
 */
public final class PastOrders {

    private static final int MAX_WAITING = 256;
    private static final long DEADLINE_MS = 2_000;

    private static final String COLUMNS = """
            SELECT id, account_id, client_order_id, symbol, qty, side, type, time_in_force, limit_price, priority, source,
            status, filled_qty, filled_avg_price, executions, created_at, updated_at, submitted_at, filled_at,
            canceled_at, expired_at, failed_at, reason
            FROM orders""";

    private static final String BY_ID = COLUMNS + " WHERE account_id = $1 AND id = $2";
    private static final String BY_CLIENT_ORDER_ID = COLUMNS + " WHERE account_id = $1 AND client_order_id = $2";

    private final PostgresReader reader;

    public PastOrders(Vertx vertx, PostgresConfig config) {
        this.reader = new PostgresReader(vertx, config, "tradewind-gateway", MAX_WAITING, DEADLINE_MS);
    }

    /** @return {@code null} when there is none */
    public Future<Json> byId(String account, String id) {
        return find(BY_ID, account, id);
    }

    /** @return {@code null} when there is none */
    public Future<Json> byClientOrderId(String account, String clientOrderId) {
        return find(BY_CLIENT_ORDER_ID, account, clientOrderId);
    }

    public Future<Void> close() {
        return reader.close();
    }

    private Future<Json> find(String sql, String account, String id) {
        if (id.indexOf('\u0000') >= 0) {
            // Postgres has no text with it, and so no such order.
            return Future.succeededFuture();
        }
        return reader.ask(sql, Tuple.of(account, id))
                .map(rows ->
                        rows.size() == 0 ? null : order(rows.iterator().next()).toJson());
    }

    private static Order order(Row row) {
        return new Order(
                row.getString("id"),
                row.getString("account_id"),
                row.getString("client_order_id"),
                row.getString("symbol"),
                row.getBigDecimal("qty"),
                Side.parse(row.getString("side")),
                OrderType.parse(row.getString("type")),
                TimeInForce.parse(row.getString("time_in_force")),
                row.getBigDecimal("limit_price"),
                Priority.parse(row.getString("priority")),
                row.getString("source"),
                OrderStatus.parse(row.getString("status")),
                row.getBigDecimal("filled_qty"),
                row.getBigDecimal("filled_avg_price"),
                row.getLong("executions").intValue(),
                ms(row, "created_at"),
                ms(row, "updated_at"),
                ms(row, "submitted_at"),
                ms(row, "filled_at"),
                ms(row, "canceled_at"),
                ms(row, "expired_at"),
                ms(row, "failed_at"),
                row.getString("reason"));
    }

    private static long ms(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? 0 : time.toInstant().toEpochMilli();
    }
}
