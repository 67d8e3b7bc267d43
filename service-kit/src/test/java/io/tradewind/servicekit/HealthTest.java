package io.tradewind.servicekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HealthTest {
    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

    private final Health health = new Health(Clock.fixed(NOW, ZoneOffset.UTC), "host-1", Duration.ofMillis(50));

    private HealthReport snapshot() throws Exception {
        return health.snapshot().await(60, TimeUnit.SECONDS);
    }

    private CheckResult check(String name) throws Exception {
        return snapshot().service("desk").orElseThrow().checks().get(name);
    }

    @Test
    void shouldNotBeReadyBeforeAnyServiceIsKnown() throws Exception {
        assertFalse(snapshot().ready());
        assertTrue(snapshot().live());
        assertEquals(ServiceState.STARTING, snapshot().state());
    }

    @Test
    void shouldBeReadyOnceAllServicesHaveStarted() throws Exception {
        health.announce("desk");
        health.announce("till");
        health.state("desk", ServiceState.UP);
        assertFalse(snapshot().ready());
        health.state("till", ServiceState.UP);
        assertTrue(snapshot().ready());
        health.state("till", ServiceState.STOPPING);
        assertFalse(snapshot().ready());
        assertTrue(snapshot().live());
        health.state("till", ServiceState.DOWN);
        assertFalse(snapshot().live());
    }

    @Test
    void shouldTakeTheWorstOfLifeCycleAndChecks() throws Exception {
        health.announce("desk");
        health.state("desk", ServiceState.UP);
        health.register("desk", "queue", () -> Future.succeededFuture(CheckResult.up(Map.of("depth", 3))));
        assertEquals(ServiceState.UP, snapshot().state());
        health.register("desk", "broker", () -> Future.succeededFuture(CheckResult.degraded("slow")));
        assertEquals(ServiceState.DEGRADED, snapshot().state());
        health.register("desk", "log", () -> Future.succeededFuture(CheckResult.down("gone")));
        assertEquals(ServiceState.DOWN, snapshot().state());
        assertTrue(snapshot().ready(), "readiness asks whether it has started");
        assertTrue(snapshot().live(), "a check must not get the process killed");
        health.unregister("desk");
        assertEquals(ServiceState.UP, snapshot().state());
    }

    @Test
    void shouldCountWhatCannotAnswerAsDown() throws Exception {
        health.announce("desk");
        health.register("desk", "throws", () -> {
            throw new IllegalStateException("boom");
        });
        health.register("desk", "fails", () -> Future.failedFuture("no way"));
        health.register("desk", "hangs", () -> Promise.<CheckResult>promise().future());
        health.register("desk", "nothing", () -> Future.succeededFuture(null));
        health.register("desk", "null", () -> null);
        for (String name : snapshot().service("desk").orElseThrow().checks().keySet()) {
            assertEquals(CheckResult.Status.DOWN, check(name).status(), name);
        }
        assertTrue(check("throws").details().toString().contains("boom"));
        assertTrue(check("hangs").details().toString().contains("no answer within 50 ms"));
    }

    @Test
    void shouldTellEverythingAsJson() throws Exception {
        health.announce("desk");
        health.state("desk", ServiceState.UP);
        health.register(
                "desk", "log", () -> Future.succeededFuture(CheckResult.up().with("age", Duration.ofSeconds(2))));
        JsonObject json = new JsonObject(snapshot().toJson().encode());
        assertEquals("up", json.getString("status"));
        assertEquals("host-1", json.getString("instance"));
        assertEquals("2026-03-04T12:00:00Z", json.getString("at"));
        JsonObject desk = json.getJsonObject("services").getJsonObject("desk");
        assertEquals("2026-03-04T12:00:00Z", desk.getString("since"));
        assertEquals(
                new JsonObject("{\"status\":\"up\",\"details\":{\"age\":\"PT2S\"}}"),
                desk.getJsonObject("checks").getJsonObject("log"));
    }
}
