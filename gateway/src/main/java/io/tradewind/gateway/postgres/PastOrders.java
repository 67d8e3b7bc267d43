package io.tradewind.gateway.postgres;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderLinks;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderTimes;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.gateway.domain.OrderQuery;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Orders that have left the state: an order that is over does so after a while, its row in the table {@code orders} stays.
 * The row is made into the document that it came from. On the event loop of its pool; holds nothing to close.
 */
public final class PastOrders {

    private static final String COLUMNS = """
            SELECT id, account_id, client_order_id, symbol, qty, notional, side, type, time_in_force, limit_price,
            stop_price, trail_price, trail_percent, hwm, order_class, take_profit_limit_price, stop_loss_stop_price,
            stop_loss_limit_price, priority, source, status, filled_qty, filled_avg_price, executions, created_at,
            updated_at, submitted_at, filled_at, canceled_at, expired_at, failed_at, replaced_at, triggered_at,
            parent_order_id, take_profit_order_id, stop_loss_order_id, replaces, replaced_by, reason
            FROM orders""";

    private static final String BY_ID = COLUMNS + " WHERE account_id = $1 AND id = $2";
    private static final String BY_CLIENT_ORDER_ID = COLUMNS + " WHERE account_id = $1 AND client_order_id = $2";

    private final HistoryPool pool;

    PastOrders(HistoryPool pool) {
        this.pool = pool;
    }

    /** @return {@code null} when there is none */
    public Future<Json> byId(String account, String id) {
        return find(BY_ID, account, id);
    }

    /** @return {@code null} when there is none */
    public Future<Json> byClientOrderId(String account, String clientOrderId) {
        return find(BY_CLIENT_ORDER_ID, account, clientOrderId);
    }

    /** Those that match, in the order asked for, at most as many. */
    public Future<List<Order>> list(String account, OrderQuery query) {
        boolean down = query.descending();
        String sql = COLUMNS + " WHERE account_id = $1 AND ($2::text IS NULL OR id " + (down ? "<" : ">")
                + " $2::text) AND ($3::timestamptz IS NULL OR submitted_at > $3)"
                + " AND ($4::timestamptz IS NULL OR submitted_at <= $4)"
                + " AND ($5::text[] IS NULL OR status = ANY($5))"
                + " AND ($6::text[] IS NULL OR symbol = ANY($6)) AND ($7::text IS NULL OR side = $7)"
                + " ORDER BY id " + (down ? "DESC" : "ASC") + " LIMIT $8";
        Tuple parameters = Tuple.tuple()
                .addValue(account)
                .addValue(query.startId())
                .addValue(HistoryPool.time(query.afterMs(), Long.MIN_VALUE))
                .addValue(HistoryPool.time(query.untilMs(), Long.MAX_VALUE))
                .addValue(statuses(query))
                .addValue(query.symbols().isEmpty() ? null : query.symbols().toArray(String[]::new))
                .addValue(query.side() == null ? null : query.side().text())
                .addValue(query.limit());
        return pool.query(sql, parameters).map(rows -> {
            List<Order> orders = new ArrayList<>(rows.size());
            rows.forEach(row -> orders.add(order(row)));
            return orders;
        });
    }

    private static String[] statuses(OrderQuery query) {
        if (query.status() == OrderQuery.Status.ALL) {
            return null;
        }
        boolean closed = query.status() == OrderQuery.Status.CLOSED;
        return Arrays.stream(OrderStatus.values())
                .filter(status -> status.isTerminal() == closed)
                .map(OrderStatus::text)
                .toArray(String[]::new);
    }

    private Future<Json> find(String sql, String account, String id) {
        if (id.indexOf('\u0000') >= 0) {
            // Postgres has no text with it, and so no such order.
            return Future.succeededFuture();
        }
        return pool.query(sql, Tuple.of(account, id))
                .map(rows ->
                        rows.size() == 0 ? null : order(rows.iterator().next()).toJson());
    }

    private static Order order(Row row) {
        return new Order(
                row.getString("id"),
                row.getString("account_id"),
                row.getString("client_order_id"),
                terms(row),
                row.getString("source"),
                OrderStatus.parse(row.getString("status")),
                row.getBigDecimal("filled_qty"),
                row.getBigDecimal("filled_avg_price"),
                row.getLong("executions").intValue(),
                new OrderTimes(
                        ms(row, "created_at"),
                        ms(row, "updated_at"),
                        ms(row, "submitted_at"),
                        ms(row, "filled_at"),
                        ms(row, "canceled_at"),
                        ms(row, "expired_at"),
                        ms(row, "failed_at"),
                        ms(row, "replaced_at"),
                        ms(row, "triggered_at")),
                new OrderLinks(
                        row.getString("parent_order_id"),
                        row.getString("take_profit_order_id"),
                        row.getString("stop_loss_order_id"),
                        row.getString("replaces"),
                        row.getString("replaced_by")),
                row.getBigDecimal("hwm"),
                row.getString("reason"));
    }

    private static OrderTerms terms(Row row) {
        OrderType type = OrderType.parse(row.getString("type"));
        return new OrderTerms(
                row.getString("symbol"),
                row.getBigDecimal("qty"),
                row.getBigDecimal("notional"),
                Side.parse(row.getString("side")),
                type,
                TimeInForce.parse(row.getString("time_in_force")),
                row.getBigDecimal("limit_price"),
                type.hasStop() ? row.getBigDecimal("stop_price") : null,
                row.getBigDecimal("trail_price"),
                row.getBigDecimal("trail_percent"),
                new OrderExits(
                        OrderClass.parse(row.getString("order_class")),
                        row.getBigDecimal("take_profit_limit_price"),
                        row.getBigDecimal("stop_loss_stop_price"),
                        row.getBigDecimal("stop_loss_limit_price")),
                Priority.parse(row.getString("priority")));
    }

    private static long ms(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? 0 : time.toInstant().toEpochMilli();
    }
}
