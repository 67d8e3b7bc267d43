package io.tradewind.strategyexecutor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.market.Quote;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SimFeedTest {

    private static final long STEP_MS = 250;
    private static final long BAR_MS = 5_000;
    private static final List<Instrument> ALL =
            Instrument.knownSymbols().stream().map(Instrument::parse).toList();

    @Test
    void shouldGiveTheSameQuotesForTheSameSeed() {
        assertEquals(quotes(7, ALL, 500), quotes(7, ALL, 500));
        assertNotEquals(quotes(7, ALL, 500), quotes(8, ALL, 500));
    }

    @Test
    void shouldNotChangeAnInstrumentWhenAnotherOneIsAdded() {
        List<Quote> alone = quotes(7, List.of(Instrument.parse("MSFT")), 100);
        List<Quote> among = quotes(7, ALL, 100).stream()
                .filter(quote -> quote.symbol().equals("MSFT"))
                .toList();
        assertEquals(alone, among);
    }

    @Test
    void shouldKeepEveryQuoteTradable() {
        for (Quote quote : quotes(1, ALL, 2_000)) {
            assertTrue(quote.bid().signum() > 0, quote::toString);
            assertTrue(quote.bid().compareTo(quote.ask()) < 0, quote::toString);
            assertTrue(quote.bidSize().signum() > 0 && quote.askSize().signum() > 0, quote::toString);
            assertTrue(quote.last().compareTo(quote.bid()) >= 0 && quote.last().compareTo(quote.ask()) <= 0);
            assertTrue(quote.bid().scale() <= 2 && quote.ask().scale() <= 2, quote::toString);
        }
    }

    @Test
    void shouldStayAboveZeroHoweverWild() {
        Instrument wild = new Instrument("WILD", 0.05, new BigDecimal("0.01"), 5, 5_000, BigDecimal.ONE, 1, 10);
        for (Quote quote : quotes(3, List.of(wild), 20_000)) {
            assertTrue(quote.bid().signum() > 0 && quote.ask().compareTo(new BigDecimal("0.25")) < 0, quote::toString);
        }
    }

    @Test
    void shouldGoOnWhereAnEarlierWalkStood() {
        List<Instrument> instruments = List.of(Instrument.parse("AAPL"), Instrument.parse("SPY"));
        SimFeed feed = new SimFeed(5, instruments, STEP_MS, BAR_MS, Map.of("AAPL", new BigDecimal("311.5")));

        List<Quote> quotes = feed.advance(STEP_MS).quotes();

        assertEquals(311.5, quotes.get(0).last().doubleValue(), 5, "AAPL begins at 230 otherwise");
        assertEquals(580, quotes.get(1).last().doubleValue(), 5);
    }

    @Test
    void shouldMakeBarsThatSpanTheirPrices() {
        SimFeed feed = new SimFeed(5, List.of(Instrument.parse("AAPL")), STEP_MS, BAR_MS, Map.of());
        List<Quote> quotes = new ArrayList<>();
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            FeedTick tick = feed.advance(1_000_000_000L + i * STEP_MS);
            quotes.addAll(tick.quotes());
            bars.addAll(tick.bars());
        }
        assertEquals(2, bars.size());
        Bar first = bars.get(0);
        List<BigDecimal> prices = quotes.stream()
                .filter(quote -> quote.timeMs() < first.openTimeMs() + BAR_MS)
                .map(Quote::last)
                .toList();
        assertEquals(prices.get(0), first.open());
        assertEquals(prices.get(prices.size() - 1), first.close());
        assertEquals(prices.stream().max(BigDecimal::compareTo).orElseThrow(), first.high());
        assertEquals(prices.stream().min(BigDecimal::compareTo).orElseThrow(), first.low());
        assertEquals(first.openTimeMs() + BAR_MS, bars.get(1).openTimeMs());
    }

    private static List<Quote> quotes(long seed, List<Instrument> instruments, int steps) {
        SimFeed feed = new SimFeed(seed, instruments, STEP_MS, BAR_MS, Map.of());
        List<Quote> quotes = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            quotes.addAll(feed.advance(i * STEP_MS).quotes());
        }
        return quotes;
    }
}
