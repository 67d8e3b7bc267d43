package io.tradewind.servicekit.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;

/**
 * Questions to Postgres now and then, over a few connections that cannot write. Postgres may be away: then a question
 * fails within a bound, and the next one connects anew.
 *
 * <p>On the event loop that it was made on; closed by whoever made it.
 */
public final class PostgresReader {

    /** Enough for people who look into the past; what has to be quick does not depend on it. */
    private static final int CONNECTIONS = 2;

    /** The client waits a little longer than the server, so that the server's own error usually comes first. */
    private static final long GRACE_MS = 500;

    /** A connection that fell silent is not kept for ever. */
    private static final int IDLE_MINUTES = 1;

    private final Pool pool;
    private final long deadlineMs;

    /**
     * @param name by which Postgres shows the connections
     * @param maxWaiting questions that wait for a connection; more fail at once
     * @param deadlineMs for each question, and for getting a connection
     */
    public PostgresReader(Vertx vertx, PostgresConfig config, String name, int maxWaiting, long deadlineMs) {
        this.deadlineMs = deadlineMs;
        PgConnectOptions options = PostgresAddress.of(config)
                .options()
                .setCachePreparedStatements(true)
                .addProperty("application_name", name)
                .addProperty("statement_timeout", Long.toString(deadlineMs))
                .addProperty("default_transaction_read_only", "on");
        this.pool = PgBuilder.pool()
                .using(vertx)
                .with(new NetClientOptions()
                        .setConnectTimeout((int) config.connectTimeout().toMillis())
                        .setTcpKeepAlive(true))
                .with(new PoolOptions()
                        .setMaxSize(CONNECTIONS)
                        .setMaxWaitQueueSize(maxWaiting)
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setConnectionTimeout((int) deadlineMs)
                        .setIdleTimeoutUnit(TimeUnit.MINUTES)
                        .setIdleTimeout(IDLE_MINUTES))
                .connectingTo(options)
                .build();
    }

    public Future<RowSet<Row>> ask(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).timeout(deadlineMs + GRACE_MS, TimeUnit.MILLISECONDS);
    }

    public Future<Void> close() {
        return pool.close().timeout(GRACE_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }
}
