package io.tradewind.strategyexecutor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.market.Bar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayFeedTest {

    private static final long DAY_MS = 86_400_000;
    private static final List<Bar> BARS = List.of(bar(0, "10", "14", "9", "12"), bar(1, "12", "13", "7", "8.123"));

    @Test
    void shouldWalkEachBarFromOpenOverItsExtremesToClose() {
        ReplayFeed feed = new ReplayFeed(BARS, 1);
        List<String> prices = new ArrayList<>();
        List<Bar> bars = new ArrayList<>();
        for (long now = 1_000; now <= 3_000; now += 250) {
            FeedTick tick = feed.advance(now);
            prices.add(tick.quotes().get(0).last().toPlainString());
            bars.addAll(tick.bars());
            assertEquals(now, tick.quotes().get(0).timeMs());
        }
        assertEquals(List.of("10", "9", "14", "12", "12", "13", "7", "8.12", "8.12"), prices);
        assertEquals(2, bars.size());
        assertEquals(DAY_MS, bars.get(1).openTimeMs());
        assertTrue(feed.isFinished());
    }

    @Test
    void shouldTellTheTimeOfTheRecording() {
        ReplayFeed feed = new ReplayFeed(BARS, 1);
        assertEquals(0, feed.advance(1_000).timeMs());
        feed.advance(1_500);
        assertEquals(DAY_MS, feed.advance(2_000).timeMs());
    }

    @Test
    void shouldDeliverEveryBarAtHighSpeed() {
        List<Bar> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(bar(i, "10", "11", "9", "10"));
        }
        ReplayFeed feed = new ReplayFeed(many, 100);
        List<Bar> bars = new ArrayList<>();
        for (long now = 0; now <= 10_250; now += 250) {
            bars.addAll(feed.advance(now).bars());
        }
        assertEquals(1_000, bars.size());
        assertEquals(999 * DAY_MS, bars.get(999).openTimeMs());
    }

    @Test
    void shouldNotRaceAfterAPause() {
        ReplayFeed feed = new ReplayFeed(BARS, 1);
        feed.advance(0);
        assertEquals(List.of(), feed.advance(3_600_000).bars());
    }

    @Test
    void shouldRefuseWhatCannotBePlayed() {
        assertThrows(IllegalArgumentException.class, () -> new ReplayFeed(List.of(), 1));
        assertThrows(IllegalArgumentException.class, () -> new ReplayFeed(BARS, 0));
        assertThrows(IllegalArgumentException.class, () -> new ReplayFeed(BARS, 101));
        assertThrows(IllegalArgumentException.class, () -> new ReplayFeed(BARS, Double.NaN));
    }

    private static Bar bar(int day, String open, String high, String low, String close) {
        return new Bar(
                "SPX",
                day * DAY_MS,
                DAY_MS,
                new BigDecimal(open),
                new BigDecimal(high),
                new BigDecimal(low),
                new BigDecimal(close),
                BigDecimal.ONE);
    }
}
