package io.tradewind.strategyexecutor;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.strategy.Strategy;
import io.tradewind.contracts.strategy.StrategyContext;
import io.tradewind.contracts.strategy.StrategyFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A strategy for tests that never returns from its first quote; after {@code seconds} it does, to spare the machine. */
public final class RunawayFactory implements StrategyFactory {

    @Override
    public String name() {
        return "runaway";
    }

    @Override
    public Map<String, String> defaults() {
        return Map.of("seconds", "5");
    }

    @Override
    public Strategy create(Map<String, String> parameters) {
        long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(parameters.get("seconds")));
        return new Strategy() {
            @Override
            public void onQuote(Quote quote, StrategyContext context) {
                long end = System.nanoTime() + nanos;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
        };
    }
}
