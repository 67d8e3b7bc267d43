package io.tradewind.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void shouldSpaceOrdersEvenlyWhateverTheTimeIs() {
        Pace pace = new Pace.OpenLoop(5_000, 1, 2);
        assertEquals(0, pace.plannedNs(0, 0));
        assertEquals(200_000, pace.plannedNs(1, 0));
        assertEquals(200_000, pace.plannedNs(1, TimeUnit.SECONDS.toNanos(100)));
        assertEquals(TimeUnit.SECONDS.toNanos(1), pace.plannedNs(5_000, 0));
    }

    @Test
    void shouldEndAfterTheLastPlannedOrder() {
        Pace pace = new Pace.OpenLoop(5_000, 1, 2);
        assertTrue(pace.plannedNs(14_999, 0) < pace.endNs());
        assertEquals(Pace.NEVER, pace.plannedNs(15_000, 0));
        assertEquals(10_000, pace.measuredOrders());
    }

    @Test
    void shouldNotDriftAtRatesThatDoNotDivideASecond() {
        Pace pace = new Pace.OpenLoop(30_001, 0, 100);
        assertEquals(TimeUnit.SECONDS.toNanos(99), pace.plannedNs(30_001 * 99, 0));
    }

    @Test
    void shouldRefuseARunThatTheAuditCouldNotHold() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new Pace.OpenLoop(1_000_000, 0, 3_600));
        assertTrue(refused.getMessage().contains("3600000000"), refused.getMessage());
        assertTrue(refused.getMessage().contains(Integer.toString(Pace.MAX_ORDERS)), refused.getMessage());
    }

    @Test
    void shouldPlanForThePresentWhenSaturating() {
        Pace pace = new Pace.ClosedLoop(1, 2);
        assertEquals(12_345, pace.plannedNs(7, 12_345));
        assertEquals(Pace.NEVER, pace.plannedNs(7, pace.endNs()));
        assertEquals(Pace.NEVER, pace.plannedNs(Pace.MAX_ORDERS, 0));
        assertEquals(-1, pace.measuredOrders());
    }
}
