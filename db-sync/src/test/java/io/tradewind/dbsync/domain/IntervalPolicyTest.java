package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tradewind.dbsync.domain.IntervalPolicy.Pause;
import org.junit.jupiter.api.Test;

class IntervalPolicyTest {

    private final IntervalPolicy policy = new IntervalPolicy(100, 5_000);

    @Test
    void shouldNotPauseWithABacklog() {
        assertEquals(new Pause(0, 0), policy.afterBatch(true, 900));
    }

    @Test
    void shouldPauseAsLongAsTheBatchTook() {
        assertEquals(new Pause(100, 100), policy.afterBatch(false, 3));
        assertEquals(new Pause(400, 400), policy.afterBatch(false, 400));
        assertEquals(new Pause(5_000, 5_000), policy.afterBatch(false, 60_000));
    }

    @Test
    void shouldGrowWhenQuietYetListenToHints() {
        assertEquals(new Pause(100, 100), policy.afterNothing());
        assertEquals(new Pause(100, 200), policy.afterNothing());
        assertEquals(new Pause(100, 400), policy.afterNothing());
        for (int i = 0; i < 10; i++) {
            policy.afterNothing();
        }
        assertEquals(new Pause(100, 5_000), policy.afterNothing());
    }

    @Test
    void shouldBeginAgainAtTheMinimumAfterAChange() {
        policy.afterNothing();
        policy.afterNothing();
        policy.afterBatch(false, 1);

        assertEquals(new Pause(100, 100), policy.afterNothing());
    }

    @Test
    void shouldRefuseSenselessLimits() {
        assertThrows(IllegalArgumentException.class, () -> new IntervalPolicy(0, 10));
        assertThrows(IllegalArgumentException.class, () -> new IntervalPolicy(11, 10));
    }
}
