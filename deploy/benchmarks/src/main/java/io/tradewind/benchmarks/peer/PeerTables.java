package io.tradewind.benchmarks.peer;

import io.tradewind.benchmarks.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;

/**
 * The tables of the peer, in a schema of their own beside those of Tradewind. Blocking, on the main thread, over one
 * connection of its own; the caller closes it.
 */
public final class PeerTables implements AutoCloseable {

    private static final String SCHEMA = "tradewind_bench";

    /** How the names of the tables begin. */
    static final String PREFIX = SCHEMA + ".peer";

    private static final String DROP = "DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE";

    private static final String CREATE = """
            CREATE SCHEMA %1$s;
            CREATE TABLE %2$s_orders (
                client_order_id text PRIMARY KEY, symbol text NOT NULL, side text NOT NULL, type text NOT NULL,
                qty numeric NOT NULL, status text NOT NULL, filled_qty numeric NOT NULL, filled_avg_price numeric,
                created_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE %2$s_fills (
                id bigserial PRIMARY KEY, client_order_id text NOT NULL, qty numeric NOT NULL, price numeric NOT NULL,
                filled_at timestamptz NOT NULL DEFAULT now())""".formatted(SCHEMA, PREFIX);

    private static final long TIMEOUT_MS = 60_000;

    private final PgConnection connection;

    private PeerTables(PgConnection connection) {
        this.connection = connection;
    }

    /** @throws io.tradewind.benchmarks.BenchException when Postgres does not answer */
    public static PeerTables open(Vertx vertx, String uri) {
        return new PeerTables(
                await(PgConnection.connect(vertx, PgConnectOptions.fromUri(uri)), "connecting to Postgres"));
    }

    void create() {
        drop();
        await(connection.query(CREATE).execute(), "making the peer's tables");
    }

    void drop() {
        await(connection.query(DROP).execute(), "dropping the peer's tables");
    }

    /** Orders that are filled. */
    public long filled() {
        return await(
                connection
                        .query("SELECT count(*) FROM " + PREFIX + "_fills")
                        .execute()
                        .map(rows -> rows.iterator().next().getLong(0)),
                "counting the peer's orders");
    }

    private static <T> T await(Future<T> future, String what) {
        return Await.get(future.toCompletionStage(), TIMEOUT_MS, what);
    }

    @Override
    public void close() {
        await(connection.close(), "closing the connection to Postgres");
    }
}
