package io.tradewind.orderqueue.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DrainRateTest {

    private static final long NOW = 1_000_000;

    private final DrainRate rate = new DrainRate();
    private long nowMs = NOW;

    @Test
    void shouldKnowNothingAtFirst() {
        rate.passed(true, nowMs);
        rate.taken(1_000);
        assertFalse(rate.isKnown());
    }

    @Test
    void shouldFollowWhatIsTakenWhileOrdersWait() {
        work(10_000, 100, 250);
        assertTrue(rate.isKnown());
        assertEquals(2_500, rate.perSecond(), 50);
    }

    @Test
    void shouldNotCountTimeInWhichNobodyWaits() {
        work(10_000, 100, 250);
        for (int i = 0; i < 1_000; i++) {
            nowMs += 100;
            rate.passed(false, nowMs);
        }
        assertEquals(2_500, rate.perSecond(), 50);
    }

    @Test
    void shouldForgetHalfAfterOneHalfLife() {
        work(60_000, 100, 100);
        work(DrainRate.HALF_LIFE_MS, 100, 300);
        assertEquals(2_000, rate.perSecond(), 50);
    }

    @Test
    void shouldSinkWhenOrdersWaitAndNoneIsTaken() {
        work(60_000, 100, 100);
        work(8 * DrainRate.HALF_LIFE_MS, 100, 0);
        assertTrue(rate.isKnown());
        assertTrue(rate.perSecond() < 10, "rate " + rate.perSecond());
    }

    @Test
    void shouldTakeAClockThatIsSetBackForOneThatStands() {
        work(10_000, 100, 250);
        nowMs -= 3_600_000;
        work(10_000, 100, 250);
        assertEquals(2_500, rate.perSecond(), 50);
    }

    private void work(long forMs, long stepMs, int takenPerStep) {
        for (long ms = 0; ms < forMs; ms += stepMs) {
            nowMs += stepMs;
            rate.passed(true, nowMs);
            rate.taken(takenPerStep);
        }
    }
}
