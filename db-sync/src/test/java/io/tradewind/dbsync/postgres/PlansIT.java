package io.tradewind.dbsync.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.domain.EntityChange;
import io.tradewind.dbsync.domain.StateRows;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.config.PostgresConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How Postgres carries out what is written over the one connection. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PlansIT {

    private static final int TIMES_UNTIL_A_PLAN_IS_KEPT = 10;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private Database database;

    @BeforeEach
    void open() throws Exception {
        PostgresConfig config =
                new PostgresConfig(SharedServers.freshDatabase(), null, null, null, null, null, null, null);
        await(new Schema(vertx, config).migrate());
        database = new Database(vertx, config);
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void shouldFindRowsByTheirKeyAlthoughItBeganWithAnEmptyTable() throws Exception {
        for (int i = 0; i < TIMES_UNTIL_A_PLAN_IS_KEPT; i++) {
            update("o-1", 1);
        }
        run("INSERT INTO orders (account_id, id, client_order_id, created_at, version, partition)"
                + " SELECT 'alice', 'o-' || i, 'c-' || i, now() + i * interval '1 ms', 1, 4"
                + " FROM generate_series(1, 5000) AS i");
        long before = scansByTime();

        for (int i = 1; i <= TIMES_UNTIL_A_PLAN_IS_KEPT; i++) {
            update("o-" + i, 2);
        }

        assertEquals(before, scansByTime(), "an index that begins like the key leads through the whole account");
        assertEquals(
                TIMES_UNTIL_A_PLAN_IS_KEPT,
                run("SELECT count(*) FROM orders WHERE version = 2")
                        .iterator()
                        .next()
                        .getInteger(0));
    }

    private void update(String id, long version) throws Exception {
        TableMapping orders = TableMappings.of(Domains.ORDER);
        int versionColumn =
                orders.columns().stream().map(column -> column.name()).toList().indexOf(TableMapping.VERSION);
        BulkStatement update = BulkStatement.update(orders, List.of(versionColumn));
        EntityChange change = new EntityChange(
                4, new EntityKey(Domains.ORDER, "alice", id), Json.of("{\"id\":\"x\"}"), version, version, 1, 1);
        StateRows rows = StateRows.ofPuts(Domains.ORDER, List.of(change));
        with(session -> session.run(update.sql(), update.parameters(rows.rows())));
    }

    private long scansByTime() throws Exception {
        run("SELECT pg_stat_force_next_flush()");
        return run("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'orders_by_time'")
                .iterator()
                .next()
                .getLong(0);
    }

    private RowSet<Row> run(String sql) throws Exception {
        return with(session -> session.run(sql));
    }

    private <T> T with(Function<Database.Session, Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(begin -> database.with(work).onComplete(done));
        return await(done.future());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
