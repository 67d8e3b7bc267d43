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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** A database with the schema of db-sync, and its one connection. Used by the main thread; what runs, runs on a loop. */
final class LocalTables implements AutoCloseable {

    private static final long DEADLINE_MS = 120_000;
    private static final Duration RETENTION = Duration.ofDays(90);

    /** Of a line of /proc/PID/stat, counted from the state of the process. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    /** The same on every Linux that runs today. */
    private static final long MS_PER_TICK = 10;

    private static final String SIZES = """
            SELECT rpad(relname, 40) || lpad(to_char(pg_relation_size(oid), '999,999,999,999'), 16) FROM pg_class
            WHERE relkind IN ('r', 'i') AND pg_relation_size(oid) > 1048576 ORDER BY pg_relation_size(oid) DESC""";

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

    /** What the event loop of the connection has cost so far. */
    Cost loopCost() {
        return run(() -> Future.succeededFuture(Cost.ofThisThread()));
    }

    /** Processor time of the backend behind the connection so far; 0 where the system does not tell. */
    long backendMs() {
        Path stat = Path.of("/proc", Long.toString(number("SELECT pg_backend_pid()::bigint")), "stat");
        if (!Files.isReadable(stat)) {
            return 0;
        }
        try {
            // The fields behind the name, which is in parentheses and may have spaces.
            String text = Files.readString(stat);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * MS_PER_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException("processor time of Postgres", e);
        }
    }

    /** Length of the write-ahead log so far. */
    long walBytes() {
        return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    /** Tables and indexes of more than a megabyte, largest first. */
    List<String> sizes() {
        List<String> lines = new ArrayList<>();
        run(() -> database.with(session -> session.run(SIZES))).forEach(row -> lines.add(row.getString(0)));
        return lines;
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
