package io.tradewind.strategyexecutor.runner;

import io.tradewind.contracts.strategy.Strategy;
import io.tradewind.contracts.strategy.StrategyFactory;

/**
 * A strategy object with the thread that it belongs to and its view of the world. A strategy whose thread was given up
 * gets a new incarnation, because the old object may still be in use by the old thread.
 */
final class Incarnation {

    final CallThread thread;
    final RunContext context;
    // Written and read by the thread of the strategy only.
    private Strategy strategy;

    Incarnation(CallThread thread, RunContext context) {
        this.thread = thread;
        this.context = context;
    }

    /** On the thread of the strategy. */
    void create(StrategyFactory factory) {
        strategy = factory.create(context.parameters());
        strategy.onStart(context);
    }

    /** On the thread of the strategy. */
    Strategy strategy() {
        return strategy;
    }
}
