package io.tradewind.statestore.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.statestore.domain.StoredEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads the entries that db-sync has put into the table {@code log_archive}, see docs/STORAGE.md, over connections of
 * its own. Postgres may be away: then a read fails within a bound, and the next one connects anew.
 *
 * <p>On the event loop that it was made on; closed by whoever made it.
 */
public final class LogArchive {

    /** Enough for people who look into the past; commits never need it. */
    private static final int CONNECTIONS = 2;

    private static final int MAX_WAITING = 64;
    private static final long DEADLINE_MS = 3_000;

    /** The client waits a little longer, so that the server's own error usually comes first. */
    private static final long GRACE_MS = 500;

    private static final String READ_BACK = """
            (SELECT last_version, body FROM log_archive
             WHERE partition = $1 AND last_version >= $2 ORDER BY last_version LIMIT 1)
            UNION ALL
            (SELECT last_version, body FROM log_archive
             WHERE partition = $1 AND last_version < $2 ORDER BY last_version DESC LIMIT $3)""";

    private final Pool pool;

    public LogArchive(Vertx vertx, PostgresConfig config) {
        PgConnectOptions options = address(config)
                .setCachePreparedStatements(true)
                .addProperty("application_name", "tradewind-state-store-history")
                .addProperty("statement_timeout", Long.toString(DEADLINE_MS))
                .addProperty("default_transaction_read_only", "on");
        this.pool = PgBuilder.pool()
                .using(vertx)
                .with(new NetClientOptions()
                        .setConnectTimeout((int) config.connectTimeout().toMillis())
                        .setTcpKeepAlive(true))
                .with(new PoolOptions()
                        .setMaxSize(CONNECTIONS)
                        .setMaxWaitQueueSize(MAX_WAITING)
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setConnectionTimeout((int) DEADLINE_MS)
                        // A connection that fell silent is not kept for ever.
                        .setIdleTimeoutUnit(TimeUnit.MINUTES)
                        .setIdleTimeout(1))
                .connectingTo(options)
                .build();
    }

    /**
     * The entry that holds {@code version}, if the archive has it, and those before it, newest first. When it does not,
     * the first one is newer, older, or missing.
     *
     * @param count entries before that one, at most
     */
    public Future<List<StoredEntry>> readBack(int partition, long version, int count) {
        return pool.preparedQuery(READ_BACK)
                .execute(Tuple.of((short) partition, version, (long) count))
                .timeout(DEADLINE_MS + GRACE_MS, TimeUnit.MILLISECONDS)
                .map(rows -> {
                    List<StoredEntry> entries = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        entries.add(
                                new StoredEntry(row.getLong(0), row.getBuffer(1).getBytes()));
                    }
                    return entries;
                });
    }

    public Future<Void> close() {
        return pool.close().timeout(GRACE_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    private static PgConnectOptions address(PostgresConfig config) {
        PgConnectOptions options = PgConnectOptions.fromUri(config.uri());
        String inAddress = URI.create(config.uri()).getUserInfo();
        if (inAddress == null) {
            options.setUser(config.user());
        }
        if (inAddress == null || inAddress.indexOf(':') < 0) {
            options.setPassword(config.password());
        }
        return options;
    }
}
