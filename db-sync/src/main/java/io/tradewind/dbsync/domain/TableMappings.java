package io.tradewind.dbsync.domain;

import static io.tradewind.dbsync.domain.Column.field;
import static io.tradewind.dbsync.domain.ColumnType.DATE;
import static io.tradewind.dbsync.domain.ColumnType.DECIMAL;
import static io.tradewind.dbsync.domain.ColumnType.FLAG;
import static io.tradewind.dbsync.domain.ColumnType.INTEGER;
import static io.tradewind.dbsync.domain.ColumnType.JSON;
import static io.tradewind.dbsync.domain.ColumnType.TEXT;
import static io.tradewind.dbsync.domain.ColumnType.TIME;

import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which domain goes to which table. A domain without a table of its own goes to {@code entities}, so that a new one
 * works without code. The columns are those of {@code db/migration}.
 */
public final class TableMappings {

    private static final Column VERSION = Column.of(TableMapping.VERSION, INTEGER, c -> c.version());
    private static final Column PARTITION = Column.of("partition", INTEGER, c -> (long) c.partition());

    private static final TableMapping ORDERS = TableMapping.of(
            "orders",
            columns(
                    partitionKey("account_id"),
                    id("id"),
                    field("client_order_id", TEXT),
                    field("symbol", TEXT),
                    field("asset_class", TEXT),
                    field("qty", DECIMAL),
                    field("filled_qty", DECIMAL),
                    field("filled_avg_price", DECIMAL),
                    field("order_class", TEXT),
                    field("type", TEXT),
                    field("side", TEXT),
                    field("time_in_force", TEXT),
                    field("limit_price", DECIMAL),
                    field("status", TEXT),
                    field("extended_hours", FLAG),
                    field("priority", TEXT),
                    field("executions", INTEGER),
                    field("source", TEXT),
                    field("reason", TEXT),
                    field("created_at", TIME),
                    field("updated_at", TIME),
                    field("submitted_at", TIME),
                    field("filled_at", TIME),
                    field("canceled_at", TIME),
                    field("expired_at", TIME),
                    field("failed_at", TIME),
                    field("notional", DECIMAL),
                    field("stop_price", DECIMAL),
                    field("trail_price", DECIMAL),
                    field("trail_percent", DECIMAL),
                    field("hwm", DECIMAL),
                    field("take_profit_limit_price", DECIMAL),
                    field("stop_loss_stop_price", DECIMAL),
                    field("stop_loss_limit_price", DECIMAL),
                    field("parent_order_id", TEXT),
                    field("take_profit_order_id", TEXT),
                    field("stop_loss_order_id", TEXT),
                    field("replaces", TEXT),
                    field("replaced_by", TEXT),
                    field("replaced_at", TIME),
                    field("triggered_at", TIME)),
            List.of("account_id", "id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.KEEP_ROW);

    private static final TableMapping ACTIVITIES = TableMapping.of(
            "activities",
            columns(
                    partitionKey("account_id"),
                    id("id"),
                    field("activity_type", TEXT),
                    field("type", TEXT),
                    field("order_id", TEXT),
                    field("execution_id", TEXT),
                    field("order_status", TEXT),
                    field("symbol", TEXT),
                    field("side", TEXT),
                    field("qty", DECIMAL),
                    field("price", DECIMAL),
                    field("fee", DECIMAL),
                    field("cum_qty", DECIMAL),
                    field("leaves_qty", DECIMAL),
                    field("transaction_time", TIME)),
            List.of("account_id", "id"),
            OnConflict.KEEP,
            OnDelete.KEEP_ROW);

    private static final TableMapping POSITIONS = TableMapping.of(
            "positions",
            columns(
                    partitionKey("account_id"),
                    id("symbol"),
                    field("asset_class", TEXT),
                    field("asset_id", TEXT),
                    field("exchange", TEXT),
                    field("qty", DECIMAL),
                    field("side", TEXT),
                    field("avg_entry_price", DECIMAL),
                    field("cost_basis", DECIMAL),
                    field("current_price", DECIMAL),
                    field("market_value", DECIMAL),
                    field("unrealized_pl", DECIMAL),
                    field("unrealized_plpc", DECIMAL),
                    field("qty_available", DECIMAL),
                    field("intraday_basis", DECIMAL),
                    field("unrealized_intraday_pl", DECIMAL),
                    field("unrealized_intraday_plpc", DECIMAL),
                    field("lastday_price", DECIMAL),
                    field("change_today", DECIMAL),
                    field("trading_day", DATE),
                    field("updated_at", TIME)),
            List.of("account_id", "symbol"),
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping ACCOUNTS = TableMapping.of(
            "accounts",
            columns(
                    id("id"),
                    field("account_number", TEXT),
                    field("status", TEXT),
                    field("currency", TEXT),
                    field("cash", DECIMAL),
                    field("equity", DECIMAL),
                    field("portfolio_value", DECIMAL),
                    field("last_equity", DECIMAL),
                    field("long_market_value", DECIMAL),
                    field("short_market_value", DECIMAL),
                    field("buying_power", DECIMAL),
                    field("realized_pl", DECIMAL),
                    field("unrealized_pl", DECIMAL),
                    field("fees", DECIMAL),
                    field("deposits", DECIMAL),
                    field("daily_pl", DECIMAL),
                    field("trading_day", DATE),
                    field("daily_realized_pl", DECIMAL),
                    field("daily_fees", DECIMAL),
                    field("initial_margin", DECIMAL),
                    field("maintenance_margin", DECIMAL),
                    field("shorting_enabled", FLAG),
                    field("created_at", TIME),
                    field("updated_at", TIME)),
            List.of("id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping ACCOUNT_DAYS = TableMapping.ofParts(
            "account_days",
            columns(
                    id("account_id"),
                    field("trading_day", DATE),
                    field("last_equity", DECIMAL),
                    field("equity", DECIMAL),
                    field("daily_pl", DECIMAL),
                    field("cash", DECIMAL),
                    field("long_market_value", DECIMAL),
                    field("short_market_value", DECIMAL),
                    field("realized_pl", DECIMAL),
                    field("unrealized_pl", DECIMAL),
                    field("fees", DECIMAL),
                    field("deposits", DECIMAL),
                    field("daily_realized_pl", DECIMAL),
                    field("daily_fees", DECIMAL),
                    field("created_at", TIME),
                    field("updated_at", TIME)),
            List.of("account_id", "trading_day"),
            "trading_day",
            OnConflict.REPLACE_OLDER);

    private static final TableMapping SIGNALS = TableMapping.of(
            "signals",
            columns(
                    partitionKey("account_id"),
                    id("id"),
                    field("strategy", TEXT),
                    field("symbol", TEXT),
                    field("strength", DECIMAL),
                    field("reason", TEXT),
                    field("signaled_at", "time", TIME)),
            List.of("account_id", "id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping STRATEGIES = TableMapping.of(
            "strategies",
            columns(
                    partitionKey("account_id"),
                    id("name"),
                    field("state", TEXT),
                    field("since", TIME),
                    field("calls", INTEGER),
                    field("succeeded", INTEGER),
                    field("timeouts", INTEGER),
                    field("exceptions", INTEGER),
                    field("dropped", INTEGER),
                    field("cancelled", INTEGER),
                    field("orders", INTEGER),
                    field("signals", INTEGER),
                    field("queued", INTEGER),
                    field("last_error", TEXT),
                    field("last_error_at", TIME),
                    document("body")),
            List.of("account_id", "name"),
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping QUOTES = TableMapping.of(
            "quotes",
            columns(
                    partitionKey("feed"),
                    id("symbol"),
                    field("bid_price", DECIMAL),
                    field("bid_size", DECIMAL),
                    field("ask_price", DECIMAL),
                    field("ask_size", DECIMAL),
                    field("last_price", DECIMAL),
                    field("quoted_at", "time", TIME)),
            List.of("feed", "symbol"),
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping BARS = TableMapping.of(
            "bars",
            columns(
                    partitionKey("feed"),
                    id("id"),
                    field("symbol", TEXT),
                    field("duration_ms", INTEGER),
                    field("opened_at", TIME),
                    field("open", DECIMAL),
                    field("high", DECIMAL),
                    field("low", DECIMAL),
                    field("close", DECIMAL),
                    field("volume", DECIMAL)),
            List.of("feed", "id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.KEEP_ROW);

    private static final TableMapping RISK = TableMapping.of(
            "risk",
            columns(
                    partitionKey("account_id"),
                    id("id"),
                    field("trading_state", TEXT),
                    field("reason", TEXT),
                    field("actor", TEXT),
                    field("updated_at", TIME),
                    document("body")),
            List.of("account_id", "id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping ALERTS = TableMapping.of(
            "alerts",
            columns(
                    partitionKey("partition_key"),
                    id("id"),
                    field("code", TEXT),
                    field("subject", TEXT),
                    field("severity", TEXT),
                    field("status", TEXT),
                    field("reason", TEXT),
                    field("raised_at", TIME),
                    field("acknowledged_at", TIME),
                    field("resolved_at", TIME),
                    field("updated_at", TIME),
                    document("body")),
            List.of("partition_key", "id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.KEEP_ROW);

    private static final TableMapping DENIALS = TableMapping.of(
            "denials",
            columns(
                    partitionKey("account_id"),
                    id("id"),
                    field("reason", TEXT),
                    field("code", INTEGER),
                    field("message", TEXT),
                    field("field", TEXT),
                    field("request", TEXT),
                    field("client_order_id", TEXT),
                    field("order_id", TEXT),
                    field("symbol", TEXT),
                    field("side", TEXT),
                    field("type", TEXT),
                    field("time_in_force", TEXT),
                    field("qty", DECIMAL),
                    field("notional", DECIMAL),
                    field("limit_price", DECIMAL),
                    field("stop_price", DECIMAL),
                    field("actor", TEXT),
                    field("correlation_id", TEXT),
                    field("count", INTEGER),
                    field("denied_since", TIME),
                    field("denied_at", TIME)),
            List.of("account_id", "id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.KEEP_ROW);

    private static final TableMapping ENTITIES = TableMapping.of(
            "entities",
            columns(
                    Column.of("domain", TEXT, c -> c.key().domain()),
                    partitionKey("partition_key"),
                    id("id"),
                    Column.of("updated_at", TIME, c -> Instant.ofEpochMilli(c.timeMs())
                            .atOffset(ZoneOffset.UTC)),
                    document("body")),
            List.of("domain", "partition_key", "id"),
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    /** Of each domain, its own table first. */
    private static final Map<String, List<TableMapping>> BY_DOMAIN = Map.ofEntries(
            Map.entry(Domains.ORDER, List.of(ORDERS)),
            Map.entry(Domains.ACTIVITY, List.of(ACTIVITIES)),
            Map.entry(Domains.POSITION, List.of(POSITIONS)),
            Map.entry(Domains.ACCOUNT, List.of(ACCOUNTS, ACCOUNT_DAYS)),
            Map.entry(Domains.SIGNAL, List.of(SIGNALS)),
            Map.entry(Domains.STRATEGY, List.of(STRATEGIES)),
            Map.entry(Domains.MARKET, List.of(QUOTES)),
            Map.entry(Domains.BAR, List.of(BARS)),
            Map.entry(Domains.RISK, List.of(RISK)),
            Map.entry(Domains.ALERT, List.of(ALERTS)),
            Map.entry(Domains.DENIAL, List.of(DENIALS)));

    private static final List<TableMapping> OTHERS = List.of(ENTITIES);

    private static final Map<String, String> STATUS_FIELDS = Map.of(
            Domains.ORDER, "status",
            Domains.STRATEGY, "state",
            Domains.RISK, "trading_state",
            Domains.DENIAL, "reason",
            Domains.ALERT, "status");

    private static final int ORDER_STATUS =
            ORDERS.columns().stream().map(Column::name).toList().indexOf("status");

    private static final Set<String> ENDS_OF_ORDERS = Stream.of(OrderStatus.values())
            .filter(OrderStatus::isTerminal)
            .map(OrderStatus::text)
            .collect(Collectors.toUnmodifiableSet());

    private TableMappings() {}

    /** The table that has a row for each entity of the domain. */
    public static TableMapping of(String domain) {
        return allOf(domain).get(0);
    }

    /** Every table that documents of the domain go to: {@link #of its own} first. */
    static List<TableMapping> allOf(String domain) {
        return BY_DOMAIN.getOrDefault(domain, OTHERS);
    }

    /** The field that says what an entity of the domain is, for the audit; {@code null} where there is none. */
    static String statusField(String domain) {
        return STATUS_FIELDS.get(domain);
    }

    /** Whether a row shows its entity at the end of its life, so that it will hardly ever change again. */
    static boolean isLast(TableMapping table, Row row) {
        return table.table().equals(ORDERS.table())
                && row.values().get(ORDER_STATUS) instanceof String status
                && ENDS_OF_ORDERS.contains(status);
    }

    /** Every table, in the order in which a batch writes them. */
    public static List<TableMapping> all() {
        return List.of(
                ORDERS,
                ACTIVITIES,
                POSITIONS,
                ACCOUNTS,
                ACCOUNT_DAYS,
                SIGNALS,
                STRATEGIES,
                QUOTES,
                BARS,
                RISK,
                ALERTS,
                DENIALS,
                ENTITIES);
    }

    /** The tables that have a row for each entity, so that they can be compared with the state. */
    public static List<TableMapping> ofEntities() {
        return all().stream().filter(table -> table.part() == null).toList();
    }

    private static Column document(String name) {
        return Column.of(name, JSON, c -> String.valueOf(c.json()));
    }

    /**
     * Which columns of a table name the entity of a row.
     *
     * @param domain of all its rows; {@code null} when a column says it
     * @param domainColumn {@code null} when all rows are of one domain
     */
    public record Names(String domain, String domainColumn, String partitionKeyColumn, String idColumn) {}

    /** How to get from a row back to its entity. */
    public static Names names(TableMapping table) {
        EntityChange probe = new EntityChange(0, new EntityKey("domain", "key", "id"), null, 1, 1, 0, 1);
        String domainColumn = null;
        String partitionKeyColumn = null;
        String idColumn = null;
        for (Column column : table.deleteColumns()) {
            Object value = column.value(probe, null);
            domainColumn = "domain".equals(value) ? column.name() : domainColumn;
            partitionKeyColumn = "key".equals(value) ? column.name() : partitionKeyColumn;
            idColumn = "id".equals(value) ? column.name() : idColumn;
        }
        String domain = domainColumn != null
                ? null
                : BY_DOMAIN.entrySet().stream()
                        .filter(entry -> entry.getValue().get(0).table().equals(table.table()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("table " + table.table() + " has no domain"))
                        .getKey();
        // An account is its own partition key.
        return new Names(domain, domainColumn, partitionKeyColumn == null ? idColumn : partitionKeyColumn, idColumn);
    }

    private static Column partitionKey(String name) {
        return Column.of(name, TEXT, c -> c.key().partitionKey());
    }

    private static Column id(String name) {
        return Column.of(name, TEXT, c -> c.key().id());
    }

    private static List<Column> columns(Column... own) {
        return Stream.concat(Stream.of(own), Stream.of(VERSION, PARTITION)).toList();
    }
}
