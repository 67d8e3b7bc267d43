package io.tradewind.statestore.endpoint;

import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.domain.EntityBatch;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.domain.SnapshotSink;
import io.tradewind.statestore.snapshot.SnapshotId;
import io.tradewind.statestore.snapshot.SnapshotInfo;
import io.tradewind.statestore.snapshot.SnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotWriter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When snapshots are due, tried again and followed by trimming, over a store that can fail. Time is the test's. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogKeeperTest {

    private static final long LIMIT_S = 60;
    private static final int EVERY_CHANGES = 10;
    private static final int KEEP = 2;
    private static final long PAUSE_MS = LogKeeper.ASK_AGAIN_MS;

    private final FlakyStore store = new FlakyStore();
    private final Served served = new Served();
    private final OneByOne oneByOne = new OneByOne();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Vertx vertx;
    private Context loop;
    private LogKeeper keeper;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        loop = vertx.getOrCreateContext();
        keeper = onLoop(() -> {
            StoreMetrics metrics = new StoreMetrics(meters);
            SnapshotTaker taker = new SnapshotTaker(
                    vertx,
                    vertx.createSharedWorkerExecutor("snapshots", 1),
                    store,
                    Schemas.current().raised(),
                    metrics);
            List<KeptPartition> all = IntStream.range(0, Partitions.COUNT)
                    .mapToObj(number -> number == PARTITION ? served : new Elsewhere(number))
                    .toList();
            LogPolicy policy = new LogPolicy(EVERY_CHANGES, Long.MAX_VALUE, KEEP, 0, 0, false);
            return new LogKeeper(taker, policy, metrics, oneByOne, all);
        });
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
    }

    @Test
    void shouldTryAFailedSnapshotAgainOnlyAfterThePause() throws Exception {
        store.failing = true;
        served.change(EVERY_CHANGES);
        tick(0); // asks which snapshots there are
        tick(1_000);
        assertEquals(1, store.begun);
        assertEquals(1, meters.get("tradewind.state.snapshot.failed").counter().count());

        served.change(10 * EVERY_CHANGES);
        onLoop(() -> {
            keeper.scarce(true);
            return null;
        });
        for (long nowMs = 2_000; nowMs < 1_000 + PAUSE_MS; nowMs += 1_000) {
            tick(nowMs);
        }
        assertEquals(1, store.begun, "however much is due, and however short the log is of memory");
        tick(1_000 + PAUSE_MS);
        assertEquals(2, store.begun);
        assertEquals(List.of(), served.trims, "the log keeps everything until one succeeds");
    }

    @Test
    void shouldGoOnAsUsualOnceTheStoreWorksAgain() throws Exception {
        store.failing = true;
        served.change(EVERY_CHANGES);
        tick(0);
        tick(1_000);
        store.failing = false;
        tick(PAUSE_MS); // asks again which there are
        tick(1_000 + PAUSE_MS);
        assertEquals(List.of(10L), store.versions());
        tick(2_000 + PAUSE_MS);
        assertEquals(2, store.begun, "nothing is due");

        served.change(EVERY_CHANGES);
        tick(3_000 + PAUSE_MS);
        assertEquals(List.of(20L, 10L), store.versions(), "the pause is only for what failed");
        tick(4_000 + PAUSE_MS);
        assertEquals(List.of(10L), served.trims, "what the oldest kept snapshot has passed");
    }

    @Test
    void shouldAskAgainAfterThePauseWhichSnapshotsThereAre() throws Exception {
        store.failing = true;
        tick(0);
        assertEquals(1, store.listed);
        tick(PAUSE_MS - 1);
        assertEquals(1, store.listed);
        tick(PAUSE_MS);
        assertEquals(2, store.listed);
        store.failing = false;
        tick(2 * PAUSE_MS);
        tick(3 * PAUSE_MS);
        assertEquals(3, store.listed, "known by now");
    }

    @Test
    void shouldNotLetAnOperatorWaitForThePause() throws Exception {
        store.failing = true;
        served.change(1);
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> await(onLoop(() -> keeper.snapshotNow(PARTITION, 0))));
        assertTrue(failure.getMessage().contains("the disk is full"), failure::toString);
        store.failing = false;
        assertEquals(
                1, await(onLoop(() -> keeper.snapshotNow(PARTITION, 1_000))).version());
    }

    /** One look, and all that it begins. */
    private void tick(long nowMs) throws Exception {
        onLoop(() -> {
            keeper.tick(nowMs);
            return null;
        });
        // Behind what was begun, which may have begun more.
        for (int i = 0; i < 2; i++) {
            await(onLoop(() -> oneByOne.run(Future::<Void>succeededFuture)));
        }
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(v -> {
            try {
                done.complete(work.call());
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(LIMIT_S, TimeUnit.SECONDS);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
    }

    /** The partition that is served here. */
    private static final class Served implements KeptPartition {

        private final Partition partition = new Partition(PARTITION);
        final List<Long> trims = new ArrayList<>();

        void change(int times) {
            for (int i = 0; i < times; i++) {
                long version = partition.durableVersion() + 1;
                Transaction tx = put("t" + version, "a", "" + version);
                partition.replay(new CommittedTransaction(version, version, tx.id(), tx.cause(), tx.mutations()));
            }
        }

        @Override
        public int number() {
            return PARTITION;
        }

        @Override
        public boolean isServing() {
            return true;
        }

        @Override
        public Partition partition() {
            return partition;
        }

        @Override
        public long restoredVersion() {
            return 0;
        }

        @Override
        public Future<Long> trim(long version) {
            trims.add(version);
            return Future.succeededFuture(1L);
        }
    }

    /** A partition of another process. */
    private record Elsewhere(int number) implements KeptPartition {

        @Override
        public boolean isServing() {
            return false;
        }

        @Override
        public Partition partition() {
            throw new AssertionError("partition " + number + " is not served here");
        }

        @Override
        public long restoredVersion() {
            throw new AssertionError("partition " + number + " is not served here");
        }

        @Override
        public Future<Long> trim(long version) {
            throw new AssertionError("partition " + number + " is not served here");
        }
    }

    /** Remembers which versions there are a snapshot of, and fails when it is told to. */
    private static final class FlakyStore implements SnapshotStore {

        volatile boolean failing;
        volatile int begun;
        volatile int listed;
        private final List<SnapshotId> complete = new ArrayList<>();

        synchronized List<Long> versions() {
            return complete.stream().map(SnapshotId::version).toList();
        }

        private void failIfToldTo() throws IOException {
            if (failing) {
                throw new IOException("the disk is full");
            }
        }

        @Override
        public synchronized List<SnapshotId> list(int partition) throws IOException {
            listed++;
            failIfToldTo();
            return List.copyOf(complete);
        }

        @Override
        public synchronized SnapshotWriter create(SnapshotInfo info) throws IOException {
            begun++;
            failIfToldTo();
            return new SnapshotWriter() {
                @Override
                public void writeEntities(EntityBatch batch) {}

                @Override
                public void writeTransactions(List<String> ids, long[] versions) {}

                @Override
                public SnapshotId complete() {
                    return completed(new SnapshotId(info.partition(), info.version(), "v" + info.version(), 1));
                }

                @Override
                public void close() {}
            };
        }

        private synchronized SnapshotId completed(SnapshotId id) {
            complete.add(0, id);
            return id;
        }

        @Override
        public SnapshotInfo read(SnapshotId id, SnapshotSink sink) {
            throw new AssertionError("nothing is read here");
        }

        @Override
        public void setAside(SnapshotId id, String reason) {
            throw new AssertionError("nothing is damaged here");
        }

        @Override
        public synchronized void delete(SnapshotId id) {
            complete.remove(id);
        }

        @Override
        public void close() {}
    }
}
