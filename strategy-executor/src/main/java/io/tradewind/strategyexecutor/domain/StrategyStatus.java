package io.tradewind.strategyexecutor.domain;

import java.util.Map;

/**
 * How one run of a strategy stands: the entity in the {@code strategy} domain and the answer to commands.
 *
 * @param sinceMs when it came into this state, milliseconds since the epoch
 * @param queued tasks that wait
 * @param lastError what went wrong last; {@code null} when nothing did
 * @param lastErrorMs when that was, 0 for never
 */
public record StrategyStatus(
        String name,
        String accountId,
        RunState state,
        long sinceMs,
        Map<String, String> parameters,
        RunCounters.Counts counts,
        int queued,
        String lastError,
        long lastErrorMs) {}
