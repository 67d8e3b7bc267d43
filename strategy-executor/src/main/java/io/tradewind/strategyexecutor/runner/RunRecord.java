package io.tradewind.strategyexecutor.runner;

import io.tradewind.strategyexecutor.domain.CallOutcome;
import io.tradewind.strategyexecutor.domain.CircuitBreaker;
import io.tradewind.strategyexecutor.domain.RunCounters;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the record of one run: counts what became of its tasks, remembers the last error, and knows when there were too
 * many failures in a row. Belongs to the event loop of the run.
 */
final class RunRecord {

    private static final Logger LOG = LoggerFactory.getLogger(RunRecord.class);
    private static final int MAX_ERROR_LENGTH = 300;

    private final String title;
    private final Clock clock;
    private final RunMeters meters;
    private final CircuitBreaker breaker;
    private final RunCounters counters = new RunCounters();
    private String lastError;
    private long lastErrorMs;

    RunRecord(String title, Clock clock, RunMeters meters, int maxFailures) {
        this.title = title;
        this.clock = clock;
        this.meters = meters;
        this.breaker = new CircuitBreaker(maxFailures);
    }

    /** @param failure what the call threw; {@code null} when it did not */
    void ended(Call call, CallOutcome outcome, Throwable failure) {
        long callMs = Math.max(0, clock.millis() - call.startedMs);
        counters.ended(outcome, callMs);
        meters.ended(outcome, callMs);
        switch (outcome) {
            case TIMEOUT -> failed(call.task.what() + " took longer than " + call.task.deadlineMs() + " ms", null);
            case EXCEPTION -> failed(call.task.what() + " threw " + failure, failure);
            case SUCCEEDED -> breaker.succeeded();
            case DROPPED, CANCELLED -> LOG.debug("strategy {}: {} was {}", title, call.task.what(), outcome.text());
        }
    }

    /** Tasks that ended without a call. */
    void count(CallOutcome outcome, int tasks) {
        counters.add(outcome, tasks);
        meters.count(outcome, tasks);
    }

    RunCounters counters() {
        return counters;
    }

    boolean failedTooOften() {
        return breaker.isOpen();
    }

    int failuresInARow() {
        return breaker.failures();
    }

    /** For people; {@code null} when nothing went wrong yet. */
    String lastError() {
        return lastError;
    }

    long lastErrorMs() {
        return lastErrorMs;
    }

    private void failed(String why, Throwable failure) {
        breaker.failed();
        lastError = why.length() <= MAX_ERROR_LENGTH ? why : why.substring(0, MAX_ERROR_LENGTH) + "…";
        lastErrorMs = clock.millis();
        LOG.warn("strategy {}: {}", title, lastError, failure);
    }
}
