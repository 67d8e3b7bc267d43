package io.tradewind.strategyexecutor.runner;

import java.time.Duration;

/**
 * What bounds one run of a strategy.
 *
 * @param queueSize tasks that may wait
 * @param deadline longest call
 * @param interruptGrace how long an interrupted call has to end
 * @param maxFailures failed calls in a row after which it is parked
 * @param maxReplacements replacements after a thread was given up, before it is parked
 */
public record RunLimits(
        int queueSize, Duration deadline, Duration interruptGrace, int maxFailures, int maxReplacements) {

    /** What a strategy has for its last words; a service must stop within seconds. */
    static final Duration STOP_DEADLINE = Duration.ofSeconds(1);

    long deadlineMs() {
        return deadline.toMillis();
    }

    long graceMs() {
        return interruptGrace.toMillis();
    }

    long stopDeadlineMs() {
        return Math.min(deadlineMs(), STOP_DEADLINE.toMillis());
    }
}
