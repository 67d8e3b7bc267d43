package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.SyncedVersions;
import io.tradewind.statestore.domain.DomainUsage;
import io.tradewind.statestore.domain.MemoryLevel;
import io.tradewind.statestore.domain.MemoryPressure;
import io.tradewind.statestore.domain.RetentionRules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the state within its memory: sees what it takes, has resting entities compressed, lets go of what may leave, and
 * does both sooner when memory becomes scarce.
 *
 * <p>On the event loop of the state-store, which calls {@link #tick} and closes it. Holds nothing that a crash could
 * lose: what is compressed is compressed again, and how far the database is is said every second.
 */
final class MemoryKeeper implements AutoCloseable {

    /** Pause between two looks for what rests. */
    static final long PACK_EVERY_MS = 10_000;

    /** What counts as resting when memory is scarce. */
    static final long PRESSED_REST_MS = 5_000;

    /** Pause between two looks, for what rests and for what may leave, when memory is scarce. */
    static final long PRESSED_EVERY_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(MemoryKeeper.class);

    private final MemoryPolicy policy;
    private final MemoryPressure pressure;
    private final MemoryMetrics metrics;
    private final Clock clock;
    private final List<PartitionServer> servers;
    private final Packer packer;
    private final Cleaner cleaner;
    private final long[] synced = new long[Partitions.COUNT];
    private long packedAtMs;
    private long cleanedAtMs;

    MemoryKeeper(
            Vertx vertx,
            MemoryPolicy policy,
            MemoryPressure pressure,
            MemoryMetrics metrics,
            Clock clock,
            List<PartitionServer> servers) {
        this.policy = policy;
        this.pressure = pressure;
        this.metrics = metrics;
        this.clock = clock;
        this.servers = servers;
        this.packer = new Packer(vertx, metrics);
        this.cleaner = new Cleaner(vertx, commit -> commit(vertx, commit), metrics);
        metrics.watch(pressure, servers);
        // A start has better things to do than to compress what it has just loaded.
        packedAtMs = clock.millis();
        cleanedAtMs = packedAtMs;
    }

    private static Future<CommitReply> commit(Vertx vertx, Commit commit) {
        return vertx.eventBus()
                .<CommitReply>request(Addresses.stateCommit(commit.partition()), commit)
                .map(Message::body);
    }

    /** The database has caught up. */
    void onSynced(SyncedVersions versions) {
        versions.versions().forEach((partition, version) -> synced[partition] = version);
    }

    MemoryPressure pressure() {
        return pressure;
    }

    /** Looks at what is taken and begins what is due; call it about every second. */
    void tick() {
        long nowMs = clock.millis();
        measure();
        boolean scarce = pressure.isAtLeast(MemoryLevel.COMPRESS);
        if (packer.isIdle() && nowMs - packedAtMs >= (scarce ? PRESSED_EVERY_MS : PACK_EVERY_MS)) {
            packedAtMs = nowMs;
            servers.stream().filter(PartitionServer::isServing).forEach(server -> compress(
                            server, scarce ? PRESSED_REST_MS : policy.compressAfterMs())
                    .onFailure(failure -> LOG.warn(
                            "partition {}: compressing failed, the entities stay as they are: {}",
                            server.number(),
                            failure.getMessage())));
        }
        boolean evicting = pressure.isAtLeast(MemoryLevel.EVICT);
        long cleanEveryMs = evicting ? Math.min(PRESSED_EVERY_MS, policy.cleanEveryMs()) : policy.cleanEveryMs();
        if (cleaner.isIdle() && nowMs - cleanedAtMs >= cleanEveryMs) {
            cleanedAtMs = nowMs;
            servers.stream().filter(PartitionServer::isServing).forEach(server -> cleanUp(server)
                    .onFailure(failure -> LOG.warn(
                            "partition {}: retention stopped, it goes on next time: {}",
                            server.number(),
                            failure.getMessage())));
        }
    }

    private void measure() {
        Map<String, DomainUsage> domains = new TreeMap<>();
        long bytes = 0;
        for (PartitionServer server : servers) {
            long ofPartition = 0;
            for (var domain : server.partition().usage().entrySet()) {
                domains.merge(domain.getKey(), domain.getValue(), DomainUsage::plus);
                ofPartition += domain.getValue().heapBytes();
            }
            metrics.heap(server.number(), ofPartition);
            bytes += ofPartition;
        }
        metrics.usage(domains);
        MemoryLevel before = pressure.level();
        MemoryLevel after = pressure.update(bytes);
        if (after.compareTo(before) > 0) {
            LOG.warn("memory: {}", pressure.sentence());
        } else if (after != before) {
            LOG.info("memory: level {} after {}", after.text(), before.text());
        }
    }

    /** The domains of which entities leave the memory by their age, in text order. */
    List<String> retained() {
        return List.copyOf(policy.retention().domains());
    }

    /** What each domain of a partition takes. */
    Map<String, DomainUsage> usage(int partition) {
        return server(partition).partition().usage();
    }

    /**
     * Compresses what rests in a partition now.
     *
     * @return how many entities are compressed by that which were not before
     */
    Future<Long> compressNow(int partition) {
        PartitionServer server = server(partition);
        return server.isServing() ? compress(server, PRESSED_REST_MS) : notServed(partition);
    }

    /**
     * Lets go now of what may leave a partition.
     *
     * @return how many entities have left
     */
    Future<Long> cleanUpNow(int partition) {
        PartitionServer server = server(partition);
        return server.isServing() ? cleanUp(server) : notServed(partition);
    }

    private static <T> Future<T> notServed(int partition) {
        return Future.failedFuture("partition " + partition + " is not served here now");
    }

    private PartitionServer server(int partition) {
        return servers.get(Partitions.check(partition));
    }

    private Future<Long> compress(PartitionServer server, long restMs) {
        return packer.pack(server, clock.millis() - restMs);
    }

    private Future<Long> cleanUp(PartitionServer server) {
        RetentionRules rules = pressure.isAtLeast(MemoryLevel.EVICT)
                ? policy.retention().within(policy.minimumMs())
                : policy.retention();
        return cleaner.clean(server, rules, () -> synced[server.number()], clock.millis());
    }

    @Override
    public void close() {
        packer.close();
    }
}
