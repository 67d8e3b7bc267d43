package io.tradewind.gateway.postgres;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.gateway.domain.HistoryQuery;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What else the tables remember: activities, the value of an account day by day, bars, and who changed what. Every list
 * goes on behind a key, never behind a count of rows, so that a late page costs what the first one does. On the event loop
 * of its pool; holds nothing to close.
 */
public final class PastRecords {

    private static final String DAYS = """
            SELECT trading_day, last_equity, equity, daily_pl FROM account_days
            WHERE account_id = $1 AND trading_day >= $2 AND trading_day <= $3 ORDER BY trading_day LIMIT $4""";

    /** More than a century of days. */
    private static final int MAX_DAYS = 50_000;

    private static final String AUDIT = """
            SELECT version, ordinal, at, kind, status, bytes, transaction_id, correlation_id, causation_id, actor
            FROM state_changes WHERE domain = $1 AND partition_key = $2 AND entity_id = $3 AND version < $4
            ORDER BY version DESC, ordinal DESC LIMIT $5""";

    private final HistoryPool pool;

    PastRecords(HistoryPool pool) {
        this.pool = pool;
    }

    /** The account at the end of a day. */
    public record Day(LocalDate day, BigDecimal equityBefore, BigDecimal equity, BigDecimal profit) {}

    /** A bar, with the time that a next page goes on behind. */
    public record Bar(Json json, long openedAtMs) {}

    /** In the order asked for. */
    public Future<List<Json>> activities(String account, HistoryQuery.Activities query) {
        String behind = query.descending() ? "<" : ">";
        String direction = query.descending() ? "DESC" : "ASC";
        String sql = "SELECT id, activity_type, type, order_id, symbol, side, qty, price, fee, cum_qty, leaves_qty,"
                + " transaction_time FROM activities WHERE account_id = $1"
                + " AND ($2::text IS NULL OR activity_type = $2)"
                + " AND ($3::timestamptz IS NULL OR transaction_time > $3)"
                + " AND ($4::timestamptz IS NULL OR transaction_time <= $4)"
                + " AND ($5::text IS NULL OR (transaction_time, id) " + behind
                + " (SELECT p.transaction_time, p.id FROM activities AS p WHERE p.account_id = $1 AND p.id = $5))"
                + " ORDER BY transaction_time " + direction + ", id " + direction + " LIMIT $6";
        Tuple parameters = Tuple.tuple()
                .addValue(account)
                .addValue(query.type())
                .addValue(HistoryPool.time(query.afterMs(), Long.MIN_VALUE))
                .addValue(HistoryPool.time(query.untilMs(), Long.MAX_VALUE))
                .addValue(query.pageToken())
                .addValue(query.limit());
        return pool.query(sql, parameters).map(rows -> all(rows, PastRecords::activity));
    }

    /** Day by day, the oldest first; days without trading have none. */
    public Future<List<Day>> days(String account, HistoryQuery.Portfolio query) {
        return pool.query(DAYS, Tuple.of(account, query.from(), query.to(), MAX_DAYS))
                .map(rows -> all(
                        rows,
                        row -> new Day(
                                row.getLocalDate("trading_day"),
                                row.getBigDecimal("last_equity"),
                                row.getBigDecimal("equity"),
                                row.getBigDecimal("daily_pl"))));
    }

    /** In the order asked for. */
    public Future<List<Bar>> bars(HistoryQuery.Bars query) {
        String sql = "SELECT opened_at, open, high, low, close, volume FROM bars WHERE symbol = $1 AND duration_ms = $2"
                + " AND ($3::timestamptz IS NULL OR opened_at >= $3) AND ($4::timestamptz IS NULL OR opened_at <= $4)"
                + " AND ($5::timestamptz IS NULL OR opened_at " + (query.descending() ? "<" : ">") + " $5)"
                + " ORDER BY opened_at " + (query.descending() ? "DESC" : "ASC") + " LIMIT $6";
        Tuple parameters = Tuple.tuple()
                .addValue(query.symbol())
                .addValue(query.durationMs())
                .addValue(HistoryPool.time(query.fromMs(), Long.MIN_VALUE))
                .addValue(HistoryPool.time(query.toMs(), Long.MAX_VALUE))
                .addValue(HistoryPool.time(query.pastMs(), Long.MIN_VALUE))
                .addValue(query.limit());
        return pool.query(sql, parameters).map(rows -> all(rows, PastRecords::bar));
    }

    /** The newest first. */
    public Future<List<Json>> audit(EntityKey key, HistoryQuery.Audit query) {
        return pool.query(AUDIT, Tuple.of(key.domain(), key.partitionKey(), key.id(), query.before(), query.limit()))
                .map(rows -> all(rows, PastRecords::change));
    }

    private static Json activity(Row row) {
        return JsonObjects.write(out -> out.text("id", row.getString("id"))
                .text("activity_type", row.getString("activity_type"))
                .text("type", row.getString("type"))
                .time("transaction_time", ms(row, "transaction_time"))
                .text("order_id", row.getString("order_id"))
                .text("symbol", row.getString("symbol"))
                .text("side", row.getString("side"))
                .decimal("qty", row.getBigDecimal("qty"))
                .decimal("price", row.getBigDecimal("price"))
                .decimal("fee", row.getBigDecimal("fee"))
                .decimal("cum_qty", row.getBigDecimal("cum_qty"))
                .decimal("leaves_qty", row.getBigDecimal("leaves_qty")));
    }

    private static Bar bar(Row row) {
        long openedAtMs = ms(row, "opened_at");
        return new Bar(
                JsonObjects.write(out -> out.time("t", openedAtMs)
                        .decimal("o", row.getBigDecimal("open"))
                        .decimal("h", row.getBigDecimal("high"))
                        .decimal("l", row.getBigDecimal("low"))
                        .decimal("c", row.getBigDecimal("close"))
                        .decimal("v", row.getBigDecimal("volume"))),
                openedAtMs);
    }

    private static Json change(Row row) {
        return JsonObjects.write(out -> out.number("version", row.getLong("version"))
                .time("at", ms(row, "at"))
                .text("type", row.getString("kind"))
                .text("status", row.getString("status"))
                .number("bytes", row.getInteger("bytes"))
                .text("transaction_id", row.getString("transaction_id"))
                .text("correlation_id", row.getString("correlation_id"))
                .text("causation_id", row.getString("causation_id"))
                .text("actor", row.getString("actor")));
    }

    private static <T> List<T> all(RowSet<Row> rows, Function<Row, T> made) {
        List<T> found = new ArrayList<>(rows.size());
        rows.forEach(row -> found.add(made.apply(row)));
        return found;
    }

    private static long ms(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? 0 : time.toInstant().toEpochMilli();
    }
}
