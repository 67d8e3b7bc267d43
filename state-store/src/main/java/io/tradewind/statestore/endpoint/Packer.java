package io.tradewind.statestore.endpoint;

import io.tradewind.statestore.domain.DictionarySchool;
import io.tradewind.statestore.domain.PackJob;
import io.tradewind.statestore.domain.Partition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * Compresses what rests in a partition that goes on working: the event loop looks for it in slices and takes in the
 * results, a worker of its own does the packing.
 *
 * <p>On the event loop of the state-store, which closes it. A crash loses nothing: what is compressed is in the log like
 * everything else.
 */
final class Packer implements AutoCloseable {

    /** Entities looked at in one turn of the event loop: some tens of microseconds. */
    static final int SLICE = 512;

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final MemoryMetrics metrics;
    private final OneByOne oneByOne = new OneByOne();
    /** Only the worker touches it, which has one thread. */
    private final DictionarySchool school = new DictionarySchool();

    Packer(Vertx vertx, MemoryMetrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.worker = vertx.createSharedWorkerExecutor("tradewind-packing", 1);
    }

    boolean isIdle() {
        return !oneByOne.isBusy();
    }

    /**
     * Goes through a partition once.
     *
     * @param unchangedSinceMs what was not changed after this time is compressed
     * @return how many entities are compressed by that which were not before
     */
    Future<Long> pack(PartitionServer server, long unchangedSinceMs) {
        return oneByOne.run(() -> {
            Pass pass = new Pass(server, unchangedSinceMs);
            pass.later();
            return pass.done.future();
        });
    }

    @Override
    public void close() {
        worker.close();
    }

    private final class Pass {
        final PartitionServer server;
        final Partition partition;
        final long unchangedSinceMs;
        final long end;
        final Promise<Long> done = Promise.promise();
        long packed;

        Pass(PartitionServer server, long unchangedSinceMs) {
            this.server = server;
            this.partition = server.partition();
            this.unchangedSinceMs = unchangedSinceMs;
            // The last pass ended at the end of the table, so that the next end has everything before it.
            this.end = partition.packPasses() + 1;
        }

        /** In a turn of its own, so that what came meanwhile is served in between. */
        void later() {
            vertx.runOnContext(v -> {
                try {
                    slice();
                } catch (RuntimeException failure) {
                    done.tryFail(failure);
                }
            });
        }

        void slice() {
            if (!server.isServing() || server.partition() != partition) {
                done.complete(packed);
                return;
            }
            long beganNs = System.nanoTime();
            PackJob job = partition.nextPack(unchangedSinceMs, SLICE);
            metrics.packSlice(System.nanoTime() - beganNs);
            if (job != null) {
                worker.executeBlocking(() -> job.pack(school)).onComplete(result -> {
                    if (result.failed()) {
                        partition.abandonPack();
                        done.fail(result.cause());
                        return;
                    }
                    long installNs = System.nanoTime();
                    int cooled = partition.install(result.result());
                    metrics.packSlice(System.nanoTime() - installNs);
                    metrics.packed(cooled);
                    packed += cooled;
                    later();
                });
            } else if (partition.packPasses() >= end) {
                done.complete(packed);
            } else {
                later();
            }
        }
    }
}
