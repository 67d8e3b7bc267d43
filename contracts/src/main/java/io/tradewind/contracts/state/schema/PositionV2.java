package io.tradewind.contracts.state.schema;

import io.tradewind.contracts.market.Assets;
import io.tradewind.contracts.state.Domains;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Positions get what the Alpaca Trading API promises of every position and what its clients refuse to be without:
 * {@code asset_id}, {@code exchange} and {@code unrealized_plpc}. All three follow from what is stored.
 */
final class PositionV2 {

    private static final int RATIO_SCALE = 9;

    private PositionV2() {}

    static Migration step() {
        return new Migration(
                Domains.POSITION,
                1,
                "adds asset_id and exchange, known from the symbol, and unrealized_plpc, the unrealized result as a"
                        + " part of the cost",
                PositionV2::apply);
    }

    private static void apply(Document position) {
        String symbol = position.requiredText("symbol");
        position.set("asset_id", Assets.id(symbol).toString())
                .set("exchange", symbol.indexOf('/') < 0 ? "" : "CRYPTO")
                .set("unrealized_plpc", ratio(position));
    }

    /** Zero when nothing was paid. */
    private static String ratio(Document position) {
        BigDecimal cost = position.requiredDecimal("cost_basis").abs();
        BigDecimal result = position.requiredDecimal("unrealized_pl");
        if (cost.signum() == 0 || result.signum() == 0) {
            return "0";
        }
        BigDecimal ratio = result.divide(cost, RATIO_SCALE, RoundingMode.HALF_EVEN);
        return ratio.signum() == 0 ? "0" : ratio.stripTrailingZeros().toPlainString();
    }
}
