package io.tradewind.benchmarks.state;

import io.tradewind.benchmarks.Await;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.tradewind.statestore.StateStoreConfig;
import io.tradewind.statestore.StateStoreMain;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A state-store in this process, and what is written to it: documents of about 400 bytes, spread over all partitions. */
final class LocalStore implements AutoCloseable {

    static final long START_MS = 600_000;

    /** Different documents; made once, so that making them is not what is measured. */
    private static final int DOCUMENTS = 4_096;

    private static final Json[] PREPARED = new Json[DOCUMENTS];

    /** One account on each partition. */
    private static final String[] ACCOUNTS = new String[Partitions.COUNT];

    static {
        for (int p = 0; p < Partitions.COUNT; p++) {
            ACCOUNTS[p] = Partitions.pinnedKey(p);
        }
        for (int i = 0; i < DOCUMENTS; i++) {
            PREPARED[i] = document(i, i / 2);
        }
    }

    private static final HexFormat HEX = HexFormat.of();

    private static final Cause CAUSE = new Cause("bench", null, "bench-state");

    private final ServiceKit kit;
    private final StateClient client;

    LocalStore(EmbeddedRedis redis, Map<String, String> overrides) {
        Settings.Builder settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", redis.uri())
                .override("redis.command-timeout", "10s");
        overrides.forEach(settings::override);
        kit = Await.get(
                ServiceKit.open(settings.build(), KitOptions.local()).toCompletionStage(), START_MS, "starting Vert.x");
        MessageCodecs.registerAll(kit.vertx().eventBus());
        Await.get(
                kit.services().deploy(StateStoreMain.SERVICE).toCompletionStage(),
                START_MS,
                "starting the state-store");
        client = new StateClient(kit.vertx().eventBus(), Duration.ofMinutes(1));
    }

    Vertx vertx() {
        return kit.vertx();
    }

    StateClient client() {
        return client;
    }

    ServiceKit kit() {
        return kit;
    }

    /** The key of the {@code index}th entity. */
    static EntityKey key(int index) {
        return new EntityKey(
                "order", ACCOUNTS[index % Partitions.COUNT], HEX.toHexDigits(index) + "-0000-7000-8000-000000000000");
    }

    /** A command that puts some entities anew, each in a transaction of its own. */
    static Commit puts(int partition, List<Integer> indexes, long run) {
        List<Transaction> transactions = new ArrayList<>(indexes.size());
        for (int index : indexes) {
            transactions.add(new Transaction(
                    "b" + run + "-" + index,
                    CAUSE,
                    List.of(new Mutation(key(index), PREPARED[(int) ((index + run) % DOCUMENTS)])),
                    List.of()));
        }
        return new Commit(partition, Durability.DURABLE, transactions);
    }

    /** What an order looks like, with changing parts. */
    private static Json document(int index, long run) {
        return Json.of("{\"id\":\"01939f6e-" + (index & 0xffff) + "-7000-8000-" + (0x10000000L + index)
                + "\",\"client_order_id\":\"bench-" + run + "-" + index
                + "\",\"created_at\":\"2026-01-01T12:00:00." + (100000 + index % 900000)
                + "Z\",\"symbol\":\"" + (index % 3 == 0 ? "AAPL" : "MSFT")
                + "\",\"qty\":\"" + (1 + index % 97)
                + "\",\"filled_qty\":\"0\",\"type\":\"limit\",\"side\":\"" + (run % 2 == 0 ? "buy" : "sell")
                + "\",\"time_in_force\":\"gtc\",\"limit_price\":\"" + (100 + (index + run) % 50)
                + ".25\",\"status\":\"accepted\",\"priority\":\"normal\",\"order_class\":\"simple\","
                + "\"account\":\"default\",\"updated_at\":\"2026-01-01T12:00:00.123456Z\"}");
    }

    @Override
    public void close() {
        Await.get(kit.services().stopAll().toCompletionStage(), START_MS, "stopping the state-store");
        Await.get(kit.close().toCompletionStage(), START_MS, "stopping Vert.x");
    }
}
