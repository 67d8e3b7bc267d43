package io.tradewind.contracts.risk;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Denial;

/**
 * Answer to {@link ChangeRisk}.
 *
 * @param document what holds now, once it is durable; {@code null} when denied
 * @param denial why nothing was changed, or {@code null}
 */
public record RiskReply(Json document, Denial denial) {

    public static RiskReply of(Json document) {
        return new RiskReply(document, null);
    }

    public static RiskReply denied(Denial denial) {
        return new RiskReply(null, denial);
    }
}
