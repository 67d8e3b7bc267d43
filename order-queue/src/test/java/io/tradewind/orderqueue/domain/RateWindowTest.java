package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateWindowTest {

    private static final int SEEDS = 200;
    private static final int STEPS = 500;

    @Test
    void shouldCountWithinTheSpanAndForgetBeyondIt() {
        RateWindow window = new RateWindow(1_000);
        window.count(3, 10_000);
        assertEquals(3, window.used(10_000));
        assertEquals(3, window.used(11_000), "the beginning of the span still counts");
        assertEquals(0, window.used(11_050), "a slot later it does not");
        window.count(2, 11_050);
        assertEquals(2, window.used(11_049), "a clock that goes back counts on");
        assertEquals(0, window.used(1_000_000));
    }

    @Test
    void shouldSayWhenThereIsRoomAgain() {
        RateWindow window = new RateWindow(1_000);
        window.count(1, 10_000);
        window.count(1, 10_500);
        assertEquals(0, window.untilAtMost(2, 10_600));
        assertEquals(450, window.untilAtMost(1, 10_600));
        assertEquals(950, window.untilAtMost(0, 10_600));
        assertEquals(2, window.used(10_600 + 449));
        assertEquals(1, window.used(10_600 + 450));
    }

    /** The promise of a sliding window, whatever comes when: never more than the limit within any span of its length. */
    @Test
    void shouldNeverLetMoreThanTheLimitIntoAnySpan() {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            Random random = new Random(seed);
            int limit = 1 + random.nextInt(20);
            RateWindow window = new RateWindow(1_000);
            Deque<Long> taken = new ArrayDeque<>();
            long now = NOW;
            for (int step = 0; step < STEPS; step++) {
                now += random.nextInt(120);
                if (window.used(now) < limit) {
                    window.count(1, now);
                    taken.addLast(now);
                } else {
                    long wait = window.untilAtMost(limit - 1, now);
                    assertTrue(wait > 0 && wait <= 1_050, "seed " + seed + ": " + wait);
                    now += random.nextBoolean() ? wait : 0;
                }
                while (!taken.isEmpty() && taken.peekFirst() <= now - 1_000) {
                    taken.removeFirst();
                }
                assertTrue(taken.size() <= limit, "replay with -Dseed=" + seed);
            }
        }
    }

    @Test
    void shouldHoldSeveralWindowsAtOnceAndTellTheFullOne() {
        RiskLimits limits = RiskLimits.of(Map.of("max_orders_per_second", "3", "max_orders_per_minute", "5"));
        RateWindows rates = new RateWindows();
        for (int i = 0; i < 3; i++) {
            assertNull(rates.order(limits, NOW), "order " + i);
        }
        Denial second = rates.order(limits, NOW);
        assertNotNull(second);
        assertEquals(DenialCode.RISK_ORDER_RATE, second.code());
        assertEquals(3, second.rateLimit().limit());
        assertEquals(NOW + second.retryAfterMs(), second.rateLimit().resetAtMs());
        long later = NOW + second.retryAfterMs();
        assertNull(rates.order(limits, later));
        assertNull(rates.order(limits, later));
        Denial minute = rates.order(limits, later);
        assertEquals(5, minute.rateLimit().limit(), minute.message());
        assertTrue(minute.retryAfterMs() > 50_000, minute.message());
        assertNull(rates.order(limits, later + minute.retryAfterMs()), "there is room when it said so");
        assertNull(rates.cancel(limits, 100, NOW), "cancels have windows of their own");
    }

    @Test
    void shouldCountCancelsAllOrNone() {
        RiskLimits limits = RiskLimits.of(Map.of("max_cancels_per_second", "3"));
        RateWindows rates = new RateWindows();
        assertNull(rates.cancel(limits, 2, NOW));
        assertEquals(DenialCode.RISK_CANCEL_RATE, rates.cancel(limits, 2, NOW).code());
        assertNull(rates.cancel(limits, 1, NOW), "what was turned away did not count");
        assertNotNull(rates.cancel(limits, 1, NOW));
        assertNotNull(rates.cancel(RiskLimits.of(Map.of("max_cancels_per_minute", "0")), 1, NOW));
    }
}
