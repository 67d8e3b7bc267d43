package io.tradewind.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecorderTest {

    private static final Pace PACE = new Pace.OpenLoop(10, 1, 1);
    private final Recorder recorder = new Recorder(PACE.warmupNs());

    @Test
    void shouldCountLatencyFromThePlannedTime() {
        // Planned at 1000 ms, but no connection was free until 1400 ms; the answer itself took 2 ms.
        recorder.sent(0, ms(1_000));
        recorder.answered(0, ms(1_000), ms(1_400), ms(1_402), 200, new byte[0], 0, 0);
        LoadResult result = result();
        // Three digits.
        assertEquals(402_000.0, (double) result.latencyUs().getMaxValue(), 402.0);
        assertEquals(2_000.0, (double) result.serviceUs().getMaxValue(), 2.0);
        assertEquals(ms(402), result.measuredNs());
    }

    @Test
    void shouldKeepTheWarmupOutOfTheFigures() {
        answer(0, 999, 200, "");
        answer(1, 1_000, 200, "");
        LoadResult result = result();
        assertEquals(1, result.warmup().acknowledged());
        assertEquals(1, result.measured().acknowledged());
        assertEquals(1, result.latencyUs().getTotalCount());
        assertEquals(2, result.outcomes().acknowledgedCount());
    }

    @Test
    void shouldNameDenialsByTheirCode() {
        answer(0, 1_000, 429, "{\"message\":\"lane full\",\"extra\":[{\"code\":1}],\"code\":42910001}");
        answer(1, 1_100, 403, "{\"code\":40310000}");
        answer(2, 1_200, 503, "{\"code\":50399999}");
        answer(3, 1_300, 404, "{}");
        answer(4, 1_400, 400, "<html>");
        assertEquals(
                Map.of(
                        "42910001 QUEUE_LANE_FULL", 1L,
                        "40310000 RISK_BUYING_POWER", 1L,
                        "50399999", 1L,
                        "HTTP 404", 1L,
                        "HTTP 400 with a body that is not JSON", 1L),
                result().measured().denied());
        assertEquals(5, result().outcomes().deniedCount());
    }

    @Test
    void shouldCallAnOutcomeUnknownThatTheServerDoesNotKnow() {
        answer(0, 1_000, 504, "{\"code\":50410000}");
        answer(1, 1_100, 500, "");
        recorder.sent(2, ms(1_200));
        recorder.lost(2, ms(1_200), "connection lost");
        LoadResult result = result();
        assertEquals(
                Map.of("50410000 OUTCOME_UNKNOWN", 1L, "HTTP 500", 1L, "connection lost", 1L),
                result.measured().unknown());
        assertTrue(result.outcomes().isUnknown(0));
        assertTrue(result.outcomes().isUnknown(2));
        assertEquals(0, result.latencyUs().getTotalCount());
    }

    @Test
    void shouldCallAnAnswerAnErrorThatThisApiDoesNotGive() {
        answer(0, 1_000, 302, "");
        assertEquals(
                Map.of("status 302 where 200 was expected", 1L),
                result().measured().errors());
        assertTrue(result().outcomes().isUnknown(0));
    }

    @Test
    void shouldBeCleanOnlyWhenAllThatWasPlannedWasAcknowledged() {
        for (int seq = 0; seq < 20; seq++) {
            assertFalse(result().isClean());
            answer(seq, seq * 100L, 200, "");
        }
        assertTrue(result().isClean());
        assertFalse(recorder.result(PACE, 0, "behind schedule", "nio").isClean());
    }

    private void answer(int seq, long plannedMs, int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        recorder.sent(seq, ms(plannedMs));
        recorder.answered(seq, ms(plannedMs), ms(plannedMs), ms(plannedMs + 1), status, bytes, 0, bytes.length);
    }

    private LoadResult result() {
        return recorder.result(PACE, 0, null, "nio");
    }

    private static long ms(long value) {
        return TimeUnit.MILLISECONDS.toNanos(value);
    }
}
