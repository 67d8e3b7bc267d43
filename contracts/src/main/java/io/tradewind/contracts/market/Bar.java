package io.tradewind.contracts.market;

import java.math.BigDecimal;

/**
 * What happened to the price of an instrument over a span of time.
 *
 * @param openTimeMs start of the span, milliseconds since the epoch
 * @param durationMs its length, milliseconds
 */
public record Bar(
        String symbol,
        long openTimeMs,
        long durationMs,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        BigDecimal volume) {}
