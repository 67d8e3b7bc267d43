package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.redis.PartitionLog;
import io.tradewind.statestore.redis.PartitionLog.RawEntry;
import io.tradewind.statestore.snapshot.DamagedSnapshotException;
import io.tradewind.statestore.snapshot.NewerSnapshotException;
import io.tradewind.statestore.snapshot.SnapshotId;
import io.tradewind.statestore.snapshot.SnapshotInfo;
import io.tradewind.statestore.snapshot.SnapshotStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a partition back: the newest snapshot that is good, then the log behind it. A damaged snapshot is set aside
 * with its reason, and the next older one is taken. Documents of an earlier shape are brought to the one of today; where
 * that fails, nothing is loaded.
 *
 * <p>Called on the event loop; reads, unpacks and replays on workers, several partitions at the same time. The partition
 * belongs to the caller when its future completes.
 */
final class PartitionLoader {

    /** A partition as it is now, and the version of the snapshot it came from; 0 when there was none. */
    record Loaded(Partition partition, long restoredVersion) {}

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLoader.class);

    private final Vertx vertx;
    private final PartitionLog log;
    private final SnapshotStore snapshots;
    private final Schemas schemas;
    private final StoreMetrics metrics;

    PartitionLoader(Vertx vertx, PartitionLog log, SnapshotStore snapshots, Schemas schemas, StoreMetrics metrics) {
        this.vertx = vertx;
        this.log = log;
        this.snapshots = snapshots;
        this.schemas = schemas;
        this.metrics = metrics;
    }

    /**
     * Loads a partition up to where its log ends.
     *
     * @param head the last version in the log, which nobody else may append to any more
     * @return fails with {@link IllegalStateException} or a {@link io.tradewind.contracts.wire.WireFormatException} when
     *     what is stored is damaged or of a shape that this program cannot take, so that another try would find the
     *     same; with anything else when it may not
     */
    Future<Loaded> load(int number, long head) {
        return vertx.executeBlocking(() -> restore(number, head), false).compose(partition -> {
            long restored = partition.durableVersion();
            return replay(partition, head).map(replayed -> new Loaded(replayed, restored));
        });
    }

    private Partition restore(int number, long head) throws IOException {
        for (SnapshotId id : snapshots.list(number)) {
            if (id.version() > head) {
                throw new IllegalStateException("partition " + number + ": snapshot " + id.name() + " is at version "
                        + id.version() + ", but the log ends at " + head
                        + "; Redis has lost what was acknowledged. Bring its data back, or restore a backup");
            }
            Partition partition = new Partition(number);
            try {
                SnapshotInfo info = snapshots.read(id, new UpgradingSink(schemas, partition.restoring()));
                partition.restored(info.version(), info.timeMs());
                LOG.debug("partition {}: {} entities of snapshot {}", number, info.entities(), id.name());
                return partition;
            } catch (NewerSnapshotException e) {
                // Going on from an older one would be right too, but the newer program is the one to run here.
                throw new IllegalStateException(
                        "partition " + number + ": snapshot " + id.name() + ": " + e.getMessage(), e);
            } catch (DamagedSnapshotException e) {
                metrics.snapshotDamaged();
                LOG.error(
                        "partition {}: snapshot {} cannot be used and is set aside: {}",
                        number,
                        id.name(),
                        e.getMessage());
                snapshots.setAside(id, e.getMessage());
            }
        }
        return new Partition(number);
    }

    private Future<Partition> replay(Partition partition, long head) {
        if (partition.durableVersion() >= head) {
            return Future.succeededFuture(partition);
        }
        LogCodec codec = new LogCodec(schemas);
        return log.readRaw(partition.number(), partition.durableVersion())
                .compose(entries -> replay(partition, codec, entries, head))
                .onComplete(done -> codec.close());
    }

    /** While some entries are replayed, the next ones are read. */
    private Future<Partition> replay(Partition partition, LogCodec codec, List<RawEntry> entries, long head) {
        if (entries.isEmpty()) {
            return Future.failedFuture(new IllegalStateException("partition " + partition.number()
                    + ": the log ends at version " + partition.durableVersion() + " instead of " + head));
        }
        long last = entries.get(entries.size() - 1).lastVersion();
        Future<List<RawEntry>> next =
                last < head ? log.readRaw(partition.number(), last) : Future.succeededFuture(List.of());
        return vertx.executeBlocking(
                        () -> {
                            apply(partition, PartitionLog.decode(codec, entries, partition.durableVersion()), head);
                            return partition;
                        },
                        false)
                .compose(replayed -> last < head
                        ? next.compose(more -> replay(partition, codec, more, head))
                        : Future.succeededFuture(partition));
    }

    private static void apply(Partition partition, List<CommittedTransaction> transactions, long head) {
        long next = partition.durableVersion() + 1;
        if (!transactions.isEmpty() && transactions.get(0).version() > next) {
            throw new IllegalStateException("partition " + partition.number() + ": the log goes on at version "
                    + transactions.get(0).version() + ", but the newest usable snapshot ends at " + (next - 1)
                    + "; what is in between is gone. Bring back the snapshots, or restore a backup");
        }
        for (CommittedTransaction tx : transactions) {
            // While a served partition is verified, its log goes on behind the version that is asked for.
            if (tx.version() <= head) {
                partition.replay(tx);
            }
        }
    }
}
