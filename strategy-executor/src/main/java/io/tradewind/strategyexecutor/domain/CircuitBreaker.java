package io.tradewind.strategyexecutor.domain;

/** Counts failures in a row and opens at a limit; once open it stays so. Pure; one caller at a time. */
public final class CircuitBreaker {

    private final int maxFailures;
    private int failures;

    /** @param maxFailures failures in a row that open it, at least 1 */
    public CircuitBreaker(int maxFailures) {
        if (maxFailures < 1) {
            throw new IllegalArgumentException("limit of " + maxFailures + " failures: must be at least 1");
        }
        this.maxFailures = maxFailures;
    }

    public void succeeded() {
        if (!isOpen()) {
            failures = 0;
        }
    }

    public void failed() {
        if (!isOpen()) {
            failures++;
        }
    }

    public boolean isOpen() {
        return failures >= maxFailures;
    }

    /** Failures in a row so far. */
    public int failures() {
        return failures;
    }
}
