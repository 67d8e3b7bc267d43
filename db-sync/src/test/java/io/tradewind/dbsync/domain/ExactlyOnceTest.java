package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.dbsync.RandomLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * However the log is cut into batches, whatever is lost on the way, and with two writers at once: the tables come out as
 * if the log had been applied change by change, once.
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
        Offsets[] known = {Offsets.none(), Offsets.none()};
        try (LogCodec codec = new LogCodec();
                BatchAssembler small = new BatchAssembler(new BatchLimits(1 + random.nextInt(4), 1 << 20));
                BatchAssembler large = new BatchAssembler(new BatchLimits(20, 500 + random.nextInt(8_000)))) {
            BatchAssembler[] assemblers = {small, large};
            int steps = 0;
            while (!finished(log, postgres)) {
                assertTrue(++steps < MAX_STEPS, "seed " + seed + " never ends");
                int writer = random.nextInt(2);
                known[writer] = step(
                        log.read(codec, known[writer], 1 + random.nextInt(4)),
                        assemblers[writer],
                        postgres,
                        known[writer],
                        random);
            }
        }
        assertEquals(applyOneByOne(log), postgres.rows, "seed " + seed);
        log.commits().forEach((partition, entries) -> assertArchived(seed, partition, entries, postgres));
    }

    /** One writer reads, assembles and writes one batch; returns the offsets that it believes in afterwards. */
    private static Offsets step(
            List<PartitionRead> reads, BatchAssembler assembler, FakePostgres postgres, Offsets known, Random random) {
        Batch batch = assembler.assemble(known, reads);
        assertTrue(batch.faults().isEmpty(), batch.faults()::toString);
        if (batch.isEmpty()) {
            return postgres.offsets;
        }
        return switch (random.nextInt(6)) {
            // Killed before the commit.
            case 0 -> postgres.offsets;
            // Committed, but the answer is lost, and so is what the writer had in mind.
            case 1 -> {
                postgres.commit(batch);
                yield postgres.offsets;
            }
            default -> postgres.commit(batch) ? known.after(batch.advances()) : postgres.offsets;
        };
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

    private static Map<String, String> applyOneByOne(RandomLog log) {
        Map<String, String> rows = new TreeMap<>();
        log.commits()
                .values()
                .forEach(entries -> entries.forEach(entry ->
                        entry.forEach(tx -> tx.mutations().forEach(mutation -> apply(rows, tx.version(), mutation)))));
        return rows;
    }

    private static void apply(Map<String, String> rows, long version, Mutation mutation) {
        EntityKey key = mutation.key();
        boolean history = key.domain().equals(Domains.ORDER) || key.domain().equals(Domains.ACTIVITY);
        if (!mutation.isDelete()) {
            rows.put(key.toString(), version + " " + mutation.json());
        } else if (!history) {
            rows.remove(key.toString());
        }
    }

    /** What Postgres promises: a transaction has its whole effect or none, and a guarded update its guard. */
    private static final class FakePostgres {

        private final Map<String, String> rows = new TreeMap<>();
        private final List<ArchivedEntry> archive = new ArrayList<>();
        private Offsets offsets = Offsets.none();

        boolean commit(Batch batch) {
            if (batch.advances().stream().anyMatch(advance -> offsets.of(advance.partition()) != advance.from())) {
                return false;
            }
            offsets = offsets.after(batch.advances());
            archive.addAll(batch.archive());
            batch.ops().forEach(op -> op.rows().forEach(row -> write(op, row.change())));
            return true;
        }

        private void write(TableOp op, EntityChange change) {
            String key = change.key().toString();
            if (op.delete()) {
                rows.remove(key);
            } else if (op.table().onConflict() == TableMapping.OnConflict.REPLACE_OLDER) {
                rows.put(key, change.version() + " " + change.json());
            } else {
                rows.putIfAbsent(key, change.version() + " " + change.json());
            }
        }
    }
}
