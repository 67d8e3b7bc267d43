package io.tradewind.contracts.market;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * The best bid and offer of an instrument.
 *
 * @param bidSize units on offer at the bid price
 * @param last price of the last trade
 * @param timeMs when it held, milliseconds since the epoch
 */
public record Quote(
        String symbol,
        BigDecimal bid,
        BigDecimal bidSize,
        BigDecimal ask,
        BigDecimal askSize,
        BigDecimal last,
        long timeMs) {

    public Json toJson() {
        return JsonObjects.write(out -> out.text("symbol", symbol)
                .decimal("bid_price", bid)
                .decimal("bid_size", bidSize)
                .decimal("ask_price", ask)
                .decimal("ask_size", askSize)
                .decimal("last_price", last)
                .time("time", timeMs));
    }

    /** @throws IllegalArgumentException when a field is missing or wrong */
    public static Quote fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        try {
            return new Quote(
                    Objects.requireNonNull(in.get("symbol"), "symbol is missing"),
                    new BigDecimal(in.get("bid_price")),
                    new BigDecimal(in.get("bid_size")),
                    new BigDecimal(in.get("ask_price")),
                    new BigDecimal(in.get("ask_size")),
                    new BigDecimal(in.get("last_price")),
                    Instant.parse(in.get("time")).toEpochMilli());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not a quote: " + json, e);
        }
    }
}
