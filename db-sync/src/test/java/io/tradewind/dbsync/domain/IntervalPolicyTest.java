package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.dbsync.domain.IntervalPolicy.Pause;
import org.junit.jupiter.api.Test;

class IntervalPolicyTest {

    private final IntervalPolicy policy = new IntervalPolicy(100, 5_000);

    @Test
    void shouldNotPauseWithABacklog() {
        assertEquals(Pause.of(0), policy.afterBatch(true, 900, true));
        assertEquals(Pause.of(0), policy.afterBatch(true, 900, false));
    }

    @Test
    void shouldPauseForAPartOfWhatTheBatchTook() {
        assertEquals(Pause.of(100), policy.afterBatch(false, 3, true));
        assertEquals(Pause.of(100), policy.afterBatch(false, 400, true));
        assertEquals(Pause.of(150), policy.afterBatch(false, 600, true));
        assertEquals(Pause.of(5_000), policy.afterBatch(false, 60_000, true));
    }

    @Test
    void shouldComeToRestWithADatabaseThatIsBusyMostOfTheTime() {
        // A batch holds what came since the one before, and takes 0.7 ms for each millisecond of that.
        double batchMs = 10;
        for (int i = 0; i < 200; i++) {
            long pauseMs = policy.afterBatch(false, Math.round(batchMs), true).criticalMs();
            batchMs = 0.7 * (pauseMs + batchMs);
        }
        assertEquals(0.7 * 100 / 0.3, batchMs, 1);
    }

    @Test
    void shouldLetOrdinaryChangesGatherYetPullOrdersForward() {
        assertEquals(new Pause(100, 200, 200), policy.afterBatch(false, 3, false));
        assertEquals(new Pause(100, 400, 400), policy.afterBatch(false, 3, false));
        assertEquals(new Pause(100, 800, 800), policy.afterBatch(false, 3, false));
        assertEquals(new Pause(100, 800, 800), policy.afterBatch(false, 3, false));
        assertEquals(new Pause(2_000, 2_000, 2_000), policy.afterBatch(false, 8_000, false));
        assertEquals(Pause.of(100), policy.afterBatch(false, 3, true));
        assertEquals(new Pause(100, 200, 200), policy.afterBatch(false, 3, false));
    }

    @Test
    void shouldPullForwardOrdersAndFillsOnly() {
        assertTrue(IntervalPolicy.isCritical("order"));
        assertTrue(IntervalPolicy.isCritical("activity"));
        assertFalse(IntervalPolicy.isCritical("market"));
        assertFalse(IntervalPolicy.isCritical("position"));
    }

    @Test
    void shouldGrowWhenQuietYetListenToHints() {
        assertEquals(new Pause(100, 100, 100), policy.afterNothing());
        assertEquals(new Pause(100, 100, 200), policy.afterNothing());
        assertEquals(new Pause(100, 100, 400), policy.afterNothing());
        for (int i = 0; i < 10; i++) {
            policy.afterNothing();
        }
        assertEquals(new Pause(100, 100, 5_000), policy.afterNothing());
    }

    @Test
    void shouldBeginAgainAtTheMinimumAfterAChange() {
        policy.afterNothing();
        policy.afterNothing();
        policy.afterBatch(false, 1, true);

        assertEquals(new Pause(100, 100, 100), policy.afterNothing());
    }

    @Test
    void shouldRefuseSenselessLimits() {
        assertThrows(IllegalArgumentException.class, () -> new IntervalPolicy(0, 10));
        assertThrows(IllegalArgumentException.class, () -> new IntervalPolicy(11, 10));
    }
}
