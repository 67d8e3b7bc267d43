package io.tradewind.strategyexecutor.runner;

import io.tradewind.strategyexecutor.domain.CallOutcome;

/**
 * One call into a strategy. The flag is read by the strategy's thread, everything else belongs to the event loop.
 */
final class Call {

    final Task task;
    final long startedMs;
    /** Why it was interrupted; {@code null} as long as it was not. */
    CallOutcome cancelledAs;

    long timer = -1;
    private volatile boolean cancelled;

    Call(Task task, long startedMs) {
        this.task = task;
        this.startedMs = startedMs;
    }

    void cancel(CallOutcome as) {
        cancelledAs = as;
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
