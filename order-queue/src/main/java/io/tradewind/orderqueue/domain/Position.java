package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.market.Assets;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/**
 * What an account holds of one instrument. Immutable.
 *
 * <p>The cost basis is kept exactly, the average price is derived from it: selling a part takes a proportional part of
 * the cost basis with it, rounded once, and what was taken goes into the realised result. Therefore cash plus cost
 * basis minus realised results is the same before and after any fill.
 *
 * @param qty units held; negative when short
 * @param costBasis what they were bought for; negative (the proceeds) when short
 */
record Position(String accountId, String symbol, BigDecimal qty, BigDecimal costBasis) {

    /** Decimal places of a derived price, and of a part of a cost basis. */
    static final int SCALE = 9;

    static Position flat(String accountId, String symbol) {
        return new Position(accountId, symbol, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    /** A position after a fill, and what the fill realised. */
    record Fill(Position position, BigDecimal realized) {}

    /**
     * @param signedQty units bought, negative for units sold
     * @param price per unit
     */
    Fill fill(BigDecimal signedQty, BigDecimal price) {
        if (qty.signum() == 0 || qty.signum() == signedQty.signum()) {
            return new Fill(with(qty.add(signedQty), costBasis.add(signedQty.multiply(price))), BigDecimal.ZERO);
        }
        // Against the position: first that much of it is closed, what is left over opens the other way.
        BigDecimal closing = signedQty.abs().min(qty.abs());
        boolean all = closing.compareTo(qty.abs()) == 0;
        BigDecimal cost =
                all ? costBasis : costBasis.multiply(closing).divide(qty.abs(), SCALE, RoundingMode.HALF_EVEN);
        BigDecimal direction = BigDecimal.valueOf(qty.signum());
        BigDecimal proceeds = closing.multiply(price).multiply(direction);
        BigDecimal rest = signedQty.abs().subtract(closing).multiply(BigDecimal.valueOf(signedQty.signum()));
        Position closed = with(qty.subtract(closing.multiply(direction)), costBasis.subtract(cost));
        return new Fill(
                closed.with(closed.qty.add(rest), closed.costBasis.add(rest.multiply(price))), proceeds.subtract(cost));
    }

    boolean isFlat() {
        return qty.signum() == 0;
    }

    /** Mean price of what is held; zero when flat. */
    BigDecimal averagePrice() {
        return isFlat() ? BigDecimal.ZERO : costBasis.divide(qty, SCALE, RoundingMode.HALF_EVEN);
    }

    /** What it is worth at {@code price}; at cost when there is no price. */
    BigDecimal marketValue(BigDecimal price) {
        return price == null ? costBasis : qty.multiply(price);
    }

    private Position with(BigDecimal newQty, BigDecimal newCost) {
        return new Position(accountId, symbol, Decimals.normal(newQty), Decimals.normal(newCost));
    }

    /**
     * The document, in schema version 2 of its domain. A change of its shape needs a migration, see docs/MIGRATIONS.md.
     *
     * @param price the latest one, or {@code null}
     */
    Json toJson(BigDecimal price, long nowMs) {
        BigDecimal value = marketValue(price);
        BigDecimal unrealized = Decimals.normal(value.subtract(costBasis));
        return JsonObjects.write(out -> out.text("account_id", accountId)
                .text("symbol", symbol)
                .text("asset_class", Assets.assetClass(symbol))
                .decimal("qty", qty)
                .text("side", qty.signum() < 0 ? "short" : "long")
                .decimal("avg_entry_price", Decimals.normal(averagePrice()))
                .decimal("cost_basis", costBasis)
                .decimal("current_price", price)
                .decimal("market_value", Decimals.normal(value))
                .decimal("unrealized_pl", unrealized)
                .time("updated_at", nowMs)
                .text("asset_id", Assets.id(symbol).toString())
                .text("exchange", Assets.exchange(symbol))
                .decimal("unrealized_plpc", ratioToCost(unrealized)));
    }

    /** An amount as a part of what the position cost; zero when it cost nothing. */
    private BigDecimal ratioToCost(BigDecimal amount) {
        return costBasis.signum() == 0
                ? BigDecimal.ZERO
                : Decimals.normal(amount.divide(costBasis.abs(), SCALE, RoundingMode.HALF_EVEN));
    }

    static Position fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        return new Position(
                in.get("account_id"),
                in.get("symbol"),
                new BigDecimal(in.get("qty")),
                new BigDecimal(in.get("cost_basis")));
    }
}
