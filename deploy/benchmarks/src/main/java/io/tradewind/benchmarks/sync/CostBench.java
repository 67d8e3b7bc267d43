package io.tradewind.benchmarks.sync;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.BatchAssembler;
import io.tradewind.dbsync.domain.BatchLimits;
import io.tradewind.dbsync.domain.LogEntry;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import io.tradewind.dbsync.postgres.Written;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * What an order costs, in processor time and in memory that is allocated, on its way from the log to Postgres: the
 * thread that makes batches, the event loop that sends them, and the backend of Postgres that takes them in.
 *
 * <p>The load is that of {@code bench}: orders of one account, each written as sent and {@value #FILLED_MS} ms later filled
 * with its activity; every other fill brings the position and the account. What comes in a millisecond is one entry of the
 * log, what comes in an interval one batch. Processor time says more than the time that passes: it hardly depends on what else
 * the machine does.
 */
final class CostBench {

    private static final long T0 = 1_790_000_000_000L;
    private static final String ACCOUNT = "default";
    private static final int PARTITION = Partitions.of(ACCOUNT);
    private static final int FILLED_MS = 6;
    private static final BatchLimits LIMITS = new BatchLimits(100_000, 256L << 20);

    private final LocalTables tables;
    private final PrintStream out;
    private final int rate;
    private final int intervalMs;
    private final int warmUpS;
    private final int seconds;
    private final TreeMap<Long, List<Work>> commits = new TreeMap<>();
    private long version;
    private long changes;
    private long rows;

    private record Work(String id, String actor, List<Mutation> mutations) {}

    CostBench(LocalTables tables, PrintStream out, int rate, int intervalMs, int warmUpS, int seconds) {
        this.tables = tables;
        this.out = out;
        this.rate = rate;
        this.intervalMs = intervalMs;
        this.warmUpS = warmUpS;
        this.seconds = seconds;
    }

    void run() {
        plan();
        try (LogCodec codec = new LogCodec();
                BatchAssembler assembler = new BatchAssembler(LIMITS)) {
            Offsets offsets = Offsets.none();
            Cost made = Cost.NONE;
            Cost sent = Cost.NONE;
            long backendMs = 0;
            long walBytes = 0;
            long measureFrom = T0 + warmUpS * 1_000L;
            for (long until = T0 + intervalMs; !commits.isEmpty(); until += intervalMs) {
                if (until - intervalMs <= measureFrom && until > measureFrom) {
                    made = Cost.NONE;
                    sent = Cost.NONE;
                    changes = 0;
                    rows = 0;
                    backendMs = tables.backendMs();
                    walBytes = tables.walBytes();
                }
                List<PartitionRead> reads = reads(codec, until);
                Offsets behind = offsets;
                Cost before = Cost.ofThisThread();
                Batch batch = assembler.assemble(behind, reads);
                made = made.plus(Cost.ofThisThread().minus(before));
                offsets = offsets.after(batch.advances());
                Cost loopBefore = tables.loopCost();
                Written written = tables.write(batch);
                sent = sent.plus(tables.loopCost().minus(loopBefore));
                changes += batch.mutations();
                rows += written.rows();
            }
            report(made, sent, tables.backendMs() - backendMs, tables.walBytes() - walBytes);
        }
    }

    private void plan() {
        for (int i = 0; i < rate * (warmUpS + seconds); i++) {
            long at = T0 + i * 1_000L / rate;
            long filledAt = at + FILLED_MS;
            Order order = LogOfOrders.accepted(ACCOUNT, i, at).withStatus(OrderStatus.PENDING_NEW, at, null);
            Order filled = LogOfOrders.filled(order, filledAt);
            List<Mutation> booked =
                    new ArrayList<>(List.of(LogOfOrders.put(filled), LogOfOrders.activity(filled, filledAt)));
            if (i % 2 == 0) {
                booked.add(LogOfOrders.position(filled, i, filledAt));
                booked.add(LogOfOrders.account(ACCOUNT, i, filledAt));
            }
            commits.computeIfAbsent(at, ms -> new ArrayList<>())
                    .add(new Work("place:" + order.id(), "key-0123456789", List.of(LogOfOrders.put(order))));
            commits.computeIfAbsent(filledAt, ms -> new ArrayList<>())
                    .add(new Work("book:" + order.id(), "order-queue", booked));
        }
    }

    /** As a reader of the logs finds them; what was read is let go. */
    private List<PartitionRead> reads(LogCodec codec, long untilMs) {
        List<LogEntry> entries = new ArrayList<>();
        while (!commits.isEmpty() && commits.firstKey() < untilMs) {
            long ms = commits.firstKey();
            List<CommittedTransaction> transactions = new ArrayList<>();
            for (Work work : commits.remove(ms)) {
                transactions.add(new CommittedTransaction(
                        ++version, ms, work.id, new Cause(work.id, null, work.actor), work.mutations));
            }
            entries.add(new LogEntry(version, codec.encode(transactions)));
        }
        return List.of(new PartitionRead(PARTITION, version, entries, false));
    }

    private void report(Cost made, Cost sent, long backendMs, long walBytes) {
        double orders = (double) rate * seconds;
        out.printf(
                Locale.ROOT,
                "%nCost: %,d orders/s for %d s behind %d s of warm-up, batches of %d ms; %.1f changes and %.2f rows an order%n",
                rate,
                seconds,
                warmUpS,
                intervalMs,
                changes / orders,
                rows / orders);
        line("making batches", made, orders);
        line("sending them", sent, orders);
        out.printf(
                Locale.ROOT,
                "  %-16s %6.2f µs an order, %,7.0f bytes of write-ahead log%n",
                "Postgres",
                backendMs * 1e3 / orders,
                walBytes / orders);
        tables.sizes().forEach(line -> out.println("  " + line));
    }

    private void line(String what, Cost cost, double orders) {
        out.printf(
                Locale.ROOT,
                "  %-16s %6.2f µs an order, %,7.0f bytes allocated%n",
                what,
                cost.cpuNs() / 1e3 / orders,
                cost.allocatedBytes() / orders);
    }
}
