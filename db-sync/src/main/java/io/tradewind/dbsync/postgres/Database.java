package io.tradewind.dbsync.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection over which everything is written. A pool of size one, because a pool connects anew by itself.
 *
 * <p>Every statement has a deadline. A connection that misses it, or cannot even roll back, is given up together with
 * its pool: what was sent over it may or may not have been done. The server is told the same limits, so that it does not
 * hold locks for a client that is gone.
 *
 * <p>Used on one event loop, one piece of work at a time; closed by its owner.
 */
public final class Database {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** How much longer the client waits than the server may work, so that the server's own error usually comes first. */
    private static final long GRACE_MS = 1_000;

    /** Room for the longest bulk statement; the client's default would leave it out of the cache. */
    private static final int STATEMENT_CACHE_SQL_LIMIT = 16 * 1024;

    /** Of each table one to insert, one to delete, and one for every set of columns that change together. */
    private static final int STATEMENT_CACHE_SIZE = 256;

    /**
     * Rows are found by their primary keys, always. Left to itself, Postgres makes its plan once, while a table is empty and
     * any index as good as another, and keeps to it until statistics come, long after the table has grown: it has read
     * whole tables, and whole accounts by an index that begins like the key, for every row of a batch. Planning anew for
     * every statement costs little beside the rows of a statement.
     */
    private static final Map<String, String> PLANS = Map.of(
            "plan_cache_mode", "force_custom_plan",
            "enable_hashjoin", "off",
            "enable_mergejoin", "off",
            "enable_seqscan", "off");

    private final Vertx vertx;
    private final PostgresConfig config;
    private final long deadlineMs;
    private Pool pool;
    private boolean closed;

    public Database(Vertx vertx, PostgresConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.deadlineMs = config.commandTimeout().toMillis() + GRACE_MS;
    }

    /** Runs {@code work} on the connection, outside a transaction. */
    public <T> Future<T> with(Function<Session, Future<T>> work) {
        return session().compose(session -> work.apply(session).eventually(session::release));
    }

    /**
     * Runs {@code work} in a transaction, committed when it succeeds, rolled back when it fails. When the future fails,
     * the transaction may nevertheless be committed: the answer to the commit can be lost.
     */
    public <T> Future<T> inTransaction(Function<Session, Future<T>> work) {
        return session().compose(session -> session.run("BEGIN")
                .compose(begun -> work.apply(session))
                .compose(result -> session.run("COMMIT").map(result))
                .recover(failure -> session.rollback().transform(rolledBack -> Future.failedFuture(failure)))
                .eventually(session::release));
    }

    /** Closes the connection; what runs on it ends with an unknown outcome. */
    public Future<Void> close() {
        closed = true;
        Pool closing = pool;
        pool = null;
        return closing == null
                ? Future.succeededFuture()
                : closing.close().timeout(GRACE_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    private Future<Session> session() {
        if (closed) {
            return Future.failedFuture(new IllegalStateException("the connection to Postgres is closed: stopping"));
        }
        if (pool == null) {
            pool = open();
        }
        return pool.getConnection().map(connection -> new Session(pool, connection));
    }

    private Pool open() {
        PgConnectOptions options = PostgresAddress.of(config)
                .options()
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(STATEMENT_CACHE_SIZE)
                .setPreparedStatementCacheSqlLimit(STATEMENT_CACHE_SQL_LIMIT)
                .addProperty("application_name", "tradewind-db-sync")
                .addProperty(
                        "statement_timeout",
                        Long.toString(config.commandTimeout().toMillis()))
                .addProperty("idle_in_transaction_session_timeout", Long.toString(deadlineMs));
        PLANS.forEach(options::addProperty);
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setTcpKeepAlive(true)
                // Also ends a connection that was given up while the other side is silent.
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) (deadlineMs + GRACE_MS));
        PoolOptions single = new PoolOptions()
                .setMaxSize(1)
                .setMaxWaitQueueSize(1)
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setConnectionTimeout((int) (config.connectTimeout().toMillis() + GRACE_MS));
        return PgBuilder.pool()
                .using(vertx)
                .with(net)
                .with(single)
                .connectingTo(options)
                .build();
    }

    private void giveUp(Pool stuck, Throwable why) {
        if (pool != stuck) {
            return;
        }
        if (why instanceof TimeoutException) {
            LOG.warn("Postgres has not answered within {} ms, its connection is given up", deadlineMs);
        } else {
            LOG.debug("the connection to Postgres is given up", why);
        }
        pool = null;
        stuck.close().onFailure(failure -> LOG.debug("closing a given-up connection", failure));
    }

    /** The connection while one piece of work has it. */
    public final class Session {

        private final Pool from;
        private final SqlConnection connection;
        private int statements;

        private Session(Pool from, SqlConnection connection) {
            this.from = from;
            this.connection = connection;
        }

        /** Runs a statement without parameters. */
        public Future<RowSet<Row>> run(String sql) {
            return bounded(connection.query(sql).execute());
        }

        /** Runs a prepared statement. */
        public Future<RowSet<Row>> run(String sql, Tuple parameters) {
            return bounded(connection.preparedQuery(sql).execute(parameters));
        }

        /** How many statements were sent. */
        public int statements() {
            return statements;
        }

        private Future<RowSet<Row>> bounded(Future<RowSet<Row>> answer) {
            statements++;
            return answer.timeout(deadlineMs, TimeUnit.MILLISECONDS).onFailure(failure -> {
                if (failure instanceof TimeoutException) {
                    giveUp(from, failure);
                }
            });
        }

        private Future<Void> rollback() {
            if (pool != from) {
                return Future.succeededFuture();
            }
            // A connection that is still within a transaction must not go back to the pool.
            return run("ROLLBACK").onFailure(failure -> giveUp(from, failure)).mapEmpty();
        }

        private Future<Void> release() {
            if (pool == from) {
                return connection
                        .close()
                        .timeout(GRACE_MS, TimeUnit.MILLISECONDS)
                        .onFailure(f -> giveUp(from, f))
                        .otherwiseEmpty();
            }
            return Future.succeededFuture();
        }
    }
}
