package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.dbsync.RandomLog;
import io.tradewind.dbsync.domain.AuditEntry.Kind;
import io.tradewind.dbsync.domain.AuditEntry.Origin;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * However the log is cut into batches, whatever is lost on the way, and with two writers at once that only write what they
 * believe has changed: the tables come out as if the log had been applied change by change, once, and the audit has every
 * change once.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExactlyOnceTest {

    private static final int SEEDS = 400;
    private static final int PARTITIONS = 3;
    private static final int MAX_STEPS = 10_000;

    @Test
    void shouldGiveTheSameTablesHoweverBatchesAndCrashesInterleave() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        RandomLog log = new RandomLog(seed, PARTITIONS, 1 + random.nextInt(60));
        FakePostgres postgres = new FakePostgres();
        Writer[] writers = {new Writer(), new Writer()};
        try (LogCodec codec = new LogCodec();
                BatchAssembler small = new BatchAssembler(new BatchLimits(1 + random.nextInt(4), 1 << 20));
                BatchAssembler large = new BatchAssembler(new BatchLimits(20, 500 + random.nextInt(8_000)))) {
            BatchAssembler[] assemblers = {small, large};
            int steps = 0;
            while (!finished(log, postgres)) {
                assertTrue(++steps < MAX_STEPS, "seed " + seed + " never ends");
                int next = random.nextInt(2);
                Writer writer = writers[next];
                step(log.read(codec, writer.known, 1 + random.nextInt(4)), assemblers[next], postgres, writer, random);
            }
        }
        assertEquals(applyOneByOne(log), postgres.rows, "seed " + seed);
        log.commits().forEach((partition, entries) -> {
            assertArchived(seed, partition, entries, postgres);
            assertAudited(seed, partition, entries, postgres);
        });
    }

    /** What a db-sync has in memory. */
    private static final class Writer {

        private final RowMemory memory = new RowMemory();
        private Offsets known = Offsets.none();

        /** Nothing is assumed any more. */
        void lookAgain(FakePostgres postgres) {
            memory.clear();
            known = postgres.offsets;
        }
    }

    /** One writer reads, assembles and writes one batch. */
    private static void step(
            List<PartitionRead> reads, BatchAssembler assembler, FakePostgres postgres, Writer writer, Random random) {
        Batch batch = assembler.assemble(writer.known, reads);
        assertTrue(batch.faults().isEmpty(), batch.faults()::toString);
        if (batch.isEmpty()) {
            writer.lookAgain(postgres);
            return;
        }
        switch (random.nextInt(6)) {
            // Killed before the commit.
            case 0 -> writer.lookAgain(postgres);
            // Committed, but the answer is lost, and so is what the writer had in mind.
            case 1 -> {
                postgres.commit(batch, writer.memory);
                writer.lookAgain(postgres);
            }
            default -> {
                if (postgres.commit(batch, writer.memory)) {
                    writer.known = writer.known.after(batch.advances());
                } else {
                    writer.lookAgain(postgres);
                }
            }
        }
    }

    private static boolean finished(RandomLog log, FakePostgres postgres) {
        return log.commits().entrySet().stream().allMatch(partition -> {
            List<CommittedTransaction> last =
                    partition.getValue().get(partition.getValue().size() - 1);
            return postgres.offsets.of(partition.getKey())
                    == last.get(last.size() - 1).version();
        });
    }

    /** Every entry once, in order, without a gap: the archive is the log. */
    private static void assertArchived(
            long seed, int partition, List<List<CommittedTransaction>> entries, FakePostgres postgres) {
        List<ArchivedEntry> archive = postgres.archive.stream()
                .filter(entry -> entry.partition() == partition)
                .toList();
        assertEquals(entries.size(), archive.size(), "seed " + seed);
        try (LogCodec codec = new LogCodec()) {
            for (int i = 0; i < archive.size(); i++) {
                ArchivedEntry archived = archive.get(i);
                List<CommittedTransaction> entry = entries.get(i);
                CommittedTransaction last = entry.get(entry.size() - 1);
                assertEquals(entry, codec.decode(archived.body()), "seed " + seed);
                assertEquals(entry.get(0).version(), archived.firstVersion());
                assertEquals(last.version(), archived.lastVersion());
                assertEquals(entry.get(0).timeMs(), archived.firstAtMs());
                assertEquals(last.timeMs(), archived.lastAtMs());
            }
        }
    }

    /** Every change once, in order. */
    private static void assertAudited(
            long seed, int partition, List<List<CommittedTransaction>> entries, FakePostgres postgres) {
        List<AuditEntry> log = new ArrayList<>();
        for (List<CommittedTransaction> entry : entries) {
            for (CommittedTransaction tx : entry) {
                for (int i = 0; i < tx.mutations().size(); i++) {
                    log.add(audited(partition, tx, i));
                }
            }
        }
        assertEquals(
                log,
                postgres.audit.stream()
                        .filter(change -> change.origin().partition() == partition)
                        .toList(),
                "seed " + seed);
    }

    /** What the audit says of a change of a transaction in the log. */
    private static AuditEntry audited(int partition, CommittedTransaction tx, int index) {
        Mutation mutation = tx.mutations().get(index);
        Kind gone = tx.cause().isRetention() ? Kind.FORGET : Kind.DELETE;
        String field = TableMappings.statusField(mutation.key().domain());
        return new AuditEntry(
                new Origin(partition, tx.version(), tx.timeMs(), tx.id(), tx.cause()),
                index + 1,
                mutation.key(),
                mutation.isDelete() ? gone : Kind.PUT,
                mutation.isDelete() ? 0 : mutation.json().size(),
                mutation.isDelete() || field == null ? null : JsonObjects.text(mutation.json(), field));
    }

    private static Map<Object, List<Object>> applyOneByOne(RandomLog log) {
        Map<Object, List<Object>> rows = new HashMap<>();
        log.commits()
                .forEach((partition, entries) -> entries.forEach(entry ->
                        entry.forEach(tx -> tx.mutations().forEach(mutation -> apply(rows, partition, tx, mutation)))));
        return rows;
    }

    private static void apply(
            Map<Object, List<Object>> rows, int partition, CommittedTransaction tx, Mutation mutation) {
        for (TableMapping table : TableMappings.allOf(mutation.key().domain())) {
            EntityChange change = new EntityChange(
                    partition, mutation.key(), mutation.json(), tx.version(), tx.version(), tx.timeMs(), 1);
            if (mutation.isDelete()) {
                if (table.onDelete() == OnDelete.REMOVE_ROW) {
                    List<Object> keyAndVersion = table.delete(change).values();
                    rows.remove(List.of(
                            table.table(), keyAndVersion.subList(0, table.key().size())));
                }
            } else if (table.part() == null || JsonObjects.text(mutation.json(), table.part()) != null) {
                Row row = table.put(change);
                rows.put(name(table, row.values()), row.values());
            }
        }
    }

    private static Object name(TableMapping table, List<Object> values) {
        return List.of(
                table.table(), table.keyIndexes().stream().map(values::get).toList());
    }

    /** What Postgres promises: a transaction has its whole effect or none, and a guarded update its guard. */
    private static final class FakePostgres {

        private final Map<Object, List<Object>> rows = new HashMap<>();
        private final List<ArchivedEntry> archive = new ArrayList<>();
        private final List<AuditEntry> audit = new ArrayList<>();
        private Offsets offsets = Offsets.none();

        boolean commit(Batch batch, RowMemory memory) {
            if (batch.advances().stream().anyMatch(advance -> offsets.of(advance.partition()) != advance.from())) {
                return false;
            }
            offsets = offsets.after(batch.advances());
            archive.addAll(batch.archive());
            audit.addAll(batch.audit());
            batch.ops().forEach(op -> write(op, memory));
            return true;
        }

        private void write(TableOp op, RowMemory memory) {
            TableMapping table = op.table();
            if (op.delete()) {
                op.rows()
                        .forEach(row -> rows.remove(List.of(
                                table.table(),
                                row.values().subList(0, table.key().size()))));
                memory.forget(op);
                return;
            }
            RowMemory.Plan plan = memory.plan(op);
            for (Row row : plan.whole()) {
                if (table.onConflict() == TableMapping.OnConflict.REPLACE_OLDER) {
                    rows.put(name(table, row.values()), row.values());
                } else {
                    rows.putIfAbsent(name(table, row.values()), row.values());
                }
            }
            for (RowMemory.Update update : plan.updates()) {
                for (Row row : update.rows()) {
                    List<Object> there = new ArrayList<>(rows.get(name(table, row.values())));
                    update.columns().forEach(c -> there.set(c, row.values().get(c)));
                    rows.put(name(table, row.values()), there);
                }
            }
            memory.learn(table, op.rows());
        }
    }
}
