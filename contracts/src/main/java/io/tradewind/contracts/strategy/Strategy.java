package io.tradewind.contracts.strategy;

import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Order;

/**
 * A trading strategy. One instance per account that it runs for, called by one thread of its own, never by two at a
 * time, so that it may keep state in fields and may compute. Every call has a deadline: a strategy that overruns it is
 * interrupted, and parked when it does so again and again. What it throws is counted and logged, and the next call
 * comes all the same.
 */
public interface Strategy {

    /** Called once before anything else. */
    default void onStart(StrategyContext context) {}

    /** A bar was completed. */
    default void onBar(Bar bar, StrategyContext context) {}

    /** A new quote; when calls fall behind, only the latest one per symbol is delivered. */
    default void onQuote(Quote quote, StrategyContext context) {}

    /** An order of this strategy changed. */
    default void onOrder(Order order, StrategyContext context) {}

    /** Called once when it is stopped. */
    default void onStop(StrategyContext context) {}
}
