package io.tradewind.contracts.market;

import java.util.List;

/** Event: new quotes of a feed, at most one per symbol. Only the latest matters; a lost one is made good by the next. */
public record Quotes(List<Quote> quotes) {

    public Quotes {
        quotes = List.copyOf(quotes);
    }
}
