package io.tradewind.servicekit;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: a random time between the minimum and a ceiling that doubles with each attempt up
 * to the maximum. The randomness keeps many clients of a server that came back from knocking at once. Pure but for the
 * injected generator; as thread-safe as that.
 */
public final class Backoff {
    // 2^20 times any minimum exceeds any maximum in use; keeps the shift from overflowing.
    private static final int MAX_DOUBLINGS = 20;

    private final long minMillis;
    private final long maxMillis;
    private final RandomGenerator random;

    /** Both durations at least 1 ms, and the minimum not above the maximum. */
    public Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minMillis = min.toMillis();
        this.maxMillis = max.toMillis();
        this.random = random;
        if (minMillis < 1 || maxMillis < minMillis) {
            throw new IllegalArgumentException("back-off " + min + ".." + max + ": need 1 ms <= min <= max");
        }
    }

    /** The wait after the given number of failed attempts, 1 for the first. */
    public Duration delay(int failedAttempts) {
        int doublings = Math.min(Math.max(failedAttempts, 0), MAX_DOUBLINGS);
        long ceiling = minMillis > maxMillis >> doublings ? maxMillis : minMillis << doublings;
        return Duration.ofMillis(minMillis == ceiling ? ceiling : random.nextLong(minMillis, ceiling + 1));
    }
}
