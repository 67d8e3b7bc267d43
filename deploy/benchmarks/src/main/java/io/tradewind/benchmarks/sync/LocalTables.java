package io.tradewind.benchmarks.sync;

import io.tradewind.benchmarks.Await;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.postgres.BatchWriter;
import io.tradewind.dbsync.postgres.Database;
import io.tradewind.dbsync.postgres.Schema;
import io.tradewind.dbsync.postgres.WeeklyTables;
import io.tradewind.dbsync.postgres.Written;
import io.tradewind.embeddedservers.EmbeddedPostgres;
import io.tradewind.servicekit.config.PostgresConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** A database with the schema of db-sync, and its one connection. Used by the main thread; what runs, runs on a loop. */
final class LocalTables implements AutoCloseable {

    private static final long DEADLINE_MS = 120_000;
    private static final Duration RETENTION = Duration.ofDays(90);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Database database;
    private final BatchWriter writer;

    LocalTables(EmbeddedPostgres postgres, String name, int statementRows) {
        String uri = postgres.createDatabase("bench_" + name.toLowerCase(Locale.ROOT));
        PostgresConfig config = new PostgresConfig(uri, null, null, null, null, Duration.ofMinutes(2), null, null);
        Await.get(new Schema(vertx, config).migrate().toCompletionStage(), DEADLINE_MS, "making the tables");
        database = new Database(vertx, config);
        writer = new BatchWriter(database, statementRows);
        run(() -> new WeeklyTables(database, RETENTION, RETENTION).maintain());
    }

    Written write(Batch batch) {
        return run(() -> writer.write(batch));
    }

    /** Statements in one transaction, each behind the answer to the one before. */
    void inTransaction(List<String> statements) {
        run(() -> database.inTransaction(session -> {
            Future<RowSet<Row>> done = Future.succeededFuture();
            for (String statement : statements) {
                done = done.compose(before -> session.run(statement));
            }
            return done;
        }));
    }

    /**
     * A statement for one row.
     *
     * @param sql the same for all rows of a table
     */
    record Single(String sql, Tuple row) {}

    /** One row after the other, each behind the answer to the one before, in one transaction. */
    void rowByRow(List<Single> rows) {
        run(() -> database.inTransaction(session -> {
            Future<RowSet<Row>> done = Future.succeededFuture();
            for (Single single : rows) {
                done = done.compose(before -> session.run(single.sql, single.row));
            }
            return done;
        }));
    }

    void execute(String sql) {
        run(() -> database.with(session -> session.run(sql)));
    }

    long number(String sql) {
        return run(() -> database.with(session -> session.run(sql)))
                .iterator()
                .next()
                .getLong(0);
    }

    private <T> T run(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(v -> work.get().onComplete(done));
        return Await.get(done.future().toCompletionStage(), DEADLINE_MS, "writing to Postgres");
    }

    @Override
    public void close() {
        run(database::close);
        Await.get(vertx.close().toCompletionStage(), DEADLINE_MS, "stopping Vert.x");
    }
}
