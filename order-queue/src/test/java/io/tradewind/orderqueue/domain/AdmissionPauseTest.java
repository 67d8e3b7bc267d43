package io.tradewind.orderqueue.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.LogPressure.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionPauseTest {

    private static final long NOW = 1_000_000;
    private static final long VALID_MS = 3_500;
    private static final long MIB = 1 << 20;

    private final AdmissionPause pause = new AdmissionPause();

    @Test
    void shouldAdmitWhenNothingWasHeard() {
        assertNull(pause.denial(NOW));
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"SLOW_DOWN", "FULL", "HARD_STOP"})
    void shouldDenyForAsLongAsItWasSaidAndNoLonger(Level level) {
        pause.heard(new LogPressure(level, 900 * MIB, 1_000 * MIB, VALID_MS), NOW);
        Denial denial = pause.denial(NOW + 1_000);
        assertEquals(DenialCode.LOG_NEARLY_FULL, denial.code());
        assertEquals(503, denial.code().httpStatus());
        assertEquals("the log uses 900 of 1000 MiB: no new orders until it has room; cancels go on", denial.message());
        assertEquals(2_500, denial.retryAfterMs());
        assertEquals(Desk.RETRY_AFTER_MS, pause.denial(NOW + VALID_MS - 1).retryAfterMs());
        assertNull(pause.denial(NOW + VALID_MS), "it ends by itself, when nobody says it again");
    }

    @Test
    void shouldLastWhileItIsSaidAgain() {
        for (int second = 0; second < 10; second++) {
            pause.heard(new LogPressure(Level.SLOW_DOWN, 9, 10, VALID_MS), NOW + second * 1_000L);
        }
        assertNotNull(pause.denial(NOW + 9_000 + VALID_MS - 1));
        assertNull(pause.denial(NOW + 9_000 + VALID_MS));
    }

    @Test
    void shouldEndAtOnceWhenThereIsRoomAgain() {
        pause.heard(new LogPressure(Level.FULL, 11, 10, VALID_MS), NOW);
        pause.heard(new LogPressure(Level.NORMAL, 5, 10, VALID_MS), NOW + 1);
        assertNull(pause.denial(NOW + 1));
    }

    @Test
    void shouldNotBelieveInAPauseWithoutEnd() {
        pause.heard(new LogPressure(Level.SLOW_DOWN, 9, 10, Long.MAX_VALUE), NOW);
        assertNull(pause.denial(NOW + AdmissionPause.MAX_MS));
    }
}
