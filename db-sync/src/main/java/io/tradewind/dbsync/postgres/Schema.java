package io.tradewind.dbsync.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the tables to the version that this program writes, by the migrations in {@code db/migration}. Blocks, and so
 * runs on a worker thread; opens connections of its own over JDBC and closes them. Postgres locks other migrators out
 * meanwhile; a migration that is cut off is rolled back and starts again.
 */
public final class Schema {

    private static final String MIGRATIONS = "classpath:db/migration";
    private static final String HISTORY_TABLE = "tradewind_schema_history";

    private final Vertx vertx;
    private final PostgresConfig config;

    public Schema(Vertx vertx, PostgresConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Fails with what JDBC or Flyway says; {@link #mayHeal} tells whether trying again can help. */
    public Future<Void> migrate() {
        return vertx.executeBlocking(() -> {
            flyway().migrate();
            return null;
        });
    }

    /** Whether Postgres was just not there, as opposed to a schema that this program cannot work with. */
    public static boolean mayHeal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                return state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57")
                        || state.startsWith("40")
                        || state.startsWith("55");
            }
        }
        return !(failure instanceof FlywayException);
    }

    private Flyway flyway() {
        PostgresAddress address = PostgresAddress.of(config);
        long connectSeconds = Math.max(1, config.connectTimeout().toSeconds());
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .jdbcProperties(Map.of(
                        "connectTimeout", Long.toString(connectSeconds),
                        "tcpKeepAlive", "true",
                        "ApplicationName", "tradewind-db-sync-schema"))
                .locations(MIGRATIONS)
                .table(HISTORY_TABLE)
                // Other tables may live in the same schema; ours are then added beside them.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                // None ignored: a database that a newer program has changed is refused, not written to on a guess.
                .ignoreMigrationPatterns(new String[0])
                .validateMigrationNaming(true)
                .loggers("slf4j")
                .load();
    }
}
