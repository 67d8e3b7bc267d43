package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.TradingDays;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The latest quotes, shared by all desks of an event loop, and the last price of the trading day before. An instrument is
 * known once it has been quoted.
 */
public final class Prices {

    private final TradingDays days;
    private final Map<String, Quote> quotes = new HashMap<>();
    private final Map<String, Close> closes = new HashMap<>();
    private long revision;

    /** The last price on a trading day. */
    private record Close(LocalDate day, BigDecimal price) {}

    public Prices() {
        this(TradingDays.MARKET);
    }

    public Prices(TradingDays days) {
        this.days = days;
    }

    public void update(Collection<Quote> news) {
        for (Quote quote : news) {
            Quote before = quotes.put(quote.symbol(), quote);
            if (before != null) {
                LocalDate day = days.of(before.timeMs());
                if (day.isBefore(days.of(quote.timeMs()))) {
                    closes.put(quote.symbol(), new Close(day, before.last()));
                }
            }
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

    /** The last price before a trading day began, or {@code null} when none was seen. */
    BigDecimal closeBefore(LocalDate day, String symbol) {
        Quote quote = quotes.get(symbol);
        if (quote != null && days.of(quote.timeMs()).isBefore(day)) {
            return quote.last();
        }
        Close close = closes.get(symbol);
        return close == null || !close.day().isBefore(day) ? null : close.price();
    }

    /** What a unit was worth when a trading day began: the last price before, or else the latest there is. */
    BigDecimal atStartOf(LocalDate day, String symbol) {
        BigDecimal close = closeBefore(day, symbol);
        return close == null ? last(symbol) : close;
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
