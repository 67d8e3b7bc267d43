package io.tradewind.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradewind.allinone.datadir.Credentials;
import io.tradewind.allinone.datadir.DataDirectoryException;
import io.tradewind.dbsync.DbSyncMain;
import io.tradewind.embeddedservers.EmbeddedPostgres;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.gateway.GatewayMain;
import io.tradewind.orderqueue.OrderQueueMain;
import io.tradewind.statestore.StateStoreMain;
import io.tradewind.strategyexecutor.StrategyExecutorMain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Tradewind of one process per service, with several state-stores, on a Redis and a Postgres of its own. Blocking; one
 * thread. Whoever started it closes it, which leaves no process behind.
 */
public final class TradewindCluster implements Audited, AutoCloseable {

    /** Postgres lets go of the locks of a db-sync that stands still in the middle of a batch a second later. */
    private static final String SYNC_COMMAND_TIMEOUT = "15s";

    private final Path root;
    private final Path logs;
    private final EmbeddedRedis redis;
    private final EmbeddedPostgres postgres;
    private final int clusterPort = Workspace.freePort();
    private final int gatewayPort = Workspace.freePort();
    private final Credentials credentials;
    private final List<ServiceProcess> stores = new ArrayList<>();
    private final List<ServiceProcess> syncs = new ArrayList<>();
    private final List<ServiceProcess> processes = new ArrayList<>();
    private int started;

    private TradewindCluster(Path root, Path logs) throws IOException, DataDirectoryException {
        this.root = root;
        this.logs = Files.createDirectories(logs);
        credentials = Credentials.loadOrCreate(root, new SecureRandom());
        credentials.register(keys());
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(root.resolve("redis")));
        postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.in(root.resolve("postgres")));
    }

    /** @param logs where the processes write; kept */
    public static TradewindCluster start(Workspace workspace, Path logs, int stores) throws Exception {
        return start(workspace, logs, stores, 1);
    }

    /** The same with several db-syncs, of which one leads. */
    public static TradewindCluster start(Workspace workspace, Path logs, int stores, int syncs) throws Exception {
        TradewindCluster cluster = new TradewindCluster(workspace.root(), logs);
        try {
            for (int i = 0; i < stores; i++) {
                cluster.startStore();
            }
            for (int i = 0; i < syncs; i++) {
                cluster.startSync();
            }
            cluster.run(OrderQueueMain.class, "order-queue.paper.cash=1000000000");
            cluster.run(StrategyExecutorMain.class);
            cluster.run(
                    GatewayMain.class,
                    "gateway.port=" + cluster.gatewayPort,
                    "gateway.strict-port=true",
                    "gateway.keys-file=" + cluster.keys());
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** One more state-store; it takes its share of the partitions. */
    public ServiceProcess startStore() {
        ServiceProcess store = run(StateStoreMain.class, "state-store.snapshots.store=postgres");
        stores.add(store);
        return store;
    }

    /** One more db-sync; it stands by, or takes over. */
    public ServiceProcess startSync() {
        ServiceProcess sync = run(DbSyncMain.class, "postgres.command-timeout=" + SYNC_COMMAND_TIMEOUT);
        syncs.add(sync);
        return sync;
    }

    /** Those that live and follow the logs, by what they say themselves; one that stands still says nothing. */
    public List<ServiceProcess> leadingSyncs() throws IOException {
        List<ServiceProcess> leading = new ArrayList<>();
        for (ServiceProcess sync : syncs) {
            if (sync.isAlive() && !sync.isPaused()) {
                JsonNode service = sync.health().path("services").path(DbSyncMain.SERVICE.name());
                if (!service.path("checks")
                        .path("lag")
                        .path("details")
                        .path("standby")
                        .asBoolean()) {
                    leading.add(sync);
                }
            }
        }
        return leading;
    }

    /** The process that owns a partition now; empty while nobody does who lives. */
    public Optional<ServiceProcess> ownerOf(int partition) throws IOException {
        try (PartitionLogs heads = PartitionLogs.open(redis())) {
            String owner = heads.owner(partition);
            return stores.stream()
                    .filter(store -> store.isAlive() && store.isMember(owner))
                    .findFirst();
        }
    }

    private ServiceProcess run(Class<?> main, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "redis.uri=" + redis.uri(),
                "postgres.uri=" + postgres.uri(),
                "admin.port=0",
                "cluster.name=tradewind-" + clusterPort,
                "cluster.port=" + clusterPort,
                "cluster.members=127.0.0.1"));
        all.addAll(List.of(settings));
        ServiceProcess process =
                ServiceProcess.start(main, logs.resolve(++started + "-" + main.getSimpleName() + ".log"), all);
        processes.add(process);
        return process;
    }

    private Path keys() {
        return root.resolve("keys.json");
    }

    @Override
    public ApiClient client() {
        return new ApiClient(
                URI.create("http://127.0.0.1:" + gatewayPort), credentials.keyId(), credentials.secretKey());
    }

    @Override
    public URI redis() {
        return URI.create(redis.uri());
    }

    @Override
    public URI postgres() {
        return URI.create(postgres.uri());
    }

    @Override
    public String quoted() {
        StringBuilder text = new StringBuilder();
        processes.forEach(process -> text.append(process.quoted()));
        return text.toString();
    }

    @Override
    public void close() {
        processes.forEach(ServiceProcess::kill9);
        postgres.close();
        redis.close();
    }
}
