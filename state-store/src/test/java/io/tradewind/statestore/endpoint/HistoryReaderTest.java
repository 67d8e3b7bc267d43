package io.tradewind.statestore.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.HistoryPage.End;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.domain.HistoryScan;
import io.tradewind.statestore.domain.StoredEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** History equals what a list of all changes would say, wherever the entries are and whatever is trimmed meanwhile. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HistoryReaderTest {

    private static final int SEEDS = 300;
    private static final int PARTITION = 3;

    /** A busy machine would otherwise end a page early, which these tests take for the end of what there is. */
    private static final long UNHURRIED_NS = Long.MAX_VALUE;

    private static final EntityKey KEY = new EntityKey("order", "alice", "1");
    private static final EntityKey OTHER = new EntityKey("order", "alice", "2");

    private static Vertx vertx;
    private static LogCodec codec;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        codec = new LogCodec();
    }

    @AfterAll
    static void close() throws Exception {
        codec.close();
        await(vertx.close());
    }

    @Test
    void shouldEqualAListOfAllChanges() throws Exception {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            try {
                run(new Random(seed));
            } catch (AssertionError | Exception e) {
                throw new AssertionError("seed " + seed + " failed (repeat with -Dseed=" + seed + "): " + e, e);
            }
        }
    }

    private static void run(Random random) throws Exception {
        List<List<CommittedTransaction>> entries = randomLog(random, random.nextInt(120));
        long head = entries.isEmpty() ? 0 : last(entries.get(entries.size() - 1));
        Stored log = new Stored(entries);
        Stored archive = new Stored(entries);
        // What db-sync has written so far, what retention has left of it, and what the log has been trimmed to.
        long archivedTo = boundary(entries, random);
        archive.keepUpTo(archivedTo);
        long archivedFrom = random.nextBoolean() ? 0 : Math.min(archivedTo, boundary(entries, random));
        archive.dropUpTo(archivedFrom);
        log.dropUpTo(random.nextBoolean() ? 0 : Math.min(archivedTo, boundary(entries, random)));
        HistoryReader reader = new HistoryReader(
                vertx,
                (p, version, count) -> {
                    if (random.nextInt(4) == 0) {
                        log.dropUpTo(Math.min(archivedTo, boundary(entries, random)));
                    }
                    return Future.succeededFuture(log.readBack(version, Math.min(count, 1 + random.nextInt(5))));
                },
                (p, version, count) ->
                        Future.succeededFuture(archive.readBack(version, Math.min(count, 1 + random.nextInt(5)))),
                Schemas.current(),
                UNHURRIED_NS);
        long from = head == 0 ? 0 : 1 + random.nextInt((int) head);
        int pageSize = 1 + random.nextInt(6);

        List<EntityChange> found = new ArrayList<>();
        HistoryPage page = await(reader.run(PARTITION, head, new HistoryScan(KEY, from, pageSize)));
        found.addAll(page.changes());
        while (page.hasMore()) {
            assertEquals(pageSize, page.changes().size());
            page = await(reader.run(PARTITION, head, new HistoryScan(KEY, page.lookedBackTo() - 1, pageSize)));
            found.addAll(page.changes());
        }
        await(reader.close());

        long reached = page.lookedBackTo();
        assertEquals(model(entries, from, reached), found);
        assertEquals(page.end() == End.BEGINNING ? 1 : Math.max(1, reached), reached);
        if (page.end() == End.NOT_KEPT) {
            assertTrue(
                    archive.lacks(reached - 1) && log.lacks(reached - 1),
                    "version " + (reached - 1) + " is kept, but was not looked at");
        } else {
            assertEquals(End.BEGINNING, page.end());
        }
    }

    @Test
    void shouldServeFromTheArchiveWhileTheLogIsOutOfReach() throws Exception {
        List<List<CommittedTransaction>> entries =
                List.of(List.of(tx(1, put(KEY, "a")), tx(2, put(OTHER, "x"))), List.of(tx(3, put(KEY, "b"))));
        Stored archive = new Stored(entries);
        HistoryReader reader = new HistoryReader(
                vertx,
                (p, version, count) -> Future.failedFuture("no connection to Redis"),
                (p, version, count) -> Future.succeededFuture(archive.readBack(version, count)),
                Schemas.current(),
                UNHURRIED_NS);

        HistoryPage page = await(reader.run(PARTITION, 3, new HistoryScan(KEY, 3, 10)));
        assertEquals(model(entries, 3, 1), page.changes());
        assertEquals(End.BEGINNING, page.end());

        archive.keepUpTo(2);
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> await(reader.run(PARTITION, 3, new HistoryScan(KEY, 3, 10))));
        assertTrue(failure.getMessage().contains("does not have version 3: no connection to Redis"), failure::toString);
        await(reader.close());
    }

    @Test
    void shouldSayHowFarItCouldLookWithoutTheArchive() throws Exception {
        List<List<CommittedTransaction>> entries =
                List.of(List.of(tx(1, put(KEY, "a"))), List.of(tx(2, put(KEY, "b"))));
        Stored log = new Stored(entries);
        log.dropUpTo(1);
        HistoryReader reader = new HistoryReader(
                vertx,
                (p, version, count) -> Future.succeededFuture(log.readBack(version, count)),
                (p, version, count) -> Future.failedFuture("connection refused"),
                Schemas.current(),
                UNHURRIED_NS);

        HistoryPage page = await(reader.run(PARTITION, 2, new HistoryScan(KEY, 2, 10)));

        assertEquals(model(entries, 2, 2), page.changes());
        assertEquals(2, page.lookedBackTo());
        assertEquals(End.OUT_OF_REACH, page.end());
        assertEquals("the archive in Postgres does not answer: connection refused", page.reason());
        await(reader.close());
    }

    @Test
    void shouldRefuseADamagedEntryByName() throws Exception {
        HistoryReader reader = new HistoryReader(
                vertx,
                (p, version, count) -> Future.succeededFuture(List.of(new StoredEntry(7, new byte[] {1, 2, 3}))),
                (p, version, count) -> Future.succeededFuture(List.of()),
                Schemas.current(),
                UNHURRIED_NS);

        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> await(reader.run(PARTITION, 7, new HistoryScan(KEY, 7, 10))));

        assertTrue(failure.getMessage().contains("entry 7 of partition 3"), failure::toString);
        await(reader.close());
    }

    @Test
    void shouldAnswerForAnEmptyPartition() throws Exception {
        HistoryReader reader = new HistoryReader(
                vertx,
                (p, version, count) -> Future.failedFuture("not asked"),
                (p, version, count) -> Future.failedFuture("not asked"),
                Schemas.current(),
                UNHURRIED_NS);

        HistoryPage page = await(reader.run(PARTITION, 0, new HistoryScan(KEY, 0, 10)));

        assertEquals(new HistoryPage(0, List.of(), 1, End.BEGINNING, null), page);
        assertNull(page.reason());
        await(reader.close());
    }

    /** The changes of the key from {@code from} down to {@code to}, newest first. */
    private static List<EntityChange> model(List<List<CommittedTransaction>> entries, long from, long to) {
        List<EntityChange> changes = new ArrayList<>();
        for (List<CommittedTransaction> entry : entries) {
            for (CommittedTransaction tx : entry) {
                EntityChange change = null;
                for (Mutation mutation : tx.mutations()) {
                    if (mutation.key().equals(KEY)) {
                        change = new EntityChange(tx.version(), tx.timeMs(), tx.id(), tx.cause(), mutation.json());
                    }
                }
                if (change != null && tx.version() <= from && tx.version() >= to) {
                    changes.add(0, change);
                }
            }
        }
        return changes;
    }

    /** The end of an entry, or 0. */
    private static long boundary(List<List<CommittedTransaction>> entries, Random random) {
        int entry = random.nextInt(entries.size() + 1);
        return entry == 0 ? 0 : last(entries.get(entry - 1));
    }

    private static List<List<CommittedTransaction>> randomLog(Random random, int transactions) {
        List<List<CommittedTransaction>> entries = new ArrayList<>();
        long version = 0;
        while (version < transactions) {
            List<CommittedTransaction> entry = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                entry.add(tx(++version, mutations(random)));
            }
            entries.add(entry);
        }
        return entries;
    }

    private static Mutation[] mutations(Random random) {
        Mutation[] mutations = new Mutation[1 + random.nextInt(3)];
        for (int i = 0; i < mutations.length; i++) {
            EntityKey key = random.nextInt(3) == 0 ? KEY : OTHER;
            mutations[i] = random.nextInt(4) == 0 ? new Mutation(key, null) : put(key, "" + random.nextInt(100));
        }
        return mutations;
    }

    private static Mutation put(EntityKey key, String value) {
        return new Mutation(key, Json.of("{\"v\":\"" + value + "\"}"));
    }

    private static CommittedTransaction tx(long version, Mutation... mutations) {
        return new CommittedTransaction(
                version, 1_000 + version, "tx-" + version, new Cause("r" + version, null, "test"), List.of(mutations));
    }

    private static long last(List<CommittedTransaction> entry) {
        return entry.get(entry.size() - 1).version();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Entries by the version that they end with, as Redis and Postgres have them. */
    private static final class Stored {

        private final TreeMap<Long, byte[]> bodies = new TreeMap<>();
        private final TreeMap<Long, Long> firsts = new TreeMap<>();

        Stored(List<List<CommittedTransaction>> entries) {
            for (List<CommittedTransaction> entry : entries) {
                bodies.put(last(entry), codec.encode(entry));
                firsts.put(last(entry), entry.get(0).version());
            }
        }

        void keepUpTo(long version) {
            bodies.tailMap(version, false).clear();
        }

        synchronized void dropUpTo(long version) {
            bodies.headMap(version, true).clear();
        }

        boolean lacks(long version) {
            Map.Entry<Long, byte[]> holding = bodies.ceilingEntry(version);
            return holding == null || firsts.get(holding.getKey()) > version;
        }

        synchronized List<StoredEntry> readBack(long version, int count) {
            List<StoredEntry> found = new ArrayList<>();
            Map.Entry<Long, byte[]> holding = bodies.ceilingEntry(version);
            if (holding != null) {
                found.add(new StoredEntry(holding.getKey(), holding.getValue()));
            }
            bodies.headMap(version, false).descendingMap().entrySet().stream()
                    .limit(count)
                    .forEach(entry -> found.add(new StoredEntry(entry.getKey(), entry.getValue())));
            return found;
        }
    }
}
