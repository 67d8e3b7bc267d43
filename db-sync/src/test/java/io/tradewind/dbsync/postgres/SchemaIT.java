package io.tradewind.dbsync.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.dbsync.domain.Column;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresAddress;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The schema as the migrations make it: of an empty database, and of one that the first release has filled. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SchemaIT {

    private final Vertx vertx = Vertx.vertx();
    private PostgresConfig config;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        config = new PostgresConfig(SharedServers.freshDatabase(), null, null, null, null, null, null, null);
        PostgresAddress address = PostgresAddress.of(config);
        connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldHaveTheColumnsThatAreWritten() throws Exception {
        migrate();

        for (TableMapping table : TableMappings.all()) {
            assertEquals(
                    table.columns().stream().map(Column::name).collect(Collectors.toCollection(TreeSet::new)),
                    new TreeSet<>(query("SELECT column_name FROM information_schema.columns WHERE table_name = '"
                            + table.table() + "'")),
                    table.table());
            assertEquals(
                    new TreeSet<>(table.key()),
                    new TreeSet<>(
                            query("SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
                                    + " AND a.attnum = ANY (i.indkey) WHERE i.indisprimary AND i.indrelid = '"
                                    + table.table() + "'::regclass")),
                    table.table());
        }
    }

    @Test
    void shouldSayOfEveryTableAndColumnWhatItIs() throws Exception {
        migrate();

        assertEquals(
                List.of(),
                query("SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
                        + " AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition"
                        + " AND c.relname <> 'tradewind_schema_history' AND obj_description(c.oid) IS NULL"));
        assertEquals(
                List.of(),
                query("SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                        + " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
                        + " AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped"
                        + " AND c.relname <> 'tradewind_schema_history'"
                        + " AND col_description(c.oid, a.attnum) IS NULL"));
    }

    @Test
    void shouldKeepMomentsNotLocalTimes() throws Exception {
        migrate();

        assertEquals(
                List.of(),
                query("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
                        + " AND data_type = 'timestamp without time zone'"
                        + " AND table_name <> 'tradewind_schema_history'"));
    }

    @Test
    void shouldUpgradeWhatTheFirstReleaseHasFilled() throws Exception {
        migrateTo("1");
        run(resource("/legacy/rows-of-v1.sql"));
        List<String> before = query("SELECT id, status, filled_qty, version FROM orders ORDER BY id");

        migrate();

        assertEquals(before, query("SELECT id, status, filled_qty, version FROM orders ORDER BY id"));
        assertEquals(
                List.of("e-1|1|null"), query("SELECT id, qty, execution_id FROM activities"), "rows without the new");
        assertEquals(List.of("AAPL|1|187.5|null"), query("SELECT symbol, qty, cost_basis, asset_id FROM positions"));
        assertEquals(List.of("alice|99812.5|null"), query("SELECT id, cash, trading_day FROM accounts"));
        assertEquals(
                List.of("alice|s-1|momentum|AAPL|0.5|rising|t|12|4"),
                query("SELECT account_id, id, strategy, symbol, strength, reason,"
                        + " signaled_at = '2026-01-31T09:30:00.125Z', version, partition FROM signals"));
        assertEquals(
                List.of("alice|momentum|running|17|boom|5"),
                query("SELECT account_id, name, state, calls, last_error, body->'parameters'->>'window'"
                        + " FROM strategies"));
        assertEquals(
                List.of("market|AAPL|187.49|187.51|187.50"),
                query("SELECT feed, symbol, bid_price, ask_price, last_price FROM quotes"));
        assertEquals(
                List.of("global|trading-state|halted|drill"),
                query("SELECT account_id, id, trading_state, reason FROM risk"));
        assertEquals(
                List.of("weather|europe|oslo"),
                query("SELECT domain, partition_key, id FROM entities"),
                "what has no table of its own stays");
        assertEquals(
                List.of("market|odd|22P02|{\"bid_price\": \"a lot\"}"),
                query("SELECT domain, entity_id, sql_state, convert_from(payload, 'UTF8') FROM dead_letters"),
                "what does not fit is set aside");
        assertEquals(List.of("4|12"), query("SELECT partition, version FROM sync_offsets WHERE version > 0"));
    }

    @Test
    void shouldBeTheSameByUpgradeAndAnew() throws Exception {
        migrateTo("1");
        migrate();
        List<String> upgraded = catalogue();
        connection.close();
        open();
        migrate();

        assertEquals(catalogue(), upgraded);
        assertTrue(upgraded.size() > 150, upgraded::toString);
    }

    private List<String> catalogue() throws SQLException {
        List<String> all =
                new ArrayList<>(query("SELECT table_name, column_name, data_type, is_nullable, collation_name"
                        + " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"));
        all.addAll(query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"));
        return all;
    }

    private void migrate() throws Exception {
        new Schema(vertx, config)
                .migrate()
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    /** As a release did that knew no later migration. */
    private void migrateTo(String version) {
        PostgresAddress address = PostgresAddress.of(config);
        Flyway.configure()
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .locations("classpath:db/migration")
                .table("tradewind_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target(version)
                .load()
                .migrate();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int c = 1; c <= rows.getMetaData().getColumnCount(); c++) {
                    columns.add(String.valueOf(rows.getString(c)));
                }
                found.add(String.join("|", columns));
            }
            return found;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SchemaIT.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
