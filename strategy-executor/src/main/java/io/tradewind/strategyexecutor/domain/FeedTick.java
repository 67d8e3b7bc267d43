package io.tradewind.strategyexecutor.domain;

import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.market.Quote;
import java.util.List;

/**
 * What a feed brought with one step.
 *
 * @param timeMs the time of the feed: now for a simulated one, the time of the bar for a replayed one
 * @param quotes the new quotes, at most one per symbol
 * @param bars the bars that were completed, oldest first
 */
public record FeedTick(long timeMs, List<Quote> quotes, List<Bar> bars) {

    public FeedTick {
        quotes = List.copyOf(quotes);
        bars = List.copyOf(bars);
    }
}
