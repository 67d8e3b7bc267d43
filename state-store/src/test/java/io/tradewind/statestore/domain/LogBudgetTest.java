package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.LogPressure.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogBudgetTest {

    private static final long MIB = 1 << 20;
    private static final long BUDGET = 1_000 * MIB;

    private final LogBudget budget = new LogBudget(BUDGET);

    @ParameterizedTest
    @CsvSource({
        "0, NORMAL",
        "799, NORMAL",
        "800, SLOW_DOWN",
        "999, SLOW_DOWN",
        "1000, FULL",
        "1249, FULL",
        "1250, HARD_STOP",
        "100000, HARD_STOP"
    })
    void shouldBeginALevelAtItsShareOfTheBudget(long usedMib, Level expected) {
        assertEquals(expected != Level.NORMAL, budget.measured(usedMib * MIB, 0));
        assertEquals(expected, budget.level());
    }

    @ParameterizedTest
    @CsvSource({
        "1150, HARD_STOP",
        "1149, FULL",
        "900, FULL",
        "899, SLOW_DOWN",
        "700, SLOW_DOWN",
        "699, NORMAL",
        "0, NORMAL"
    })
    void shouldEndALevelAtALowerShare(long usedMib, Level expected) {
        budget.measured(2_000 * MIB, 0);
        budget.measured(usedMib * MIB, 0);
        assertEquals(expected, budget.level());
    }

    @Test
    void shouldNotFlutterWhenTheUseWaversAroundABorder() {
        assertTrue(budget.measured(800 * MIB, 0));
        for (int i = 0; i < 10; i++) {
            assertFalse(budget.measured(750 * MIB, 0));
            assertFalse(budget.measured(810 * MIB, 0));
        }
    }

    @Test
    void shouldTakeEverythingBelowTheBudgetThenOnlyWhatSettlesThenNothing() {
        takes(true, true, true);
        budget.measured(900 * MIB, 0);
        takes(true, true, true);
        budget.measured(1_000 * MIB, 0);
        takes(false, true, false);
        budget.measured(1_250 * MIB, 0);
        takes(false, false, false);
    }

    private void takes(boolean durable, boolean settling, boolean relaxed) {
        assertEquals(durable, budget.takes(Durability.DURABLE));
        assertEquals(settling, budget.takes(Durability.SETTLING));
        assertEquals(relaxed, budget.takes(Durability.RELAXED));
    }

    @Test
    void shouldStopHardNoLaterThanRedisRefuses() {
        budget.measured(500 * MIB, 1_000 * MIB);
        assertEquals(800 * MIB, budget.budgetBytes());
        budget.measured(999 * MIB, 1_000 * MIB);
        assertEquals(Level.FULL, budget.level());
        budget.measured(1_000 * MIB, 1_000 * MIB);
        assertEquals(Level.HARD_STOP, budget.level());
        budget.measured(1_000 * MIB, 0);
        assertEquals(BUDGET, budget.budgetBytes(), "Redis was given more");
        assertEquals(Level.FULL, budget.level());
    }

    @Test
    void shouldSayUseBudgetAndWhatToDo() {
        assertNull(budget.sentence());
        budget.measured(900 * MIB, 0);
        assertEquals(
                "the log uses 900 of 1000 MiB: no new orders are admitted; it shrinks when a snapshot is written and"
                        + " db-sync keeps up, or raise state-store.log.budget",
                budget.sentence());
        budget.measured(900 * MIB, 1_000 * MIB);
        assertTrue(budget.sentence().startsWith("the log uses 900 of 800 MiB: only what has happened already"));
        assertTrue(budget.sentence().endsWith("raise state-store.log.budget and the maxmemory of Redis"));
        budget.measured(5_000 * MIB, 0);
        assertTrue(budget.sentence().contains("nothing is written any more"), budget.sentence());
    }

    @Test
    void shouldNotOverflow() {
        LogBudget huge = new LogBudget(Long.MAX_VALUE / 2);
        huge.measured(Long.MAX_VALUE, Long.MAX_VALUE);
        assertEquals(Level.HARD_STOP, huge.level());
        assertThrows(IllegalArgumentException.class, () -> new LogBudget(0));
    }
}
