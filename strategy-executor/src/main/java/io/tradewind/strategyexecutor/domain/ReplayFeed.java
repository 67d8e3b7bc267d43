package io.tradewind.strategyexecutor.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.market.Quote;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays recorded bars at a speed. Within a bar the price goes from the open over both extremes to the close, first over
 * the one that lies against the direction of the bar; a quote is a narrow spread around it.
 *
 * <p>Bars keep the times of the recording. Quotes carry the present: orders are filled against them now. Behind the
 * last bar the last price stands, so that what is open can still be traded.
 *
 * <p>Pure; one caller at a time.
 */
public final class ReplayFeed implements Feed {

    /** Bars per second, at most: with {@link #MAX_STEP_MS} it bounds the bars that one step can bring. */
    public static final double MAX_SPEED = 100;

    /** A step that comes later than this moves on by this only: a process that was paused does not race afterwards. */
    static final long MAX_STEP_MS = 500;

    private static final BigDecimal TICK = new BigDecimal("0.01");
    private static final BigDecimal SIZE = new BigDecimal(100_000);
    private static final int STATIONS = 4;

    private final List<Bar> bars;
    private final double barsPerMs;
    private long lastMs = -1;
    private double progress;
    private int completed;

    /**
     * @param bars of one symbol, oldest first, at least one
     * @param barsPerSecond above 0, at most {@link #MAX_SPEED}
     */
    public ReplayFeed(List<Bar> bars, double barsPerSecond) {
        if (bars.isEmpty()) {
            throw new IllegalArgumentException("nothing to replay: no bars");
        }
        if (!(barsPerSecond > 0 && barsPerSecond <= MAX_SPEED)) {
            throw new IllegalArgumentException(
                    "replay speed " + barsPerSecond + " bars/s: must be above 0 and at most " + MAX_SPEED);
        }
        this.bars = bars.stream().map(ReplayFeed::toTicks).toList();
        this.barsPerMs = barsPerSecond / 1000;
    }

    @Override
    public FeedTick advance(long nowMs) {
        long stepMs = lastMs < 0 ? 0 : Math.max(0, Math.min(MAX_STEP_MS, nowMs - lastMs));
        lastMs = nowMs;
        progress = Math.min(bars.size(), progress + stepMs * barsPerMs);
        List<Bar> done = new ArrayList<>();
        while (completed < (int) progress) {
            done.add(bars.get(completed++));
        }
        Bar current = bars.get(Math.min((int) progress, bars.size() - 1));
        int station = isFinished() ? STATIONS - 1 : (int) ((progress - (int) progress) * STATIONS);
        BigDecimal price = path(current, station);
        Quote quote = new Quote(
                current.symbol(),
                Decimals.normal(price.subtract(TICK).max(TICK)),
                SIZE,
                price.add(TICK),
                SIZE,
                price,
                nowMs);
        long timeMs = current.openTimeMs() + current.durationMs() * station / STATIONS;
        return new FeedTick(timeMs, List.of(quote), done);
    }

    /** Whether the last bar was delivered. */
    public boolean isFinished() {
        return completed == bars.size();
    }

    private static BigDecimal path(Bar bar, int station) {
        boolean rising = bar.close().compareTo(bar.open()) >= 0;
        return switch (station) {
            case 0 -> bar.open();
            case 1 -> rising ? bar.low() : bar.high();
            case 2 -> rising ? bar.high() : bar.low();
            default -> bar.close();
        };
    }

    private static Bar toTicks(Bar bar) {
        return new Bar(
                bar.symbol(),
                bar.openTimeMs(),
                bar.durationMs(),
                toTick(bar.open()),
                toTick(bar.high()),
                toTick(bar.low()),
                toTick(bar.close()),
                bar.volume());
    }

    private static BigDecimal toTick(BigDecimal price) {
        return Decimals.normal(
                price.setScale(TICK.scale(), RoundingMode.HALF_EVEN).max(TICK));
    }
}
