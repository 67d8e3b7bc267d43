package io.tradewind.strategyexecutor.runner;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tradewind.strategyexecutor.domain.CallOutcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The meters of one strategy: its tasks by outcome, and how long its calls take. */
public final class RunMeters {

    private final Map<CallOutcome, Counter> tasks = new EnumMap<>(CallOutcome.class);
    private final Timer calls;

    public RunMeters(MeterRegistry meters, String strategy) {
        for (CallOutcome outcome : CallOutcome.values()) {
            tasks.put(
                    outcome,
                    Counter.builder("tradewind.strategy.tasks")
                            .description("Tasks for a strategy, by how they ended")
                            .tag("strategy", strategy)
                            .tag("outcome", outcome.text())
                            .register(meters));
        }
        calls = Timer.builder("tradewind.strategy.call")
                .description("Time of one call into a strategy")
                .tag("strategy", strategy)
                .register(meters);
    }

    void ended(CallOutcome outcome, long callMs) {
        count(outcome, 1);
        calls.record(Duration.ofMillis(callMs));
    }

    void count(CallOutcome outcome, int number) {
        tasks.get(outcome).increment(number);
    }
}
