package io.tradewind.monitor.postgres;

import io.tradewind.monitor.domain.PostgresStatus;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Asks Postgres how it is, over a connection of its own. After a failure the connection is dropped and the next probe
 * opens a new one: the interval of the probes is the backoff.
 *
 * <p>Lives on the event loop that calls it. Closed by whoever made it.
 */
public final class PostgresProbe {

    private static final double NANOS_PER_MS = 1e6;

    private static final String PING = "SELECT 1";
    private static final String FACTS = """
            SELECT current_setting('server_version') AS version,
                   current_setting('synchronous_commit') AS synchronous_commit,
                   current_setting('fsync') AS fsync,
                   pg_database_size(current_database()) AS database_bytes,
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
                   current_setting('max_connections')::bigint AS max_connections,
                   extract(epoch FROM now() - pg_postmaster_start_time())::bigint AS uptime_s""";

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final long timeoutMs;
    private PgConnection connection;
    private boolean closed;

    /** @param timeout longest wait for a connection, and for each answer */
    public PostgresProbe(Vertx vertx, PostgresConfig config, Duration timeout) {
        this.vertx = vertx;
        this.options = PostgresAddress.of(config).options();
        this.timeoutMs = timeout.toMillis();
    }

    /** How Postgres is now. Never fails. One at a time. */
    public Future<PostgresStatus> probe() {
        return connected().compose(this::ask).otherwise(failure -> {
            drop();
            return PostgresStatus.down(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        });
    }

    public Future<Void> close() {
        closed = true;
        drop();
        return Future.succeededFuture();
    }

    private Future<PgConnection> connected() {
        if (connection != null) {
            return Future.succeededFuture(connection);
        }
        Future<PgConnection> opening = PgConnection.connect(vertx, options);
        Future<PgConnection> inTime = opening.timeout(timeoutMs, TimeUnit.MILLISECONDS);
        // One that opens after its time belongs to nobody.
        opening.onSuccess(opened -> {
            if (closed || inTime.failed()) {
                opened.close();
            }
        });
        return inTime.map(opened -> {
            connection = opened;
            opened.closeHandler(v -> forget(opened));
            opened.exceptionHandler(failure -> forget(opened));
            return opened;
        });
    }

    private Future<PostgresStatus> ask(PgConnection open) {
        long startNanos = System.nanoTime();
        return open.query(PING)
                .execute()
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .compose(one -> {
                    double queryMs = (System.nanoTime() - startNanos) / NANOS_PER_MS;
                    return open.query(FACTS)
                            .execute()
                            .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                            .map(rows -> PostgresStatus.up(
                                    queryMs, facts(rows.iterator().next())));
                });
    }

    private static PostgresStatus.Facts facts(Row row) {
        return new PostgresStatus.Facts(
                row.getString("version"),
                row.getString("synchronous_commit"),
                row.getString("fsync"),
                row.getLong("database_bytes"),
                row.getLong("connections"),
                row.getLong("max_connections"),
                row.getLong("uptime_s"));
    }

    private void forget(PgConnection which) {
        if (connection != null && connection.equals(which)) {
            connection = null;
        }
    }

    private void drop() {
        PgConnection old = connection;
        connection = null;
        if (old != null) {
            old.close();
        }
    }
}
