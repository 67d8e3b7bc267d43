package io.tradewind.servicekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final long SEED = 20_260_304L;

    private final Backoff backoff =
            new Backoff(Duration.ofMillis(50), Duration.ofMillis(2_000), new SplittableRandom(SEED));

    @Test
    void shouldStayWithinBoundsThatDouble() {
        for (int attempt = 1; attempt <= 200; attempt++) {
            long ceiling = attempt > 6 ? 2_000 : Math.min(2_000, 50L << attempt);
            for (int i = 0; i < 50; i++) {
                long delay = backoff.delay(attempt).toMillis();
                assertTrue(delay >= 50 && delay <= ceiling, "seed " + SEED + ", attempt " + attempt + ": " + delay);
            }
        }
        assertTrue(backoff.delay(Integer.MAX_VALUE).toMillis() <= 2_000);
    }

    @Test
    void shouldSpreadOverTheWholeRange() {
        long low = Long.MAX_VALUE;
        long high = 0;
        for (int i = 0; i < 1_000; i++) {
            long delay = backoff.delay(10).toMillis();
            low = Math.min(low, delay);
            high = Math.max(high, delay);
        }
        assertTrue(low < 150 && high > 1_900, "seed " + SEED + ": " + low + ".." + high);
    }

    @Test
    void shouldBeConstantWhenMinimumIsMaximum() {
        Backoff constant = new Backoff(Duration.ofMillis(7), Duration.ofMillis(7), new SplittableRandom(SEED));
        assertEquals(Duration.ofMillis(7), constant.delay(1));
        assertEquals(Duration.ofMillis(7), constant.delay(50));
    }

    @Test
    void shouldRefuseBoundsThatMakeNoSense() {
        SplittableRandom random = new SplittableRandom(SEED);
        assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), random));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), random));
    }
}
