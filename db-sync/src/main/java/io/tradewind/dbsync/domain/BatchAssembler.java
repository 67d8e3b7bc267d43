package io.tradewind.dbsync.domain;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.schema.SchemaException;
import io.tradewind.contracts.wire.WireFormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a batch of what was read: checks that no version is missing, cuts at the limits, coalesces, and turns
 * documents into rows; every change becomes an entry of the audit. Partitions take turns, one entry each, so that a busy one does not starve the others. An entry
 * may be cut in the middle; what is left of it is read again with the next batch, and with the batch that completes it
 * it goes to the archive.
 *
 * <p>One caller at a time, because the codec holds native contexts; any thread. Closed by its owner. Keeps nothing from
 * one batch to the next.
 */
public final class BatchAssembler implements AutoCloseable {

    private final LogCodec codec = new LogCodec();
    private final BatchLimits limits;

    public BatchAssembler(BatchLimits limits) {
        this.limits = limits;
    }

    /**
     * @param offsets by partition: the last version that Postgres holds
     * @param reads at most one per partition, taken behind those offsets
     */
    public Batch assemble(Offsets offsets, List<PartitionRead> reads) {
        Work work = new Work(limits);
        Deque<Source> sources = new ArrayDeque<>();
        for (PartitionRead read : reads) {
            long offset = offsets.of(read.partition());
            Fault fault = missingLog(read, offset);
            if (fault != null) {
                work.faults.add(fault);
            } else if (!read.entries().isEmpty()) {
                sources.add(new Source(read, offset));
            }
        }
        List<Source> used = new ArrayList<>(sources);
        while (!sources.isEmpty() && !work.full()) {
            Source source = sources.poll();
            take(source, work);
            if (source.hasMore()) {
                sources.add(source);
            }
        }
        return work.batch(used);
    }

    @Override
    public void close() {
        codec.close();
    }

    private static Fault missingLog(PartitionRead read, long offset) {
        if (!read.entries().isEmpty()) {
            return null;
        }
        if (read.head() < offset) {
            return Fault.logBehind(read.partition(), offset, read.head());
        }
        // The head was asked for first: an entry that it counts must have been there when entries were asked for.
        return read.head() > offset ? Fault.trimmed(read.partition(), offset) : null;
    }

    private void take(Source source, Work work) {
        LogEntry entry = source.next();
        int partition = source.read.partition();
        List<CommittedTransaction> transactions;
        try {
            transactions = codec.decode(entry.body());
        } catch (WireFormatException e) {
            source.fail(Fault.damaged(partition, source.version, entry.version(), e.getMessage()));
            return;
        } catch (SchemaException e) {
            source.fail(Fault.schema(partition, source.version, entry.version(), e.getMessage()));
            return;
        }
        String wrong = contradiction(entry, transactions);
        if (wrong != null) {
            source.fail(Fault.damaged(partition, source.version, entry.version(), wrong));
            return;
        }
        long first = transactions.get(0).version();
        if (first > source.version + 1) {
            source.fail(Fault.gap(partition, source.version, first));
            return;
        }
        for (CommittedTransaction tx : transactions) {
            if (tx.version() <= source.version) {
                continue;
            }
            if (work.full()) {
                source.cut = true;
                return;
            }
            work.add(partition, tx);
            source.version = tx.version();
            source.versionAtMs = tx.timeMs();
        }
        CommittedTransaction last = transactions.get(transactions.size() - 1);
        work.archive.add(new ArchivedEntry(
                partition, first, last.version(), transactions.get(0).timeMs(), last.timeMs(), entry.body()));
    }

    private static String contradiction(LogEntry entry, List<CommittedTransaction> transactions) {
        if (transactions.isEmpty()) {
            return "it holds no transaction";
        }
        long last = transactions.get(transactions.size() - 1).version();
        return last == entry.version() ? null : "its last transaction has version " + last;
    }

    /** One partition on its way into the batch. */
    private static final class Source {

        private final PartitionRead read;
        private final long from;
        private long version;
        private long versionAtMs;
        private int taken;
        private boolean cut;
        private Fault fault;

        Source(PartitionRead read, long offset) {
            this.read = read;
            this.from = offset;
            this.version = offset;
        }

        LogEntry next() {
            return read.entries().get(taken++);
        }

        boolean hasMore() {
            return fault == null && !cut && taken < read.entries().size();
        }

        void fail(Fault found) {
            fault = found;
        }

        boolean leftSome() {
            return fault == null && (cut || taken < read.entries().size() || read.full());
        }
    }

    /** The batch while it grows. */
    private static final class Work {

        private final BatchLimits limits;
        private final Coalescer coalescer = new Coalescer();
        private final List<Fault> faults = new ArrayList<>();
        private final List<ArchivedEntry> archive = new ArrayList<>();
        private final List<AuditEntry> audit = new ArrayList<>();
        private int transactions;
        private long bytes;
        private long oldestTimeMs = Long.MAX_VALUE;

        Work(BatchLimits limits) {
            this.limits = limits;
        }

        boolean full() {
            return transactions >= limits.maxTransactions() || bytes >= limits.maxBytes();
        }

        void add(int partition, CommittedTransaction tx) {
            coalescer.add(partition, tx);
            AuditEntry.addAll(partition, tx, audit);
            transactions++;
            oldestTimeMs = Math.min(oldestTimeMs, tx.timeMs());
            for (Mutation mutation : tx.mutations()) {
                bytes += mutation.isDelete() ? 0 : mutation.json().size();
            }
        }

        Batch batch(List<Source> sources) {
            List<Advance> advances = new ArrayList<>();
            boolean backlog = false;
            for (Source source : sources) {
                if (source.version > source.from) {
                    advances.add(new Advance(source.read.partition(), source.from, source.version, source.versionAtMs));
                }
                if (source.fault != null) {
                    faults.add(source.fault);
                }
                backlog |= source.leftSome();
            }
            RowSorter rows = new RowSorter();
            coalescer.forEach(rows::add);
            return new Batch(
                    advances,
                    rows.ops(),
                    archive,
                    audit,
                    rows.deadLetters,
                    faults,
                    transactions,
                    coalescer.mutations(),
                    transactions == 0 ? 0 : oldestTimeMs,
                    backlog);
        }
    }

    /** Sorts changes into tables. */
    private static final class RowSorter {

        private enum Kind {
            PUT,
            DELETE
        }

        private final Map<Kind, Map<String, List<Row>>> rows = new EnumMap<>(Kind.class);
        private final List<DeadLetter> deadLetters = new ArrayList<>();

        void add(TableMapping table, EntityChange change) {
            if (!change.isDelete()) {
                try {
                    rows(Kind.PUT, table).add(table.put(change));
                } catch (BadRowException e) {
                    deadLetters.add(new DeadLetter(change, null, e.getMessage()));
                }
            } else {
                rows(Kind.DELETE, table).add(table.delete(change));
            }
        }

        private List<Row> rows(Kind kind, TableMapping table) {
            return rows.computeIfAbsent(kind, k -> new HashMap<>())
                    .computeIfAbsent(table.table(), t -> new ArrayList<>());
        }

        List<TableOp> ops() {
            List<TableOp> ops = new ArrayList<>();
            for (TableMapping table : TableMappings.all()) {
                for (Kind kind : Kind.values()) {
                    List<Row> found = rows(kind, table);
                    if (!found.isEmpty()) {
                        found.sort(TableMapping.WRITE_ORDER);
                        ops.add(new TableOp(table, kind == Kind.DELETE, found));
                    }
                }
            }
            return ops;
        }
    }
}
