package io.tradewind.contracts.market;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * Which trading day a moment belongs to. A trading day begins at the same time of day in the zone of the market, also
 * over a change of its clocks, and ends where the next begins. It has the date on which it begins when that is before
 * noon, otherwise the date after: with a start of 17:00, Monday's trading begins on Sunday evening.
 *
 * <p>Every date is a trading day, whether or not the market opens on it: money can change on any. Immutable, pure, safe
 * for any thread; the day of the last question is remembered, so that asking about moments of one day costs a comparison.
 */
public final class TradingDays {

    /** The zone of the exchanges in New York. */
    public static final ZoneId MARKET_ZONE = ZoneId.of("America/New_York");

    /** Days of the market in New York, from midnight to midnight there. */
    public static final TradingDays MARKET = new TradingDays(MARKET_ZONE, LocalTime.MIDNIGHT);

    private final ZoneId zone;
    private final LocalTime starts;

    /** A benign race: the span is immutable, and any one is as good as the other. */
    private volatile Span last = new Span(null, 0, 0);

    /** A trading day, from its first moment to that of the next. */
    private record Span(LocalDate day, long fromMs, long untilMs) {}

    /** @param starts when a trading day begins, by the clock of {@code zone} */
    public TradingDays(ZoneId zone, LocalTime starts) {
        this.zone = zone;
        this.starts = starts;
    }

    public ZoneId zone() {
        return zone;
    }

    public LocalTime starts() {
        return starts;
    }

    /** @param ms milliseconds since the epoch */
    public LocalDate of(long ms) {
        return spanOf(ms).day();
    }

    /** When the trading day of a moment began, milliseconds since the epoch. */
    public long startOf(long ms) {
        return spanOf(ms).fromMs();
    }

    /** When the trading day of a moment is over, milliseconds since the epoch. */
    public long endOf(long ms) {
        return spanOf(ms).untilMs();
    }

    private Span spanOf(long ms) {
        Span span = last;
        if (ms >= span.fromMs() && ms < span.untilMs()) {
            return span;
        }
        LocalDate began = Instant.ofEpochMilli(ms).atZone(zone).toLocalDate();
        if (ms < startOn(began)) {
            began = began.minusDays(1);
        }
        LocalDate day = starts.isBefore(LocalTime.NOON) ? began : began.plusDays(1);
        span = new Span(day, startOn(began), startOn(began.plusDays(1)));
        last = span;
        return span;
    }

    private long startOn(LocalDate date) {
        return ZonedDateTime.of(date, starts, zone).toInstant().toEpochMilli();
    }
}
