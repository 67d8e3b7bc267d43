package io.tradewind.contracts.state.schema;

import io.tradewind.contracts.state.Domains;

/**
 * Positions tell the result of their trading day, and how much of them open orders leave. What an old position was worth
 * when its day began is not known: it counts from what it cost, until the desk that loads it puts it to the price of that
 * moment, which it does because there is no {@code trading_day}.
 */
final class PositionV3 {

    private PositionV3() {}

    static Migration step() {
        return new Migration(
                Domains.POSITION,
                2,
                "adds qty_available, all of it, and intraday_basis with unrealized_intraday_pl and"
                        + " unrealized_intraday_plpc, counted from the cost",
                PositionV3::apply);
    }

    private static void apply(Document position) {
        position.set("qty_available", position.requiredText("qty"))
                .set("intraday_basis", position.requiredText("cost_basis"))
                .set("unrealized_intraday_pl", position.requiredText("unrealized_pl"))
                .set("unrealized_intraday_plpc", position.requiredText("unrealized_plpc"))
                .set("asset_marginable", false);
    }
}
