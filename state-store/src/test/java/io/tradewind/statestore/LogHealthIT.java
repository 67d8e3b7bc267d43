package io.tradewind.statestore;

import static io.tradewind.statestore.StateStoreBed.await;
import static io.tradewind.statestore.StateStoreBed.failureOf;
import static io.tradewind.statestore.StateStoreBed.until;
import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.LogPressure.Level;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the state-store says and does when its Redis is weaker than promised, or short of memory. */
@Timeout(180)
class LogHealthIT {

    private static final int DOCUMENT_BYTES = 48 * 1024;

    @TempDir
    Path directory;

    private final Random random = new Random(1);
    private EmbeddedRedis server;
    private StateStoreBed bed;
    private Redis redis;
    private int written;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
        bed = new StateStoreBed(
                server.uri(), Map.of("state-store.log.budget", "16MiB", "state-store.log.durability-interval", "1s"));
        await(bed.deploy());
        redis = Redis.createClient(bed.kit.vertx(), server.uri());
    }

    @AfterEach
    void stop() {
        redis.close();
        bed.close();
        server.close();
    }

    @Test
    void shouldSayWithinAnIntervalThatRedisBecameWeakerAndThatItIsWellAgain() {
        assertTrue(bed.health().contains("appendfsync=always"), bed.health());
        assertEquals(1.0, gauge("tradewind.state.log.durable"));

        config("appendfsync", "everysec");
        until("it is said", () -> bed.health().contains("appendfsync is 'everysec': a crash of Redis can lose"));
        assertTrue(bed.health().contains("DEGRADED"), bed.health());
        assertEquals(0.0, gauge("tradewind.state.log.durable"));

        config("appendfsync", "always");
        config("maxmemory-policy", "allkeys-lru");
        until("the next weakness is said", () -> bed.health().contains("maxmemory-policy is 'allkeys-lru'"));
        config("maxmemory-policy", "noeviction");
        until("it is well again", () -> gauge("tradewind.state.log.durable") == 1.0);
        assertTrue(!bed.health().contains("DEGRADED"), bed.health());
        // It went on working, only not as safe as promised.
        await(bed.client.commit(commit(Durability.DURABLE)));
    }

    @Test
    void shouldSlowDownThenTakeOnlyWhatSettlesThenStopAndGoOnWhenThereIsRoom() {
        List<LogPressure> heard = new CopyOnWriteArrayList<>();
        await(bed.kit
                .vertx()
                .eventBus()
                .<LogPressure>consumer(Addresses.STATE_PRESSURE, message -> heard.add(message.body()))
                .completion());

        writeUntil(Level.SLOW_DOWN, Durability.DURABLE);
        until("it is said again and again", () -> heard.size() >= 3);
        assertEquals(16L << 20, heard.get(0).budgetBytes());
        assertTrue(heard.get(0).validMs() > 2_000, "two lost in a row do not matter");
        assertTrue(bed.health().contains("no new orders are admitted"), bed.health());
        assertEquals(1.0, gauge("tradewind.state.log.level"));

        writeUntil(Level.FULL, Durability.DURABLE);
        Throwable refused = failureOf(bed.client.commit(commit(Durability.DURABLE)));
        assertEquals(Failure.UNAVAILABLE, Failure.of(refused));
        assertTrue(refused.getMessage().contains("of 16 MiB"), refused.getMessage());
        assertTrue(refused.getMessage().contains("state-store.log.budget"), refused.getMessage());
        assertEquals(Failure.UNAVAILABLE, Failure.of(failureOf(bed.client.commit(commit(Durability.RELAXED)))));
        assertTrue(await(bed.client.commit(commit(Durability.SETTLING))).allCommitted(), "what happened is booked");

        writeUntil(Level.HARD_STOP, Durability.SETTLING);
        Throwable stopped = failureOf(bed.client.commit(commit(Durability.SETTLING)));
        assertEquals(Failure.UNAVAILABLE, Failure.of(stopped));
        assertTrue(stopped.getMessage().contains("nothing is written any more"), stopped.getMessage());

        // As trimming would.
        await(redis.send(Request.cmd(Command.XTRIM)
                .arg(LogKeys.log(PARTITION))
                .arg("MAXLEN")
                .arg("1")));
        until("there is room again", () -> gauge("tradewind.state.log.level") == 0.0);
        await(bed.client.commit(commit(Durability.DURABLE)));
        assertTrue(!bed.health().contains("DEGRADED"), bed.health());
    }

    @Test
    void shouldHeedTheMaxmemoryOfRedis() {
        config("maxmemory", String.valueOf(10 << 20));
        until("the budget is smaller", () -> gauge("tradewind.state.log.budget") == (double) (8 << 20));
        writeUntil(Level.FULL, Durability.DURABLE);
        assertTrue(await(bed.client.commit(commit(Durability.SETTLING))).allCommitted());
        assertTrue(bed.health().contains("maxmemory of Redis"), bed.health());
    }

    /** Fills the log until a level is reached; Redis is asked about every second, so that it may be a little more. */
    private void writeUntil(Level level, Durability durability) {
        double wanted = level == Level.SLOW_DOWN ? 1 : level == Level.FULL ? 2 : 3;
        double ends = (level == Level.SLOW_DOWN ? 0.82 : level == Level.FULL ? 1.02 : 1.27)
                * gauge("tradewind.state.log.budget");
        until("the level is " + level, () -> {
            if (usedMemory() < ends) {
                failureOf(bed.client.commit(commit(durability)));
            }
            return gauge("tradewind.state.log.level") >= wanted;
        });
    }

    private Commit commit(Durability durability) {
        byte[] noise = new byte[DOCUMENT_BYTES];
        random.nextBytes(noise); // so that it is not compressed away
        String id = "n" + ++written;
        Json json = Json.of("{\"v\":\"" + Base64.getEncoder().encodeToString(noise) + "\"}");
        return new Commit(
                PARTITION,
                durability,
                List.of(new Transaction(
                        "tx-" + id,
                        new Cause(null, null, "test"),
                        List.of(new Mutation(key("same"), json)),
                        List.of())));
    }

    private long usedMemory() {
        String info = await(redis.send(Request.cmd(Command.INFO).arg("memory"))).toString();
        return info.lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("used_memory:".length()).trim()))
                .findFirst()
                .orElseThrow();
    }

    private double gauge(String name) {
        return bed.kit.meters().get(name).gauge().value();
    }

    private void config(String name, String value) {
        Future<?> set =
                redis.send(Request.cmd(Command.CONFIG).arg("SET").arg(name).arg(value));
        await(set);
    }
}
