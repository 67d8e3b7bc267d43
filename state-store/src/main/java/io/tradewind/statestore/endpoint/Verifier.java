package io.tradewind.statestore.endpoint;

import io.tradewind.statestore.domain.EntityBatch;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.domain.SnapshotCapture;
import io.tradewind.statestore.domain.StateHash;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * Shows that recovery would find what is served now: loads a partition a second time, from its snapshots and its log, up
 * to the version that the live one has at this moment, and compares the fingerprints of both.
 *
 * <p>On the event loop of the state-store, which only hands over references; hashing and loading happen on workers.
 */
final class Verifier {

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final PartitionLoader loader;

    Verifier(Vertx vertx, WorkerExecutor worker, PartitionLoader loader) {
        this.vertx = vertx;
        this.worker = worker;
        this.loader = loader;
    }

    /**
     * What was found.
     *
     * @param version at which both were compared
     * @param entities that the live partition has
     * @param snapshotVersion of the snapshot that the other was loaded from; 0 when there was none
     * @param problem what differs, or why the partition could not be loaded; {@code null} when all is well
     */
    record Finding(long version, long entities, long snapshotVersion, long hash, String problem) {}

    Future<Finding> verify(Partition live) {
        SnapshotCapture capture = live.capture();
        StateHash hash = new StateHash();
        return hashed(capture, hash)
                .compose(v -> loader.load(capture.partition(), capture.version()))
                .compose(loaded -> worker.executeBlocking(() -> compare(capture, hash, loaded)))
                .otherwise(failure -> new Finding(
                        capture.version(), hash.entities(), 0, hash.value(), String.valueOf(failure.getMessage())));
    }

    private Future<Void> hashed(SnapshotCapture capture, StateHash hash) {
        Promise<Void> done = Promise.promise();
        step(capture, hash, done);
        return done.future();
    }

    private void step(SnapshotCapture capture, StateHash hash, Promise<Void> done) {
        EntityBatch batch = capture.next(SnapshotTaker.SLICE);
        if (batch == null) {
            done.complete();
            return;
        }
        worker.executeBlocking(() -> {
                    batch.forEach(hash::add);
                    return null;
                })
                .onSuccess(v -> vertx.runOnContext(next -> step(capture, hash, done)))
                .onFailure(done::fail);
    }

    private static Finding compare(SnapshotCapture capture, StateHash live, PartitionLoader.Loaded loaded) {
        StateHash stored = new StateHash();
        SnapshotCapture all = loaded.partition().capture();
        for (EntityBatch batch = all.next(SnapshotTaker.SLICE); batch != null; batch = all.next(SnapshotTaker.SLICE)) {
            batch.forEach(stored::add);
        }
        String problem = all.version() != capture.version()
                ? "loaded version " + all.version() + " instead of " + capture.version()
                : stored.value() != live.value()
                        ? "snapshot and log give " + stored.entities() + " entities with fingerprint "
                                + Long.toHexString(stored.value()) + ", served are " + live.entities() + " with "
                                + Long.toHexString(live.value())
                        : null;
        return new Finding(capture.version(), live.entities(), loaded.restoredVersion(), live.value(), problem);
    }
}
