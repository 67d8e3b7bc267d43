package io.tradewind.monitor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SystemStatusTest {

    private static final ServiceView UP = Samples.service("gateway", "a", ServiceState.UP);
    private static final ServiceView GONE = Samples.service("gateway", "b", ServiceState.DOWN);

    @Test
    void shouldBeUpWhenNothingIsFound() {
        assertEquals(ServiceState.UP, status(List.of(UP), Samples.goodRedis(), Samples.goodPostgres()));
    }

    @Test
    void shouldBeDownWithoutAServiceOrWithoutRedis() {
        assertEquals(ServiceState.DOWN, status(List.of(GONE), Samples.goodRedis(), Samples.goodPostgres()));
        assertEquals(ServiceState.DOWN, status(List.of(UP), RedisStatus.down("gone"), Samples.goodPostgres()));
    }

    @Test
    void shouldBeDegradedWithoutPostgresOrWithoutOneOfTwoProcesses() {
        assertEquals(ServiceState.DEGRADED, status(List.of(UP), Samples.goodRedis(), PostgresStatus.down("gone")));
        assertEquals(ServiceState.DEGRADED, status(List.of(UP, GONE), Samples.goodRedis(), Samples.goodPostgres()));
    }

    private static ServiceState status(List<ServiceView> services, RedisStatus redis, PostgresStatus postgres) {
        return SystemStatus.of(1, services, Samples.calmMachine(), null, redis, postgres, Samples.LIMITS)
                .status();
    }
}
