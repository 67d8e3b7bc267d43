package io.tradewind.strategyexecutor.domain;

import java.util.Locale;

/** How a call into a strategy, or a task for one, ended. */
public enum CallOutcome {
    SUCCEEDED,
    /** It overran its deadline. */
    TIMEOUT,
    /** It threw. */
    EXCEPTION,
    /** It was never called: the queue was full. */
    DROPPED,
    /** It was taken back because the strategy was stopped, parked or replaced. */
    CANCELLED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in JSON and in metrics. */
    public String text() {
        return text;
    }

    /** Whether the strategy is to blame. */
    public boolean isFailure() {
        return this == TIMEOUT || this == EXCEPTION;
    }
}
