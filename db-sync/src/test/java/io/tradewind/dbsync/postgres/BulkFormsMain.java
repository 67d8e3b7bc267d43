package io.tradewind.dbsync.postgres;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.dbsync.TestLog;
import io.tradewind.dbsync.domain.BatchAssembler;
import io.tradewind.dbsync.domain.BatchLimits;
import io.tradewind.dbsync.domain.Column;
import io.tradewind.dbsync.domain.ColumnType;
import io.tradewind.dbsync.domain.LogEntry;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import io.tradewind.dbsync.domain.Row;
import io.tradewind.dbsync.domain.TableOp;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which form of bulk upsert is fastest through the client that is used? Prints, for 2,000 order rows in one transaction,
 * the median of inserts and of updates, with the conversion from JSON included where the form needs it. Not a test: run it
 * by hand on an otherwise quiet machine.
 */
public final class BulkFormsMain {

    private static final int ROWS = 2_000;
    private static final int ROUNDS = 25;
    private static final int WARM_UP = 8;

    private final PgConnection connection;

    private BulkFormsMain(PgConnection connection) {
        this.connection = connection;
    }

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        try {
            measure(vertx);
        } finally {
            await(vertx.close());
        }
    }

    private static void measure(Vertx vertx) {
        PostgresConfig config =
                new PostgresConfig(SharedServers.freshDatabase(), null, null, null, null, null, null, null);
        await(new Schema(vertx, config).migrate());
        var options = PostgresAddress.of(config)
                .options()
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheSqlLimit(16 * 1024);
        BulkFormsMain measure = new BulkFormsMain(await(PgConnection.connect(vertx, options)));
        try (BatchAssembler assembler = new BatchAssembler(new BatchLimits(ROWS, Integer.MAX_VALUE));
                LogCodec codec = new LogCodec()) {
            measure.report("typed arrays, 2000 rows", round -> measure.typed(ops(assembler, codec, round), ROWS));
            measure.report("typed arrays, 1000 rows", round -> measure.typed(ops(assembler, codec, round), 1_000));
            measure.report("typed arrays, 500 rows", round -> measure.typed(ops(assembler, codec, round), 500));
            measure.report("typed arrays, in FROM", round -> measure.inFrom(ops(assembler, codec, round)));
            measure.report("text arrays, cast by server", round -> measure.text(ops(assembler, codec, round)));
            measure.report("documents, parsed by server", measure::documents);
            measure.report("executeBatch", round -> measure.batch(ops(assembler, codec, round)));
            measure.report("server-side INSERT … SELECT", measure::serverSide);
        }
    }

    private void report(String form, Function<Integer, Future<?>> round) {
        List<Long> inserts = new ArrayList<>();
        List<Long> updates = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            await(connection.query("TRUNCATE orders").execute());
            long insert = time(round, 1);
            long update = time(round, 2);
            if (i >= WARM_UP) {
                inserts.add(insert);
                updates.add(update);
            }
        }
        System.out.println(String.format(
                Locale.ROOT,
                "%-30s insert %6.1f ms %7d rows/s   update %6.1f ms %7d rows/s",
                form,
                median(inserts) / 1e6,
                ROWS * 1_000_000_000L / median(inserts),
                median(updates) / 1e6,
                ROWS * 1_000_000_000L / median(updates)));
    }

    private long time(Function<Integer, Future<?>> round, int version) {
        long began = System.nanoTime();
        await(connection
                .query("BEGIN")
                .execute()
                .compose(v -> round.apply(version))
                .compose(v -> connection.query("COMMIT").execute()));
        return System.nanoTime() - began;
    }

    private static TableOp ops(BatchAssembler assembler, LogCodec codec, int version) {
        List<LogEntry> entries = List.of(new LogEntry((long) version * ROWS, codec.encode(transactions(version))));
        return assembler
                .assemble(
                        Offsets.none().with(0, (version - 1L) * ROWS),
                        List.of(new PartitionRead(0, (long) version * ROWS, entries, false)))
                .ops()
                .get(0);
    }

    private static List<CommittedTransaction> transactions(int version) {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> TestLog.tx((version - 1L) * ROWS + i + 1, mutation(i, version)))
                .toList();
    }

    private static Mutation mutation(int i, int version) {
        return TestLog.order("A", String.format(Locale.ROOT, "o-%06d", i), version == 1 ? "accepted" : "filled", "10");
    }

    private Future<?> typed(TableOp op, int chunk) {
        BulkStatement statement = BulkStatement.put(op.table());
        Future<?> done = Future.succeededFuture();
        for (int from = 0; from < ROWS; from += chunk) {
            List<Row> rows = op.rows().subList(from, Math.min(ROWS, from + chunk));
            done = done.compose(v -> connection.preparedQuery(statement.sql()).execute(statement.parameters(rows)));
        }
        return done;
    }

    private Future<?> inFrom(TableOp op) {
        List<Column> columns = op.table().columns();
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String values = columns.stream()
                .map(c -> c.name() + BulkStatement.cast(c.type()))
                .collect(Collectors.joining(", "));
        String arrays = IntStream.range(0, columns.size())
                .mapToObj(i -> "$" + (i + 1) + "::"
                        + BulkStatement.sqlType(columns.get(i).type()) + "[]")
                .collect(Collectors.joining(", "));
        String sql = "INSERT INTO orders (" + names + ") SELECT " + values + " FROM unnest(" + arrays + ") AS b("
                + names + ")" + onConflict(columns);
        return connection
                .preparedQuery(sql)
                .execute(BulkStatement.put(op.table()).parameters(op.rows()));
    }

    private Future<?> text(TableOp op) {
        List<Column> columns = op.table().columns();
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String casts =
                columns.stream().map(c -> c.name() + "::" + type(c.type())).collect(Collectors.joining(", "));
        String arrays = IntStream.rangeClosed(1, columns.size())
                .mapToObj(i -> "$" + i + "::text[]")
                .collect(Collectors.joining(", "));
        Tuple tuple = Tuple.tuple();
        for (int c = 0; c < columns.size(); c++) {
            String[] values = new String[op.rows().size()];
            for (int r = 0; r < values.length; r++) {
                Object value = op.rows().get(r).values().get(c);
                values[r] = value == null ? null : value.toString();
            }
            tuple.addValue(values);
        }
        String sql = "INSERT INTO orders (" + names + ") SELECT " + casts + " FROM unnest(" + arrays + ") AS b(" + names
                + ")" + onConflict(columns);
        return connection.preparedQuery(sql).execute(tuple);
    }

    private Future<?> documents(int version) {
        List<Column> columns = orderColumns();
        String[] documents = new String[ROWS];
        Long[] versions = new Long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            documents[i] = mutation(i, version).json().toString();
            versions[i] = (version - 1L) * ROWS + i + 1;
        }
        List<Column> fields = columns.subList(0, columns.size() - 2);
        String names = fields.stream().map(Column::name).collect(Collectors.joining(", "));
        String types = fields.stream().map(c -> c.name() + " " + type(c.type())).collect(Collectors.joining(", "));
        String sql = "INSERT INTO orders (" + names + ", version, partition) SELECT "
                + fields.stream().map(c -> "r." + c.name()).collect(Collectors.joining(", "))
                + ", b.version, 0 FROM unnest($1::text[], $2::bigint[]) AS b(body, version), json_to_record(b.body::json) AS r("
                + types + ")" + onConflict(columns);
        return connection
                .preparedQuery(sql)
                .execute(Tuple.tuple().addValue(documents).addValue(versions));
    }

    private Future<?> batch(TableOp op) {
        List<Column> columns = op.table().columns();
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String values = IntStream.rangeClosed(1, columns.size())
                .mapToObj(i -> "$" + i + single(columns.get(i - 1)))
                .collect(Collectors.joining(", "));
        List<Tuple> tuples = op.rows().stream()
                .map(row -> Tuple.wrap(new ArrayList<>(row.values())))
                .toList();
        String sql = "INSERT INTO orders (" + names + ") VALUES (" + values + ")" + onConflict(columns);
        return connection.preparedQuery(sql).executeBatch(tuples);
    }

    /** How a parameter for one row has to be cast. */
    private static String single(Column column) {
        return switch (column.type()) {
            case DECIMAL -> "::text::numeric";
            case INTEGER -> "::bigint";
            case TEXT, JSON, FLAG, TIME, DATE -> "";
        };
    }

    private Future<?> serverSide(int version) {
        List<Column> columns = orderColumns();
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String sql =
                "INSERT INTO orders (" + names + ") SELECT 'A', 'o-' || lpad(i::text, 6, '0'), 'client-' || i, 'AAPL',"
                        + " 'us_equity', 10, 10, NULL, 'simple', 'limit', 'buy', 'day', 187.25, 'filled', false, 'normal', 0,"
                        + " 'key-1', NULL, now(), now(), now(), NULL, NULL, NULL, NULL, " + version + " * 2000 + i, 0"
                        + " FROM generate_series(1, " + ROWS + ") AS i" + onConflict(columns);
        return connection.preparedQuery(sql).execute();
    }

    private static List<Column> orderColumns() {
        try (BatchAssembler assembler = new BatchAssembler(new BatchLimits(ROWS, Integer.MAX_VALUE));
                LogCodec codec = new LogCodec()) {
            return ops(assembler, codec, 1).table().columns();
        }
    }

    private static String onConflict(List<Column> columns) {
        return " ON CONFLICT (account_id, id) DO UPDATE SET "
                + columns.stream()
                        .skip(2)
                        .map(c -> c.name() + " = excluded." + c.name())
                        .collect(Collectors.joining(", "))
                + " WHERE orders.version < excluded.version";
    }

    private static String type(ColumnType type) {
        return switch (type) {
            case TEXT, JSON -> "text";
            case DECIMAL -> "numeric";
            case INTEGER -> "bigint";
            case FLAG -> "boolean";
            case TIME -> "timestamptz";
            case DATE -> "date";
        };
    }

    private static long median(List<Long> times) {
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
