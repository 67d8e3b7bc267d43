package io.tradewind.strategyexecutor.runner;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import java.math.BigDecimal;

/**
 * What a strategy thinks of an instrument.
 *
 * @param id UUIDv7
 * @param strength from −1 (sell) to 1 (buy)
 * @param timeMs in the time of the feed, milliseconds since the epoch
 */
public record Signal(
        String id, String strategy, String accountId, String symbol, double strength, String reason, long timeMs) {

    public Json toJson() {
        return JsonObjects.write(out -> out.text("id", id)
                .text("strategy", strategy)
                .text("account_id", accountId)
                .text("symbol", symbol)
                .decimal("strength", BigDecimal.valueOf(strength))
                .text("reason", reason)
                .time("time", timeMs));
    }
}
