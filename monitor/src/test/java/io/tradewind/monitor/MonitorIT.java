package io.tradewind.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.control.StatusQuery;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.Heartbeats;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole service, watching a real Redis and a real Postgres. */
@Timeout(300)
class MonitorIT {

    private static final long WAIT_MS = 60_000;

    private ServiceKit kit;

    @AfterEach
    void close() throws Exception {
        if (kit != null) {
            assertTrue(await(kit.services().stopAll()), "stopped cleanly");
            await(kit.close());
        }
    }

    @Test
    void shouldTellHowEverythingIs() throws Exception {
        start(SharedServers.redis().uri(), SharedServers.freshDatabase(), "services=monitor");
        AtomicReference<JsonObject> seen = new AtomicReference<>();
        // One answer in which all of it is seen: a busy machine may be late with any of it a moment later, and may well
        // be degraded.
        waitFor(() -> {
            seen.set(status());
            return isUp(seen.get(), "redis")
                    && isUp(seen.get(), "postgres")
                    && seen.get().containsKey("machine")
                    && seen.get().getJsonObject("machine").containsKey("cpu_percent")
                    && !seen.get().getString("status").equals("down");
        });

        JsonObject status = seen.get();
        JsonObject redis = status.getJsonObject("redis");
        assertEquals("yes", redis.getString("appendonly"));
        assertEquals("always", redis.getString("appendfsync"));
        assertTrue(redis.getDouble("ping_ms") >= 0);
        assertTrue(redis.getLong("used_memory_bytes") > 0);
        JsonObject postgres = status.getJsonObject("postgres");
        assertTrue(postgres.getString("version").startsWith("17"), postgres::encode);
        assertEquals("on", postgres.getString("synchronous_commit"));
        assertTrue(postgres.getLong("database_bytes") > 0);
        assertTrue(status.getJsonObject("machine").size() >= 20, status::encode);
        int points = status.getJsonObject("score").getInteger("points");
        assertTrue(points >= 0 && points <= 100);
    }

    @Test
    void shouldCallAServiceDownThatIsNoLongerHeardOf() throws Exception {
        start(
                SharedServers.redis().uri(),
                SharedServers.freshDatabase(),
                "services=monitor,gateway",
                "heartbeat-timeout=1500ms");
        waitFor(() -> {
            // Again and again: on a busy machine one heartbeat may be over before the monitor's own is there.
            beat("gateway", "up");
            return state("gateway").equals("up") && state("monitor").equals("up");
        });
        // On a busy machine the monitor's own heartbeats may be late as well, and so may Redis.
        waitFor(() -> state("gateway").equals("down") && state("monitor").equals("up"));
        assertEquals("down", status().getString("status"));
        assertTrue(reasons().contains("service_down"), () -> "no service_down among the reasons");
        waitFor(() -> {
            beat("gateway", "up");
            return state("gateway").equals("up");
        });
    }

    @Test
    void shouldSayThatRedisIsAwayAndFindItAgain(@TempDir Path directory) throws Exception {
        EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
        try {
            start(redis.uri(), "postgresql://tradewind@127.0.0.1:1/none", "probe-timeout=500ms");
            waitFor(() -> isUp("redis"));
            waitFor(() -> status().containsKey("postgres"));
            assertEquals("down", status().getJsonObject("postgres").getString("status"));
            redis.kill();
            waitFor(() -> !isUp("redis"));
            assertEquals("down", status().getString("status"));
            redis.restart();
            waitFor(() -> isUp("redis"));
        } finally {
            redis.kill();
        }
    }

    private void start(String redisUri, String postgresUri, String... overrides) throws Exception {
        Settings.Builder settings = Settings.builder()
                .section(MonitorConfig.SECTION, MonitorConfig.class)
                .override("redis.uri=" + redisUri)
                .override("postgres.uri=" + postgresUri)
                .override("runtime.heartbeat=200ms")
                .override("monitor.probe-interval=200ms")
                .override("monitor.machine-interval=500ms");
        for (String override : overrides) {
            settings.override(MonitorConfig.SECTION + "." + override);
        }
        kit = await(ServiceKit.open(settings.build(), KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        await(kit.services().deploy(MonitorMain.SERVICE));
    }

    private void beat(String service, String state) {
        kit.vertx()
                .eventBus()
                .publish(
                        Heartbeats.ADDRESS,
                        new JsonObject()
                                .put("service", service)
                                .put("instance", "elsewhere-1")
                                .put("state", state)
                                .put("since", "2026-01-01T00:00:00Z")
                                .put("version", "0.1.0")
                                .put("details", new JsonObject()));
    }

    private List<String> reasons() throws Exception {
        return status().getJsonObject("score").getJsonArray("reasons").stream()
                .map(JsonObject.class::cast)
                .map(json -> json.getString("code"))
                .toList();
    }

    private boolean isUp(String part) throws Exception {
        return isUp(status(), part);
    }

    private static boolean isUp(JsonObject status, String part) {
        JsonObject json = status.getJsonObject(part);
        return json != null && json.getString("status").equals("up");
    }

    private String state(String service) throws Exception {
        JsonArray services = status().getJsonArray("services");
        return services.stream()
                .map(JsonObject.class::cast)
                .filter(json -> json.getString("name").equals(service))
                .map(json -> json.getString("state"))
                .findFirst()
                .orElse("");
    }

    private JsonObject status() throws Exception {
        Message<Json> answer = await(kit.vertx().eventBus().request(Addresses.MONITOR_STATUS, new StatusQuery()));
        return new JsonObject(answer.body().toBuffer());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    private static void waitFor(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "the condition did not come true within " + WAIT_MS + " ms");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
