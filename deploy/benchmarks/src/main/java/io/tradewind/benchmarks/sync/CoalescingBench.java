package io.tradewind.benchmarks.sync;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.ArchivedEntry;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.BatchAssembler;
import io.tradewind.dbsync.domain.BatchLimits;
import io.tradewind.dbsync.domain.LogEntry;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import io.tradewind.dbsync.postgres.Written;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * How many changes of the standard load need no row of their own. Orders come at a steady rate; each is accepted, 2 ms
 * later pending_new, 5 ms later new, 10 ms later filled, with its fill, position and account: seven changes. What a
 * partition has in one millisecond is one entry of its log, and what comes within an interval is one batch. Orders that
 * an interval cuts in two are written twice.
 */
final class CoalescingBench {

    private static final long T0 = 1_790_000_000_000L;
    private static final int ACCOUNTS = 64;
    private static final int PENDING_MS = 2;
    private static final int NEW_MS = 5;
    private static final int FILLED_MS = 10;
    private static final BatchLimits LIMITS = new BatchLimits(100_000, 256L << 20);

    /** A transaction before it has a version. */
    private record Event(long timeMs, int partition, String id, List<Mutation> mutations) {}

    private final LocalTables tables;
    private final PrintStream out;
    private final int rate;
    private final int intervalMs;
    private final int seconds;
    private final long[] versions = new long[Partitions.COUNT];
    private long changes;
    private long rows;
    private long partial;
    private long audited;
    private long archived;
    private long archivedRaw;

    CoalescingBench(LocalTables tables, PrintStream out, int rate, int intervalMs, int seconds) {
        this.tables = tables;
        this.out = out;
        this.rate = rate;
        this.intervalMs = intervalMs;
        this.seconds = seconds;
    }

    void run() {
        List<Event> events = events();
        List<Long> tookNs = new ArrayList<>();
        Offsets offsets = Offsets.none();
        try (LogCodec codec = new LogCodec();
                BatchAssembler assembler = new BatchAssembler(LIMITS)) {
            int next = 0;
            for (long until = T0 + intervalMs; next < events.size(); until += intervalMs) {
                int from = next;
                while (next < events.size() && events.get(next).timeMs < until) {
                    next++;
                }
                Batch batch = assembler.assemble(offsets, reads(codec, events.subList(from, next)));
                offsets = offsets.after(batch.advances());
                long began = System.nanoTime();
                count(batch, tables.write(batch));
                tookNs.add(System.nanoTime() - began);
            }
        }
        report(tookNs);
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < rate * seconds; i++) {
            long at = T0 + i * 1_000L / rate;
            String account = "account-" + i % ACCOUNTS;
            int number = i;
            Order order = LogOfOrders.accepted(account, i, at);
            event(events, at, order, "accept", ms -> List.of(LogOfOrders.put(order)));
            event(
                    events,
                    at + PENDING_MS,
                    order,
                    "send",
                    ms -> List.of(LogOfOrders.put(order.withStatus(OrderStatus.PENDING_NEW, ms, null))));
            event(
                    events,
                    at + NEW_MS,
                    order,
                    "work",
                    ms -> List.of(LogOfOrders.put(order.withStatus(OrderStatus.NEW, ms, null))));
            event(events, at + FILLED_MS, order, "fill", ms -> {
                Order filled = LogOfOrders.filled(order, ms);
                return List.of(
                        LogOfOrders.put(filled),
                        LogOfOrders.activity(filled, ms),
                        LogOfOrders.position(filled, number, ms),
                        LogOfOrders.account(account, number, ms));
            });
        }
        // Stable: what comes in one millisecond stays in its order.
        events.sort(Comparator.comparingLong(Event::timeMs));
        return events;
    }

    private static void event(
            List<Event> events, long timeMs, Order order, String what, LongFunction<List<Mutation>> mutations) {
        events.add(
                new Event(timeMs, Partitions.of(order.accountId()), what + "-" + order.id(), mutations.apply(timeMs)));
    }

    /** As a reader of the logs finds them. */
    private List<PartitionRead> reads(LogCodec codec, List<Event> events) {
        Map<Integer, Map<Long, List<CommittedTransaction>>> commits = new TreeMap<>();
        for (Event event : events) {
            commits.computeIfAbsent(event.partition, p -> new TreeMap<>())
                    .computeIfAbsent(event.timeMs, ms -> new ArrayList<>())
                    .add(new CommittedTransaction(
                            ++versions[event.partition],
                            event.timeMs,
                            event.id,
                            new Cause(event.id, null, "key-0123456789"),
                            event.mutations));
        }
        List<PartitionRead> reads = new ArrayList<>();
        commits.forEach((partition, byTime) -> {
            List<LogEntry> entries = new ArrayList<>();
            byTime.values()
                    .forEach(commit -> entries.add(
                            new LogEntry(commit.get(commit.size() - 1).version(), codec.encode(commit))));
            reads.add(new PartitionRead(partition, versions[partition], entries, false));
        });
        return reads;
    }

    private void count(Batch batch, Written written) {
        changes += batch.mutations();
        rows += written.rows();
        partial += written.partialRows();
        audited += written.auditRows();
        for (ArchivedEntry entry : batch.archive()) {
            archived += entry.body().length;
            archivedRaw += LogCodec.bodyBytes(entry.body());
        }
    }

    private void report(List<Long> tookNs) {
        List<Long> sorted = tookNs.stream().sorted().toList();
        out.printf(
                Locale.ROOT,
                "%nCoalescing: %,d orders/s for %d s, %d accounts, batches of %d ms%n",
                rate,
                seconds,
                ACCOUNTS,
                intervalMs);
        out.printf(
                Locale.ROOT,
                "  %,d changes, %,d rows written: %.1f %% fewer; of the rows, %,d only in the columns that changed%n",
                changes,
                rows,
                100.0 * (changes - rows) / changes,
                partial);
        out.printf(
                Locale.ROOT,
                "  audit: %,d rows, %,d bytes with their index, %.0f a change%n",
                audited,
                auditBytes(),
                (double) auditBytes() / audited);
        out.printf(
                Locale.ROOT,
                "  archive: %,d bytes for %,d before compression: %.1f times smaller%n",
                archived,
                archivedRaw,
                (double) archivedRaw / archived);
        out.printf(
                Locale.ROOT,
                "  a batch took %.1f ms (median), %.1f ms (99th percentile)%n",
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get((int) (sorted.size() * 0.99)) / 1e6);
        if (audited != changes || tables.number("SELECT count(*) FROM state_changes") != changes) {
            out.println("  WRONG: the audit does not have every change once");
        }
    }

    private long auditBytes() {
        return tables.number("SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits"
                + " WHERE inhparent = 'state_changes'::regclass");
    }
}
