package io.tradewind.orderqueue.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limit in front of a broker that serves a fixed number of orders per millisecond, after a fixed time on the way. */
@Timeout(30)
class InFlightLimitTest {

    private static final int MAX = 2_048;

    private final InFlightLimit limit = new InFlightLimit(MAX);
    private long nowMs = 1_000_000;

    @Test
    void shouldStartSmallAndGrowToTheMostForAFastBroker() {
        assertEquals(InFlightLimit.START, limit.current());
        new Broker(1_000, 2).serve(10_000);
        assertEquals(MAX, limit.current());
    }

    @Test
    void shouldNotGrowWhenItIsNotMadeUseOf() {
        for (int i = 0; i < 10_000; i++) {
            nowMs++;
            limit.answered(2, 5, nowMs);
        }
        assertEquals(InFlightLimit.START, limit.current());
    }

    @Test
    void shouldKeepLatencyNearItsLowestInFrontOfASlowBroker() {
        Broker broker = new Broker(4, 10);
        broker.serve(300_000);
        // 4 orders/ms × (2 × 10 ms + slack) is as far as the tolerance goes; 10 ms × 4 orders/ms is what it needs.
        assertTrue(limit.current() <= 4 * (2 * 12 + InFlightLimit.SLACK_MS) * 2, "limit " + limit.current());
        assertTrue(limit.current() >= 40, "limit " + limit.current());
        assertTrue(broker.lastLatencyMs < 100, "latency " + broker.lastLatencyMs);
        assertTrue(broker.served > 4 * 300_000 * 0.9, "it is kept busy: " + broker.served);
    }

    @Test
    void shouldShrinkWhenTheBrokerSlowsDownAndRecover() {
        new Broker(100, 2).serve(20_000);
        int before = limit.current();
        new Broker(1, 2).serve(20_000);
        int slow = limit.current();
        assertTrue(slow < before / 4, before + " -> " + slow);
        new Broker(100, 2).serve(60_000);
        assertTrue(limit.current() > slow * 4, slow + " -> " + limit.current());
    }

    @Test
    void shouldBelieveABrokerThatHasMovedFurtherAway() {
        new Broker(10, 2).serve(20_000);
        Broker far = new Broker(10, 100);
        far.serve(120_000);
        // 10 orders/ms × 100 ms: less would leave it idle.
        assertTrue(limit.current() >= 1_000, "limit " + limit.current());
        far.served = 0;
        far.serve(10_000);
        assertTrue(far.served > 10 * 10_000 * 0.8, "served " + far.served);
    }

    @Test
    void shouldNeverFallBelowWhatIsNeededToLearn() {
        InFlightLimit small = new InFlightLimit(4);
        new Broker(1_000, 2).serve(1_000);
        for (long end = nowMs + InFlightLimit.PROBE_AFTER_MS / 2; nowMs < end; nowMs += 10) {
            limit.answered(5_000, MAX, nowMs);
            small.answered(5_000, 4, nowMs);
        }
        assertEquals(InFlightLimit.MIN, limit.current());
        assertEquals(4, small.current());
    }

    /** Serves {@code perMs} orders each millisecond, in order, not before {@code wayMs} after they were sent. */
    private final class Broker {
        private final int perMs;
        private final long wayMs;
        private final Deque<Long> sentMs = new ArrayDeque<>();
        private long lastLatencyMs;
        private int served;

        Broker(int perMs, long wayMs) {
            this.perMs = perMs;
            this.wayMs = wayMs;
        }

        void serve(long forMs) {
            for (long end = nowMs + forMs; nowMs < end; nowMs++) {
                while (sentMs.size() < limit.current()) {
                    sentMs.addLast(nowMs);
                }
                for (int i = 0; i < perMs && !sentMs.isEmpty() && sentMs.peekFirst() + wayMs <= nowMs; i++) {
                    int inFlight = sentMs.size();
                    lastLatencyMs = nowMs - sentMs.removeFirst();
                    limit.answered(lastLatencyMs, inFlight, nowMs);
                    served++;
                }
            }
        }
    }
}
