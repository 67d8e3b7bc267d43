package io.tradewind.statestore.endpoint;

import io.tradewind.statestore.domain.EntityBatch;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.domain.SnapshotCapture;
import io.tradewind.statestore.snapshot.SnapshotId;
import io.tradewind.statestore.snapshot.SnapshotInfo;
import io.tradewind.statestore.snapshot.SnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotWriter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Writes one snapshot of a partition that goes on working. The event loop hands over references, {@link #SLICE} at a
 * time; encoding, compressing and writing happen on one worker, never more than {@link #MAX_WAITING} slices behind.
 *
 * <p>On the event loop of the state-store. A crash leaves nothing of an unfinished snapshot.
 */
final class SnapshotTaker {

    /** Entities looked at in one turn of the event loop: some tens of microseconds. */
    static final int SLICE = 128;

    /** Slices that wait for the worker, at most. */
    static final int MAX_WAITING = 4;

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final SnapshotStore store;
    private final Map<String, Integer> schemas;
    private final StoreMetrics metrics;

    SnapshotTaker(
            Vertx vertx,
            WorkerExecutor worker,
            SnapshotStore store,
            Map<String, Integer> schemas,
            StoreMetrics metrics) {
        this.vertx = vertx;
        this.worker = worker;
        this.store = store;
        this.schemas = schemas;
        this.metrics = metrics;
    }

    /** One snapshot on its way. */
    private final class Run {
        final SnapshotCapture capture;
        final Promise<SnapshotId> done = Promise.promise();
        SnapshotWriter writer;
        int waiting;
        boolean handedOut;
        boolean scheduled;

        Run(SnapshotCapture capture) {
            this.capture = capture;
        }

        void begin() {
            blocking(() -> writer = store.create(
                            new SnapshotInfo(capture.partition(), capture.version(), capture.timeMs(), -1, schemas)))
                    .onSuccess(opened -> schedule())
                    .onFailure(this::fail);
        }

        /** The next slice in a turn of its own, so that what came meanwhile is served in between. */
        void schedule() {
            if (!scheduled
                    && !handedOut
                    && waiting < MAX_WAITING
                    && !done.future().isComplete()) {
                scheduled = true;
                vertx.runOnContext(v -> {
                    scheduled = false;
                    slice();
                    schedule();
                });
            }
        }

        void slice() {
            long beganNs = System.nanoTime();
            EntityBatch batch = capture.next(SLICE);
            metrics.snapshotSlice(System.nanoTime() - beganNs);
            if (batch == null) {
                handedOut = true;
                complete();
                return;
            }
            waiting++;
            blocking(() -> {
                        writer.writeEntities(batch);
                        return null;
                    })
                    .onSuccess(written -> {
                        waiting--;
                        schedule();
                    })
                    .onFailure(this::fail);
        }

        void complete() {
            blocking(() -> {
                        writer.writeTransactions(capture.transactionIds(), capture.transactionVersions());
                        SnapshotId id = writer.complete();
                        writer.close();
                        return id;
                    })
                    .onSuccess(done::tryComplete)
                    .onFailure(this::fail);
        }

        void fail(Throwable failure) {
            if (done.tryFail(failure) && writer != null) {
                blocking(() -> {
                    writer.close();
                    return null;
                });
            }
        }
    }

    /** Takes a snapshot of what is durable now. Fails when the store does; the partition is as it was. */
    Future<SnapshotId> take(Partition partition) {
        Run run = new Run(partition.capture());
        run.begin();
        return run.done.future();
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return worker.executeBlocking(work);
    }

    /** Deletes what is older than the {@code keep} newest snapshots and tells which version the oldest kept one has. */
    Future<Long> retain(int partition, int keep) {
        return worker.executeBlocking(() -> retainBlocking(partition, keep));
    }

    private long retainBlocking(int partition, int keep) throws IOException {
        var all = store.list(partition);
        for (SnapshotId old : all.subList(Math.min(keep, all.size()), all.size())) {
            store.delete(old);
        }
        // A single snapshot could turn out to be damaged: then the whole log is what recovery falls back on.
        return all.size() < 2 ? 0 : all.get(Math.min(keep, all.size()) - 1).version();
    }
}
