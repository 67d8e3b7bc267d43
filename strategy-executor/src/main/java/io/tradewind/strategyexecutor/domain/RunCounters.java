package io.tradewind.strategyexecutor.domain;

import java.util.EnumMap;
import java.util.Map;

/** What one run of a strategy has done so far. Pure; one caller at a time. */
public final class RunCounters {

    private final Map<CallOutcome, Long> outcomes = new EnumMap<>(CallOutcome.class);
    private long conflated;
    private long replaced;
    private long orders;
    private long signals;
    private long maxCallMs;
    private long totalCallMs;

    public void ended(CallOutcome outcome, long callMs) {
        add(outcome, 1);
        maxCallMs = Math.max(maxCallMs, callMs);
        totalCallMs += callMs;
    }

    /** Tasks that ended without a call. */
    public void add(CallOutcome outcome, long tasks) {
        outcomes.merge(outcome, tasks, Long::sum);
    }

    public void conflated() {
        conflated++;
    }

    public void replaced() {
        replaced++;
    }

    public void ordered() {
        orders++;
    }

    public void signalled() {
        signals++;
    }

    /** Times that it was replaced after a call that would not end. */
    public long replacements() {
        return replaced;
    }

    public Counts counts() {
        return new Counts(
                of(CallOutcome.SUCCEEDED),
                of(CallOutcome.TIMEOUT),
                of(CallOutcome.EXCEPTION),
                of(CallOutcome.DROPPED),
                of(CallOutcome.CANCELLED),
                conflated,
                replaced,
                orders,
                signals,
                maxCallMs,
                totalCallMs);
    }

    private long of(CallOutcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** The figures at one moment; times in milliseconds. */
    public record Counts(
            long succeeded,
            long timeouts,
            long exceptions,
            long dropped,
            long cancelled,
            long conflated,
            long replaced,
            long orders,
            long signals,
            long maxCallMs,
            long totalCallMs) {

        /** Calls that were made. */
        public long calls() {
            return succeeded + timeouts + exceptions;
        }
    }
}
