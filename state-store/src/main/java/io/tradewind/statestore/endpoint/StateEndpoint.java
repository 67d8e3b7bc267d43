package io.tradewind.statestore.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.SyncedVersions;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.servicekit.Membership;
import io.tradewind.statestore.StateStoreConfig;
import io.tradewind.statestore.domain.LogBudget;
import io.tradewind.statestore.domain.MemoryPressure;
import io.tradewind.statestore.postgres.LogArchive;
import io.tradewind.statestore.redis.LogHistory;
import io.tradewind.statestore.redis.PartitionLog;
import io.tradewind.statestore.snapshot.SnapshotStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The partitions of this process, on one event loop; closed by the verticle. */
public final class StateEndpoint {

    /** How long the owner of a partition may take to answer for what another team's service asked. */
    private static final Duration READ_DEADLINE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Clock clock;
    private final List<PartitionServer> servers = new ArrayList<>();
    private final Ownership ownership;
    private final LogKeeper keeper;
    private final MemoryKeeper memory;
    private final PublicEventPublisher events;
    private final boolean publicEvents;
    private final HistoryEndpoint history;
    private final WorkerExecutor snapshotWorker;
    private MessageConsumer<SyncedVersions> synced;

    public StateEndpoint(
            Vertx vertx,
            Membership membership,
            PartitionLog log,
            LogHistory logHistory,
            LogArchive archive,
            SnapshotStore snapshots,
            Schemas schemas,
            LogBudget budget,
            boolean publicEvents,
            Clock clock,
            MeterRegistry meters,
            StateStoreConfig config) {
        this.vertx = vertx;
        this.clock = clock;
        this.publicEvents = publicEvents;
        events = new PublicEventPublisher(vertx, new StateClient(vertx.eventBus(), READ_DEADLINE));
        StoreMetrics metrics = new StoreMetrics(meters);
        MemoryPolicy policy = config.memoryPolicy();
        MemoryPressure pressure =
                new MemoryPressure(policy.budgetBytes(), policy.compressAt(), policy.evictAt(), policy.refuseAt());
        MemoryMetrics memoryMetrics = new MemoryMetrics(meters);
        PartitionLoader loader = new PartitionLoader(vertx, log, snapshots, schemas, metrics);
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            servers.add(new PartitionServer(
                    vertx,
                    partition,
                    log,
                    loader,
                    budget,
                    new PartitionDoor(vertx, membership, partition),
                    publicEvents ? events::publish : changes -> {},
                    clock,
                    metrics,
                    config.maxAppendsInFlight(),
                    config.retryInterval().toMillis(),
                    () -> refusal(pressure, memoryMetrics)));
        }
        metrics.watch(meters, servers);
        ownership = new Ownership(vertx, membership, log, servers);
        memory = new MemoryKeeper(vertx, policy, pressure, memoryMetrics, clock, servers);
        snapshotWorker = vertx.createSharedWorkerExecutor("tradewind-snapshots", 1);
        OneByOne oneByOne = new OneByOne();
        keeper = new LogKeeper(
                new SnapshotTaker(vertx, snapshotWorker, snapshots, schemas.raised(), metrics),
                config.logPolicy(),
                metrics,
                oneByOne,
                servers);
        OperatorCommands commands =
                new OperatorCommands(clock, keeper, memory, new Verifier(vertx, snapshotWorker, loader), oneByOne);
        servers.forEach(commands::attach);
        history = new HistoryEndpoint(
                new HistoryReader(vertx, logHistory::readBack, archive::readBack, schemas), servers);
    }

    private static String refusal(MemoryPressure pressure, MemoryMetrics metrics) {
        String why = pressure.refusal();
        if (why != null) {
            metrics.refused();
        }
        return why;
    }

    /** Completes when every partition that belongs to this process serves. */
    public Future<Void> open() {
        synced = vertx.eventBus().consumer(Addresses.SYNC_VERSIONS, message -> {
            keeper.onSynced(message.body());
            memory.onSynced(message.body());
        });
        Future<Void> questions = publicEvents ? events.open() : Future.succeededFuture();
        return ownership.open().compose(v -> questions);
    }

    /** Has snapshots taken and logs trimmed when they are due; call it about every second. */
    public void keepLogs() {
        keeper.tick(clock.millis());
    }

    /** The memory of the log is short, or no longer. */
    public void onScarce(boolean scarce) {
        keeper.scarce(scarce);
    }

    /** Compresses what rests and lets go of what may leave when that is due; call it about every second. */
    public void keepMemory() {
        memory.tick();
    }

    /** How much memory the entities take, and how scarce it is. */
    public MemoryPressure pressure() {
        return memory.pressure();
    }

    /** The connection to the log is back, or is gone. */
    public void onLog(boolean up) {
        servers.forEach(server -> server.onLog(up));
        if (up) {
            ownership.onLog();
        }
    }

    public void flushRelaxed() {
        servers.forEach(PartitionServer::flushRelaxed);
    }

    public long servingPartitions() {
        return servers.stream().filter(PartitionServer::isServing).count();
    }

    /** Partitions that this process serves or should serve. */
    public long ownedPartitions() {
        return ownership.owned();
    }

    /** Takes nothing more and completes when everything taken is durable and every partition is handed over. */
    public Future<Void> drain() {
        return ownership.leave();
    }

    public Future<Void> close() {
        snapshotWorker.close();
        memory.close();
        if (synced != null) {
            synced.unregister();
        }
        return Future.join(servers.stream().map(PartitionServer::close).toList())
                .eventually(events::close)
                .eventually(history::close)
                .mapEmpty();
    }
}
