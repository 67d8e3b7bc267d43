package io.tradewind.strategyexecutor.domain;

import io.tradewind.contracts.market.Bar;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes bars of one length out of single prices. Spans are aligned to the epoch; a span without a price makes no bar.
 * Pure; one caller at a time.
 */
public final class BarBuilder {

    private final long durationMs;
    private final Map<String, Span> open = new HashMap<>();

    /** @param durationMs length of a bar, milliseconds */
    public BarBuilder(long durationMs) {
        if (durationMs < 1) {
            throw new IllegalArgumentException("bar of " + durationMs + " ms: must be at least 1 ms");
        }
        this.durationMs = durationMs;
    }

    /** Adds a price; the answer is the bar that is complete because this price lies behind it. */
    public Optional<Bar> add(String symbol, BigDecimal price, BigDecimal volume, long timeMs) {
        long startMs = timeMs - Math.floorMod(timeMs, durationMs);
        Span span = open.get(symbol);
        if (span != null && span.startMs == startMs) {
            span.add(price, volume);
            return Optional.empty();
        }
        open.put(symbol, new Span(startMs, price, volume));
        return Optional.ofNullable(span).map(done -> done.toBar(symbol, durationMs));
    }

    private static final class Span {

        private final long startMs;
        private final BigDecimal open;
        private BigDecimal high;
        private BigDecimal low;
        private BigDecimal close;
        private BigDecimal volume;

        Span(long startMs, BigDecimal price, BigDecimal volume) {
            this.startMs = startMs;
            this.open = price;
            this.high = price;
            this.low = price;
            this.close = price;
            this.volume = volume;
        }

        void add(BigDecimal price, BigDecimal more) {
            high = high.max(price);
            low = low.min(price);
            close = price;
            volume = volume.add(more);
        }

        Bar toBar(String symbol, long durationMs) {
            return new Bar(symbol, startMs, durationMs, open, high, low, close, volume);
        }
    }
}
