package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.market.Assets;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Map;

/**
 * What an account holds of one instrument. Immutable.
 *
 * <p>The cost basis is kept exactly, the average price is derived from it: selling a part takes a proportional part of
 * the cost basis with it, rounded once, and what was taken goes into the realised result. Therefore cash plus cost
 * basis minus realised results is the same before and after any fill. The day basis is kept by the same arithmetic, and
 * is put to what the position is worth when a trading day begins: market value less day basis is the result of the day.
 *
 * @param qty units held; negative when short
 * @param costBasis what they were bought for; negative (the proceeds) when short
 * @param dayBasis what they were worth when the trading day began, or were bought for since; negative when short
 * @param lastDayPrice of a unit at the end of the trading day before; {@code null} when it is not known
 * @param tradingDay which one the day basis is of; {@code null} when it is not known
 */
record Position(
        String accountId,
        String symbol,
        BigDecimal qty,
        BigDecimal costBasis,
        BigDecimal dayBasis,
        BigDecimal lastDayPrice,
        LocalDate tradingDay) {

    /** Decimal places of a derived price, and of a part of a cost basis. */
    static final int SCALE = 9;

    /** One of which nothing is known but what it cost. */
    Position(String accountId, String symbol, BigDecimal qty, BigDecimal costBasis) {
        this(accountId, symbol, qty, costBasis, costBasis, null, null);
    }

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
        BigDecimal cost = basisAfter(costBasis, signedQty, price);
        BigDecimal day = dayBasis.compareTo(costBasis) == 0 ? cost : basisAfter(dayBasis, signedQty, price);
        BigDecimal paid = signedQty.multiply(price);
        // What is paid is in the new basis, or has been realised.
        BigDecimal realized = cost.subtract(costBasis).subtract(paid);
        return new Fill(
                new Position(
                        accountId,
                        symbol,
                        Decimals.normal(qty.add(signedQty)),
                        Decimals.normal(cost),
                        Decimals.normal(day),
                        lastDayPrice,
                        tradingDay),
                Decimals.normal(realized));
    }

    private BigDecimal basisAfter(BigDecimal basis, BigDecimal signedQty, BigDecimal price) {
        if (qty.signum() == 0 || qty.signum() == signedQty.signum()) {
            return basis.add(signedQty.multiply(price));
        }
        BigDecimal after = qty.add(signedQty);
        if (after.signum() == qty.signum()) {
            // A part is closed, and takes its part of the basis with it.
            BigDecimal closed = basis.multiply(signedQty.abs()).divide(qty.abs(), SCALE, RoundingMode.HALF_EVEN);
            return basis.subtract(closed);
        }
        // All of it is closed; what is left over opens the other way.
        return after.multiply(price);
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

    /**
     * A trading day begins.
     *
     * @param price what a unit is worth then
     * @param closingPrice the last one of the day before; {@code null} when it is not known
     */
    Position startDay(LocalDate day, BigDecimal price, BigDecimal closingPrice) {
        return new Position(accountId, symbol, qty, costBasis, Decimals.normal(marketValue(price)), closingPrice, day);
    }

    /** The same, opened on this trading day. */
    Position openedOn(LocalDate day, BigDecimal closingPrice) {
        return new Position(accountId, symbol, qty, costBasis, dayBasis, closingPrice, day);
    }

    /**
     * The document, in schema version 3 of its domain. A change of its shape needs a migration, see docs/MIGRATIONS.md.
     *
     * @param price the latest one, or {@code null}
     * @param available units that no open order takes away; negative when short
     */
    Json toJson(BigDecimal price, BigDecimal available, long nowMs) {
        BigDecimal value = marketValue(price);
        BigDecimal unrealized = Decimals.normal(value.subtract(costBasis));
        BigDecimal today = price == null ? BigDecimal.ZERO : Decimals.normal(value.subtract(dayBasis));
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
                .decimal("unrealized_plpc", ratio(unrealized, costBasis))
                .decimal("qty_available", Decimals.normal(available))
                .decimal("intraday_basis", dayBasis)
                .decimal("unrealized_intraday_pl", today)
                .decimal("unrealized_intraday_plpc", ratio(today, dayBasis))
                .decimal("lastday_price", lastDayPrice)
                .decimal("change_today", change(price))
                .text("trading_day", tradingDay == null ? null : tradingDay.toString())
                .flag("asset_marginable", false));
    }

    private BigDecimal change(BigDecimal price) {
        return price == null || lastDayPrice == null ? null : ratio(price.subtract(lastDayPrice), lastDayPrice);
    }

    /** An amount as a part of another; zero when that is zero. */
    private static BigDecimal ratio(BigDecimal amount, BigDecimal whole) {
        return whole.signum() == 0
                ? BigDecimal.ZERO
                : Decimals.normal(amount.divide(whole.abs(), SCALE, RoundingMode.HALF_EVEN));
    }

    static Position fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        String lastDayPrice = in.get("lastday_price");
        String tradingDay = in.get("trading_day");
        return new Position(
                in.get("account_id"),
                in.get("symbol"),
                new BigDecimal(in.get("qty")),
                new BigDecimal(in.get("cost_basis")),
                new BigDecimal(in.get("intraday_basis")),
                lastDayPrice == null ? null : new BigDecimal(lastDayPrice),
                tradingDay == null ? null : LocalDate.parse(tradingDay));
    }
}
