package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.SyncedVersions;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.domain.TrimRule;
import io.tradewind.statestore.snapshot.SnapshotId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs short: has snapshots taken when they are due, one partition at a time, and lets go of what every kept
 * snapshot, the database and the resume window have passed.
 *
 * <p>On the event loop of the state-store, which calls {@link #tick}. Holds nothing that a crash could lose: which
 * snapshots there are is asked of their store, how far the database is is said every second.
 */
final class LogKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);

    /** Pause before a store that did not answer, or could not take a snapshot, is asked again. */
    static final long ASK_AGAIN_MS = 10_000;

    /** What is known of one partition, since this process serves it. */
    private static final class Kept {
        final KeptPartition server;
        final TrimRule rule;
        Partition of;
        /** The newest snapshot, and when it was taken or first missed. */
        long version;

        long atMs;
        /** The oldest snapshot that recovery may fall back on; -1 when that has to be asked. */
        long oldest = -1;

        /** When the store may be asked again. */
        long askAtMs;

        /** After a snapshot that failed: when the next one may be tried. */
        long retryAtMs;

        long synced;
        long trimmed;

        Kept(KeptPartition server, LogPolicy policy) {
            this.server = server;
            this.rule = new TrimRule(policy.keepTransactions(), policy.keepMs());
        }

        long changes() {
            return server.partition().durableVersion() - version;
        }
    }

    private final SnapshotTaker taker;
    private final LogPolicy policy;
    private final StoreMetrics metrics;
    private final OneByOne oneByOne;
    private final List<Kept> partitions = new ArrayList<>();
    private boolean scarce;

    /** @param oneByOne shared by all that walk through whole partitions: a partition knows one walk at a time */
    LogKeeper(
            SnapshotTaker taker,
            LogPolicy policy,
            StoreMetrics metrics,
            OneByOne oneByOne,
            List<? extends KeptPartition> servers) {
        this.oneByOne = oneByOne;
        this.taker = taker;
        this.policy = policy;
        this.metrics = metrics;
        servers.forEach(server -> partitions.add(new Kept(server, policy)));
    }

    /** The database has caught up. */
    void onSynced(SyncedVersions synced) {
        synced.versions().forEach((partition, version) -> partitions.get(Partitions.check(partition)).synced = version);
    }

    /** Memory for the log is scarce, or no longer: then snapshots are due at once and the resume window counts less. */
    void scarce(boolean now) {
        scarce = now;
    }

    /** Begins what is due; cheap when nothing is. */
    void tick(long nowMs) {
        for (Kept kept : partitions) {
            if (kept.server.isServing()) {
                observe(kept, nowMs);
                trim(kept);
            }
        }
        if (!oneByOne.isBusy()) {
            partitions.stream()
                    .filter(kept -> kept.server.isServing() && isDue(kept, nowMs))
                    .max((a, b) -> Long.compare(a.changes(), b.changes()))
                    .ifPresent(kept -> oneByOne.run(() -> snapshot(kept, nowMs)));
        }
    }

    /**
     * Takes a snapshot, whether due or not, as soon as none is being taken.
     *
     * @return fails when the partition is not served here or when the store fails
     */
    Future<SnapshotId> snapshotNow(int partition, long nowMs) {
        Kept kept = partitions.get(Partitions.check(partition));
        return oneByOne.run(() -> kept.server.isServing()
                ? snapshot(kept, nowMs)
                : Future.failedFuture("partition " + partition + " is not served here now"));
    }

    private void observe(Kept kept, long nowMs) {
        if (kept.of != kept.server.partition()) {
            // Loaded afresh: by a restart, a takeover or a fence. What was known of it may be out of date.
            kept.of = kept.server.partition();
            kept.version = kept.server.restoredVersion();
            kept.atMs = nowMs;
            kept.oldest = -1;
            kept.askAtMs = nowMs;
            kept.trimmed = 0;
        }
        kept.rule.sample(nowMs, kept.of.durableVersion());
        if (kept.oldest < 0 && nowMs >= kept.askAtMs && !oneByOne.isBusy()) {
            kept.askAtMs = nowMs + ASK_AGAIN_MS;
            oneByOne.run(() -> taker.retain(kept.server.number(), policy.keep()))
                    .onSuccess(oldest -> kept.oldest = oldest)
                    .onFailure(failure -> LOG.warn(
                            "partition {}: cannot list its snapshots: {}", kept.server.number(), failure.getMessage()));
        }
    }

    private boolean isDue(Kept kept, long nowMs) {
        if (nowMs < kept.retryAtMs) {
            return false;
        }
        long changes = kept.changes();
        return changes >= policy.everyChanges()
                || (changes > 0 && nowMs - kept.atMs >= policy.everyMs())
                || (scarce && changes >= Math.max(1, policy.everyChanges() / 10));
    }

    private Future<SnapshotId> snapshot(Kept kept, long nowMs) {
        Partition partition = kept.server.partition();
        long beganNs = System.nanoTime();
        return taker.take(partition)
                .compose(id -> taker.retain(partition.number(), policy.keep()).map(oldest -> {
                    kept.oldest = oldest;
                    return id;
                }))
                .onComplete(taken -> {
                    kept.atMs = nowMs;
                    if (taken.succeeded()) {
                        kept.version = taken.result().version();
                        metrics.snapshotTaken(
                                System.nanoTime() - beganNs, taken.result().bytes());
                        LOG.debug(
                                "partition {}: snapshot at version {}, {} bytes",
                                partition.number(),
                                kept.version,
                                taken.result().bytes());
                    } else {
                        kept.retryAtMs = nowMs + ASK_AGAIN_MS;
                        metrics.snapshotFailed();
                        LOG.error(
                                "partition {}: no snapshot at version {}; the log keeps everything until one succeeds,"
                                        + " next try in at least {} s: {}",
                                partition.number(),
                                partition.durableVersion(),
                                ASK_AGAIN_MS / 1_000,
                                taken.cause().getMessage());
                    }
                });
    }

    private void trim(Kept kept) {
        if (kept.oldest <= 0) {
            return;
        }
        long synced = policy.awaitSync() ? kept.synced : Long.MAX_VALUE;
        long upTo = kept.rule.upTo(kept.of.durableVersion(), kept.oldest, synced, scarce);
        if (upTo > kept.trimmed) {
            kept.server.trim(upTo).onSuccess(entries -> {
                metrics.trimmed(entries);
                if (entries == 0) {
                    kept.trimmed = upTo;
                }
            });
        }
    }
}
