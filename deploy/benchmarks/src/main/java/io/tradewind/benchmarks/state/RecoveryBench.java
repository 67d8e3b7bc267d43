package io.tradewind.benchmarks.state;

import io.tradewind.benchmarks.Await;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Many entities in snapshots and as many transactions in the log behind them: how long it takes to serve again, beside
 * how long Redis takes to load its own append-only file: this one, and that of a Redis which holds the same entities
 * and transactions plainly, a key each and a stream entry each.
 */
final class RecoveryBench {

    private static final int STEP = 1_024;

    private final EmbeddedRedis redis;
    private final PrintStream out;
    private final int entities;
    private final Path plainDirectory;
    private final Map<String, String> overrides;

    RecoveryBench(EmbeddedRedis redis, PrintStream out, int entities, Path directory) {
        this.redis = redis;
        this.out = out;
        this.entities = entities;
        this.plainDirectory = directory.resolve("plain");
        this.overrides = Map.of(
                "state-store.snapshots.store", "directory",
                "state-store.snapshots.directory",
                        directory.resolve("snapshots").toString(),
                "state-store.snapshots.every-changes", "1000000000",
                "state-store.snapshots.every", "7d",
                "state-store.log.budget", "20GiB",
                "state-store.memory.budget", "100GiB");
    }

    void run() {
        out.printf(Locale.ROOT, "%nRecovery: %,d entities, as many transactions in the log behind them%n", entities);
        try (LocalStore store = new LocalStore(redis, overrides)) {
            ReadBench.fill(store, entities);
            long beganNs = System.nanoTime();
            long bytes = 0;
            for (int partition = 0; partition < Partitions.COUNT; partition++) {
                Message<Json> taken = Await.get(
                        store.vertx()
                                .eventBus()
                                .<Json>request(
                                        Addresses.stateCommand(partition),
                                        new StateCommand(StateCommand.Verb.SNAPSHOT, partition),
                                        new DeliveryOptions().setSendTimeout(LocalStore.START_MS))
                                .toCompletionStage(),
                        LocalStore.START_MS,
                        "taking a snapshot");
                bytes += new JsonObject(new String(taken.body().bytes(), StandardCharsets.UTF_8)).getLong("bytes");
            }
            var slices =
                    store.kit().meters().get("tradewind.state.snapshot.slice").timer();
            out.printf(
                    Locale.ROOT,
                    "  snapshots of all            %,8d ms, %,d bytes; longest slice on the event loop %.3f ms of %,d%n",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs),
                    bytes,
                    slices.max(TimeUnit.MICROSECONDS) / 1_000,
                    slices.count());
            update(store);
            plain(store.vertx());
        }
        out.printf(Locale.ROOT, "  Redis loads the log         %,8d ms%n", restartMs(redis));
        long loadNs = System.nanoTime();
        try (LocalStore store = new LocalStore(redis, overrides)) {
            out.printf(
                    Locale.ROOT,
                    "  the state-store serves again %,7d ms, with %,.0f entities%n",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - loadNs),
                    store.kit().meters().find("tradewind.state.entities").gauges().stream()
                            .mapToDouble(gauge -> gauge.value())
                            .sum());
        }
    }

    /** The same in a Redis without a state-store. */
    private void plain(Vertx vertx) {
        try (EmbeddedRedis other = EmbeddedRedis.start(EmbeddedRedis.Options.in(plainDirectory))) {
            new PlainRedis(vertx, other).fill(entities);
            out.printf(Locale.ROOT, "  Redis loads the same, plain %,8d ms%n", restartMs(other));
        }
    }

    private static long restartMs(EmbeddedRedis server) {
        server.stop();
        long beganNs = System.nanoTime();
        server.restart();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
    }

    private void update(LocalStore store) {
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            List<Integer> indexes = new ArrayList<>();
            for (int index = partition; index < entities; index += Partitions.COUNT) {
                indexes.add(index);
            }
            for (int from = 0; from < indexes.size(); from += STEP) {
                List<Integer> some = indexes.subList(from, Math.min(indexes.size(), from + STEP));
                Await.get(
                        store.client()
                                .commit(LocalStore.puts(partition, some, 1))
                                .toCompletionStage(),
                        LocalStore.START_MS,
                        "updating");
            }
        }
    }
}
