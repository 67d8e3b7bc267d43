package io.tradewind.strategyexecutor.runner;

import io.tradewind.contracts.strategy.StrategyFactory;
import java.util.Map;

/**
 * Which strategy is to run, and for whom.
 *
 * @param parameters all of them, defaults filled in
 */
public record RunSpec(StrategyFactory factory, String accountId, Map<String, String> parameters) {

    public String name() {
        return factory.name();
    }
}
