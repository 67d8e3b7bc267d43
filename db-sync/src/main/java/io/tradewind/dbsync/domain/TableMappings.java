package io.tradewind.dbsync.domain;

import static io.tradewind.dbsync.domain.Column.field;
import static io.tradewind.dbsync.domain.ColumnType.DECIMAL;
import static io.tradewind.dbsync.domain.ColumnType.FLAG;
import static io.tradewind.dbsync.domain.ColumnType.INTEGER;
import static io.tradewind.dbsync.domain.ColumnType.JSON;
import static io.tradewind.dbsync.domain.ColumnType.TEXT;
import static io.tradewind.dbsync.domain.ColumnType.TIME;

import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which domain goes to which table. A domain without a table of its own goes to {@code entities}, so that a new one
 * works without code. The columns are those of {@code db/migration}.
 */
public final class TableMappings {

    private static final Column VERSION = new Column(TableMapping.VERSION, INTEGER, (c, f) -> c.version());
    private static final Column PARTITION = new Column("partition", INTEGER, (c, f) -> (long) c.partition());

    private static final TableMapping ORDERS = new TableMapping(
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
                    field("failed_at", TIME)),
            List.of("account_id", "id"),
            true,
            OnConflict.REPLACE_OLDER,
            OnDelete.KEEP_ROW);

    private static final TableMapping ACTIVITIES = new TableMapping(
            "activities",
            columns(
                    partitionKey("account_id"),
                    id("id"),
                    field("activity_type", TEXT),
                    field("type", TEXT),
                    field("order_id", TEXT),
                    field("symbol", TEXT),
                    field("side", TEXT),
                    field("qty", DECIMAL),
                    field("price", DECIMAL),
                    field("fee", DECIMAL),
                    field("cum_qty", DECIMAL),
                    field("leaves_qty", DECIMAL),
                    field("transaction_time", TIME)),
            List.of("account_id", "id"),
            true,
            OnConflict.KEEP,
            OnDelete.KEEP_ROW);

    private static final TableMapping POSITIONS = new TableMapping(
            "positions",
            columns(
                    partitionKey("account_id"),
                    id("symbol"),
                    field("qty", DECIMAL),
                    field("side", TEXT),
                    field("avg_entry_price", DECIMAL),
                    field("cost_basis", DECIMAL),
                    field("current_price", DECIMAL),
                    field("market_value", DECIMAL),
                    field("unrealized_pl", DECIMAL),
                    field("realized_pl", DECIMAL),
                    field("updated_at", TIME)),
            List.of("account_id", "symbol"),
            true,
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping ACCOUNTS = new TableMapping(
            "accounts",
            columns(
                    id("id"),
                    field("account_number", TEXT),
                    field("status", TEXT),
                    field("currency", TEXT),
                    field("cash", DECIMAL),
                    field("equity", DECIMAL),
                    field("buying_power", DECIMAL),
                    field("realized_pl", DECIMAL),
                    field("unrealized_pl", DECIMAL),
                    field("fees", DECIMAL),
                    field("daily_pl", DECIMAL),
                    field("updated_at", TIME)),
            List.of("id"),
            true,
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final TableMapping ENTITIES = new TableMapping(
            "entities",
            columns(
                    new Column("domain", TEXT, (c, f) -> c.key().domain()),
                    partitionKey("partition_key"),
                    id("id"),
                    new Column("updated_at", TIME, (c, f) -> Instant.ofEpochMilli(c.timeMs())
                            .atOffset(ZoneOffset.UTC)),
                    new Column("body", JSON, (c, f) -> String.valueOf(c.json()))),
            List.of("domain", "partition_key", "id"),
            false,
            OnConflict.REPLACE_OLDER,
            OnDelete.REMOVE_ROW);

    private static final Map<String, TableMapping> BY_DOMAIN = Map.of(
            Domains.ORDER, ORDERS,
            Domains.ACTIVITY, ACTIVITIES,
            Domains.POSITION, POSITIONS,
            Domains.ACCOUNT, ACCOUNTS);

    private TableMappings() {}

    /** Where the entities of a domain go. */
    public static TableMapping of(String domain) {
        return BY_DOMAIN.getOrDefault(domain, ENTITIES);
    }

    /** Every table, in the order in which a batch writes them. */
    public static List<TableMapping> all() {
        return List.of(ORDERS, ACTIVITIES, POSITIONS, ACCOUNTS, ENTITIES);
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
            Object value = column.source().value(probe, Map.of());
            domainColumn = "domain".equals(value) ? column.name() : domainColumn;
            partitionKeyColumn = "key".equals(value) ? column.name() : partitionKeyColumn;
            idColumn = "id".equals(value) ? column.name() : idColumn;
        }
        String domain = domainColumn != null
                ? null
                : BY_DOMAIN.entrySet().stream()
                        .filter(entry -> entry.getValue().table().equals(table.table()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("table " + table.table() + " has no domain"))
                        .getKey();
        // An account is its own partition key.
        return new Names(domain, domainColumn, partitionKeyColumn == null ? idColumn : partitionKeyColumn, idColumn);
    }

    private static Column partitionKey(String name) {
        return new Column(name, TEXT, (c, f) -> c.key().partitionKey());
    }

    private static Column id(String name) {
        return new Column(name, TEXT, (c, f) -> c.key().id());
    }

    private static List<Column> columns(Column... own) {
        return Stream.concat(Stream.of(own), Stream.of(VERSION, PARTITION)).toList();
    }
}
