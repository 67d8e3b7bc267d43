package io.tradewind.statestore.cluster;

import static io.tradewind.statestore.cluster.Waiting.await;
import static io.tradewind.statestore.cluster.Waiting.until;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.Ports;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.tradewind.statestore.StateStoreConfig;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** State-store processes in one cluster over one Redis, and this process as a member that offers nothing. */
final class StoreCluster implements AutoCloseable {

    /** Short, so that a request that got lost is repeated soon. */
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private static final String STORE = "state-store";
    private static final int FIRST_PORT = 17_701;

    private final Path logs;
    private final EmbeddedRedis redis;
    private final String name = "stores-" + ProcessHandle.current().pid();
    private final int port = Ports.claim("127.0.0.1", FIRST_PORT, false);
    private final List<StoreProcess> processes = new ArrayList<>();
    private final ServiceKit kit;
    private final StateClient client;
    private final Redis raw;
    private int started;

    /** @param test in whose name the processes write their logs below {@code target/} */
    StoreCluster(Path directory, String test) {
        this.logs = logs(test);
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory.resolve("redis")));
        Settings.Builder settings = Settings.builder().section(STORE, StateStoreConfig.class);
        settings().forEach(setting -> settings.override(setting));
        kit = await(ServiceKit.open(settings.build(), KitOptions.inCluster()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        client = new StateClient(kit.vertx().eventBus(), DEADLINE);
        raw = Redis.createClient(kit.vertx(), redis.uri());
    }

    private static Path logs(String test) {
        try {
            return Files.createDirectories(Path.of("target", "process-logs", test));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> settings() {
        return List.of(
                "redis.uri=" + redis.uri(),
                "admin.port=0",
                // A busy machine may take its time to hand over.
                "runtime.stop-timeout=1m",
                "cluster.name=" + name,
                "cluster.port=" + port,
                "cluster.members=127.0.0.1:" + port);
    }

    ServiceKit kit() {
        return kit;
    }

    StateClient client() {
        return client;
    }

    /** Starts a process and waits until it offers the state-store. */
    StoreProcess start(String... more) {
        Set<String> before = stores();
        Path log = logs.resolve("store-" + ++started + ".log");
        Process process = launch(log, more);
        try {
            until("store " + started + " offers its service, see " + log, () -> {
                if (!process.isAlive()) {
                    throw new AssertionError(
                            "store " + started + " ended with " + process.exitValue() + ", see " + log);
                }
                return !before.containsAll(stores());
            });
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
        Set<String> fresh = new HashSet<>(stores());
        fresh.removeAll(before);
        StoreProcess store = StoreProcess.of(process, fresh.iterator().next());
        processes.add(store);
        return store;
    }

    /** Starts a process, whatever comes of it; the caller ends it. */
    Process launch(Path log, String... more) {
        List<String> all = new ArrayList<>(settings());
        all.addAll(List.of(more));
        return StoreProcess.start(log, all);
    }

    /** Members that offer the state-store, as this process sees the cluster. */
    Set<String> stores() {
        return kit.membership().view().offering(STORE);
    }

    /** The owner of each partition, as Redis has it. */
    Map<Integer, String> owners() {
        Map<Integer, String> owners = new TreeMap<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            var owner = await(
                    raw.send(Request.cmd(Command.HGET).arg(LogKeys.head(p)).arg(LogKeys.HEAD_OWNER)));
            owners.put(p, owner == null ? "" : owner.toString());
        }
        return owners;
    }

    List<Integer> ownedBy(StoreProcess store) {
        return owners().entrySet().stream()
                .filter(entry -> entry.getValue().equals(store.member()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Waits until every partition is owned by one of these, and each of these owns what it should. */
    void untilSpreadOver(StoreProcess... stores) {
        Set<String> ids = new HashSet<>();
        for (StoreProcess store : stores) {
            ids.add(store.member());
        }
        until("partitions are spread over " + ids, () -> stores().equals(ids) && owners().equals(Spread.over(ids)));
    }

    @Override
    public void close() {
        raw.close();
        for (StoreProcess store : processes) {
            store.kill();
        }
        await(kit.close());
        redis.close();
    }
}
