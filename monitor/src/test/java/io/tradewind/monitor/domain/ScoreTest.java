package io.tradewind.monitor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreTest {

    private static final List<ServiceView> WELL = List.of(Samples.service("gateway", "a", ServiceState.UP));

    @Test
    void shouldBeFullWhenNothingIsWrongOrNothingIsKnownYet() {
        assertEquals(new Score(100, List.of()), of(WELL, Samples.calmMachine(), Samples.goodRedis()));
        assertEquals(
                100, Score.of(List.of(), null, null, null, null, Samples.LIMITS).points());
    }

    @Test
    void shouldTellAServiceThatIsGoneFromOneProcessOfSeveral() {
        ServiceView gone = Samples.service("gateway", "b", ServiceState.DOWN);
        assertFindings(List.of(gone), "service_down 40");
        assertFindings(List.of(WELL.get(0), gone), "instance_down 10");
        assertFindings(
                List.of(Samples.service("gateway", "a", ServiceState.DEGRADED), gone),
                "service_degraded 10",
                "instance_down 10");
        assertFindings(List.of(Samples.service("gateway", "a", ServiceState.STARTING)), "service_unsettled 5");
    }

    @Test
    void shouldDeductForTheMachine() {
        assertMachine(Samples.machine(90.1, 30, 50, null), "cpu_high 10");
        assertMachine(Samples.machine(90.0, 85, 95, 90.0));
        assertMachine(Samples.machine(null, 85.5, 50, null), "memory_high 10");
        assertMachine(Samples.machine(null, 30, 95.5, 91.0), "disk_full 25", "temperature_high 5");
        Score unknown = Score.of(WELL, null, "no permission", null, null, Samples.LIMITS);
        assertEquals(List.of("machine_unknown 5"), codes(unknown));
    }

    @Test
    void shouldDeductForRedis() {
        assertRedis(RedisStatus.down("connection refused"), "redis_down 50");
        assertRedis(redis("no", "always", "ok", "noeviction", 1), "redis_not_durable 25");
        assertRedis(redis("yes", "everysec", "ok", "noeviction", 1), "redis_not_durable 25");
        assertRedis(redis("yes", "always", "err", "noeviction", 1), "redis_not_durable 25");
        assertRedis(redis("yes", "always", "ok", "allkeys-lru", 1), "redis_may_evict 15");
        assertRedis(redis("yes", "always", "ok", "noeviction", Samples.GIB), "redis_memory_high 15");
        RedisStatus slow = RedisStatus.up(51, Samples.goodRedis().facts());
        assertRedis(slow, "redis_slow 5");
    }

    @Test
    void shouldDeductForPostgres() {
        assertPostgres(PostgresStatus.down("connection refused"), "postgres_down 25");
        assertPostgres(Samples.postgres(1, "off", "on"), "postgres_not_durable 15");
        assertPostgres(Samples.postgres(1, "on", "off"), "postgres_not_durable 15");
        assertPostgres(Samples.postgres(251, "on", "on"), "postgres_slow 5");
    }

    @Test
    void shouldNameTheWorstFirstAndNotFallBelowZero() {
        Score score = Score.of(
                List.of(
                        Samples.service("gateway", "a", ServiceState.DOWN),
                        Samples.service("order-queue", "a", ServiceState.DEGRADED)),
                Samples.machine(99.0, 99, 99, null),
                null,
                RedisStatus.down("gone"),
                PostgresStatus.down("gone"),
                Samples.LIMITS);
        assertEquals(0, score.points());
        assertEquals("redis_down", score.findings().get(0).code());
        assertTrue(
                score.findings().stream().allMatch(finding -> !finding.reason().isBlank()));
    }

    private static RedisStatus redis(String appendOnly, String fsync, String lastWrite, String policy, long used) {
        return RedisStatus.up(0.1, Samples.redisFacts(appendOnly, fsync, lastWrite, policy, used));
    }

    private static Score of(List<ServiceView> services, MachineSample machine, RedisStatus redis) {
        return Score.of(services, machine, null, redis, Samples.goodPostgres(), Samples.LIMITS);
    }

    private static void assertFindings(List<ServiceView> services, String... expected) {
        check(of(services, Samples.calmMachine(), Samples.goodRedis()), expected);
    }

    private static void assertMachine(MachineSample machine, String... expected) {
        check(of(WELL, machine, Samples.goodRedis()), expected);
    }

    private static void assertRedis(RedisStatus redis, String... expected) {
        check(of(WELL, Samples.calmMachine(), redis), expected);
    }

    private static void assertPostgres(PostgresStatus postgres, String... expected) {
        check(Score.of(WELL, Samples.calmMachine(), null, Samples.goodRedis(), postgres, Samples.LIMITS), expected);
    }

    private static void check(Score score, String... expected) {
        assertEquals(List.of(expected), codes(score));
        int lost = score.findings().stream().mapToInt(Finding::points).sum();
        assertEquals(100 - lost, score.points());
    }

    private static List<String> codes(Score score) {
        return score.findings().stream()
                .map(finding -> finding.code() + " " + finding.points())
                .toList();
    }
}
