package io.tradewind.benchmarks.sync;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.dbsync.domain.AuditEntry;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.BatchAssembler;
import io.tradewind.dbsync.domain.BatchLimits;
import io.tradewind.dbsync.domain.Column;
import io.tradewind.dbsync.domain.ColumnType;
import io.tradewind.dbsync.domain.LogEntry;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import io.tradewind.dbsync.domain.Row;
import io.tradewind.dbsync.domain.TableOp;
import io.vertx.sqlclient.Tuple;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Batches of order rows with their audit, one log entry for the archive and the offset, in one transaction each:
 *
 * <pre>
 *   db-sync       batch ──► arrays ──► one connection ──► unnest ──► tables
 *   server-side   the very same rows, already in a table of Postgres ──► INSERT … SELECT … ON CONFLICT ──► tables
 *   row by row    the very same rows, one statement for each, with its values, each behind the answer to the one before
 * </pre>
 *
 * They take turns in the same tables, which grow with all of them; each round has new orders first, then the same orders
 * filled. Turning the log into batches is measured apart, because db-sync does it on another thread meanwhile.
 */
final class WriteBench {

    private static final long T0 = 1_790_000_000_000L;
    private static final int PARTITION = 0;
    private static final int ROW_BY_ROW_ROUNDS = 5;

    private static final String NEW = "new orders";
    private static final String FILLED = "orders filled";

    private static final String ORDER_COLUMNS = """
            id, client_order_id, symbol, asset_class, qty, filled_qty, filled_avg_price, order_class, type, side,
            time_in_force, limit_price, status, extended_hours, priority, executions, source, reason, created_at,
            updated_at, submitted_at, filled_at, canceled_at, expired_at, failed_at, version, partition""";

    private static final String AUDIT_COLUMNS = """
            version, at, ordinal, bytes, partition, domain, entity_id, kind, status, transaction_id, correlation_id,
            causation_id, actor""";

    private static final String UPSERT = " ON CONFLICT (account_id, id) DO UPDATE SET "
            + String.join(
                    ", ",
                    Stream.of(ORDER_COLUMNS.split(",\\s*"))
                            .filter(column -> !column.equals("id"))
                            .map(column -> column + " = excluded." + column)
                            .toList())
            + " WHERE orders.version < excluded.version";

    private final LocalTables tables;
    private final PrintStream out;
    private final int rows;
    private final int rounds;
    private final int warmUp;
    private final Map<String, List<Long>> timesNs = new LinkedHashMap<>();
    private Offsets offsets = Offsets.none();

    WriteBench(LocalTables tables, PrintStream out, int rows, int rounds, int warmUp) {
        this.tables = tables;
        this.out = out;
        this.rows = rows;
        this.rounds = rounds;
        this.warmUp = warmUp;
    }

    void run() {
        out.printf(
                Locale.ROOT,
                "%nWrites: batches of %,d orders, %,d audit rows, an entry of the archive, an offset; median of %d%n",
                rows,
                rows,
                rounds);
        tables.execute("SET client_min_messages = warning");
        try (LogCodec codec = new LogCodec();
                BatchAssembler assembler = new BatchAssembler(new BatchLimits(rows, Integer.MAX_VALUE))) {
            for (int round = 0; round < warmUp + rounds; round++) {
                if (round == warmUp) {
                    timesNs.clear();
                }
                round(codec, assembler, round, round >= warmUp && round - warmUp < ROW_BY_ROW_ROUNDS);
            }
        }
        for (String what : List.of(NEW, FILLED)) {
            double server = report(what, "server-side", 0);
            double sync = report(what, "db-sync", server);
            double single = report(what, "row by row", server);
            out.printf(Locale.ROOT, "  %-14s db-sync is %.1f times row by row%n", what, sync / single);
        }
        report("both", "log to batch", 0);
    }

    private void round(LogCodec codec, BatchAssembler assembler, int round, boolean alsoRowByRow) {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            orders.add(LogOfOrders.accepted("c" + round, i, T0 + round * 1_000L));
        }
        step(codec, assembler, NEW, round, orders, alsoRowByRow);
        step(
                codec,
                assembler,
                FILLED,
                round,
                orders.stream()
                        .map(order -> LogOfOrders.filled(order, T0 + round * 1_000L + 7))
                        .toList(),
                alsoRowByRow);
    }

    private void step(
            LogCodec codec,
            BatchAssembler assembler,
            String what,
            int round,
            List<Order> orders,
            boolean alsoRowByRow) {
        long from = offsets.of(PARTITION);
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (Order order : orders) {
            long version = from + transactions.size() + 1;
            transactions.add(new CommittedTransaction(
                    version,
                    order.times().updatedAtMs(),
                    "tx-" + order.id(),
                    new Cause("request-" + version, order.clientOrderId(), "key-0123456789"),
                    List.of(LogOfOrders.put(order))));
        }
        long to = from + orders.size();
        List<LogEntry> entries = List.of(new LogEntry(to, codec.encode(transactions)));
        Batch[] batch = new Batch[1];
        time(
                "both log to batch",
                () -> batch[0] =
                        assembler.assemble(offsets, List.of(new PartitionRead(PARTITION, to, entries, false))));
        offsets = offsets.with(PARTITION, to);
        time(what + " db-sync", () -> tables.write(batch[0]));
        serverSide(what, round, from);
        if (alsoRowByRow) {
            rowByRow(what, round, batch[0]);
        }
    }

    /** The rows that were just written, once more for another account. */
    private void serverSide(String what, int round, long from) {
        tables.execute("DROP TABLE IF EXISTS source_orders, source_audit");
        tables.execute("CREATE UNLOGGED TABLE source_orders AS SELECT 's" + round + "' AS account_id, " + ORDER_COLUMNS
                + " FROM orders WHERE account_id = 'c" + round + "' ORDER BY id");
        tables.execute(
                "CREATE UNLOGGED TABLE source_audit AS SELECT 's" + round + "' AS partition_key, " + AUDIT_COLUMNS
                        + " FROM state_changes WHERE partition_key = 'c" + round + "' AND version > " + from
                        + " ORDER BY version");
        List<String> statements = List.of(
                "UPDATE sync_offsets SET updated_at = now() WHERE partition = " + PARTITION,
                "INSERT INTO state_changes (partition_key, " + AUDIT_COLUMNS + ") SELECT partition_key, "
                        + AUDIT_COLUMNS + " FROM source_audit",
                "INSERT INTO orders (account_id, " + ORDER_COLUMNS + ") SELECT account_id, " + ORDER_COLUMNS
                        + " FROM source_orders" + UPSERT);
        time(what + " server-side", () -> tables.inTransaction(statements));
    }

    /** The same rows for a third account, each order and each change by a statement of its own, with its values. */
    private void rowByRow(String what, int round, Batch batch) {
        String account = "r" + round;
        TableOp orders = batch.ops().get(0);
        List<Column> columns = orders.table().columns();
        String insertOrder = "INSERT INTO orders ("
                + String.join(", ", columns.stream().map(Column::name).toList()) + ") VALUES ("
                + String.join(
                        ", ",
                        IntStream.range(0, columns.size())
                                .mapToObj(c ->
                                        "$" + (c + 1) + (columns.get(c).type() == ColumnType.INTEGER ? "::bigint" : ""))
                                .toList())
                + ")" + UPSERT;
        String insertChange = "INSERT INTO state_changes (partition_key, " + AUDIT_COLUMNS
                + ") VALUES ($1, $2, $3, $4::bigint, $5::bigint, $6::bigint, $7, $8, $9, $10, $11, $12, $13, $14)";
        List<LocalTables.Single> singles = new ArrayList<>();
        for (AuditEntry entry : batch.audit()) {
            singles.add(new LocalTables.Single(insertChange, change(account, entry)));
        }
        for (Row row : orders.rows()) {
            List<Object> values = new ArrayList<>(row.values());
            values.set(0, account);
            for (int c = 0; c < values.size(); c++) {
                // One value goes as a number; in an array the client would not know NULL.
                if (columns.get(c).type() == ColumnType.DECIMAL && values.get(c) instanceof String text) {
                    values.set(c, new BigDecimal(text));
                }
            }
            singles.add(new LocalTables.Single(insertOrder, Tuple.wrap(values)));
        }
        time(what + " row by row", () -> tables.rowByRow(singles));
    }

    private static Tuple change(String account, AuditEntry entry) {
        AuditEntry.Origin tx = entry.origin();
        return Tuple.tuple()
                .addValue(account)
                .addValue(tx.version())
                .addValue(Instant.ofEpochMilli(tx.timeMs()).atOffset(ZoneOffset.UTC))
                .addValue((long) entry.ordinal())
                .addValue((long) entry.bytes())
                .addValue((long) tx.partition())
                .addValue(entry.key().domain())
                .addValue(entry.key().id())
                .addValue(entry.kind().text())
                .addValue(entry.status())
                .addValue(tx.transactionId())
                .addValue(tx.cause().correlationId())
                .addValue(tx.cause().causationId())
                .addValue(tx.cause().actor());
    }

    private void time(String name, Runnable work) {
        long began = System.nanoTime();
        work.run();
        timesNs.computeIfAbsent(name, n -> new ArrayList<>()).add(System.nanoTime() - began);
    }

    /** @return rows per second */
    private double report(String what, String form, double beside) {
        long[] sorted = timesNs.getOrDefault(what + " " + form, List.of(1L)).stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        double median = sorted[sorted.length / 2];
        double rate = rows * 1e9 / median;
        out.printf(
                Locale.ROOT,
                "  %-14s %-13s %8.1f ms  %,9.0f orders/s%s%n",
                what,
                form,
                median / 1e6,
                rate,
                beside == 0 ? "" : String.format(Locale.ROOT, "  %3.0f %% of server-side", 100 * rate / beside));
        return rate;
    }
}
