package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The latest quotes, shared by all desks of an event loop. An instrument is known once it has been quoted. */
public final class Prices {

    private final Map<String, Quote> quotes = new HashMap<>();
    private long revision;

    public void update(Collection<Quote> news) {
        for (Quote quote : news) {
            quotes.put(quote.symbol(), quote);
        }
        revision++;
    }

    /** The latest quote, or {@code null} when the instrument is not known. */
    public Quote quote(String symbol) {
        return quotes.get(symbol);
    }

    /** Price of the last trade, or {@code null} when the instrument is not known. */
    public BigDecimal last(String symbol) {
        Quote quote = quotes.get(symbol);
        return quote == null ? null : quote.last();
    }

    /** Known instruments, in text order. */
    public Set<String> symbols() {
        return new TreeSet<>(quotes.keySet());
    }

    /** Grows with every update. */
    long revision() {
        return revision;
    }
}
