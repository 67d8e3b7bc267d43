package io.tradewind.contracts.market;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import java.math.BigDecimal;
import java.util.Map;

/**
 * What may be ordered of an instrument, as the Alpaca Trading API v2 tells it. Immutable, safe for any thread.
 *
 * @param tradable whether orders are taken
 * @param shortable whether more may be sold than is held
 * @param fractionable whether parts of a unit may be ordered; if not, quantities are whole
 * @param minOrderSize smallest quantity of an order
 * @param minTradeIncrement the lot: quantities are multiples of it
 * @param priceIncrement the tick: prices from 1 on are multiples of it, lower ones of a hundredth of it
 * @param minNotional smallest value of an order that does not just reduce a position
 */
public record Asset(
        String symbol,
        String name,
        boolean tradable,
        boolean shortable,
        boolean fractionable,
        BigDecimal minOrderSize,
        BigDecimal minTradeIncrement,
        BigDecimal priceIncrement,
        BigDecimal minNotional) {

    private static final BigDecimal SMALLEST = new BigDecimal("0.000000001");
    private static final BigDecimal CENT = new BigDecimal("0.01");

    /** What holds for an instrument of which nothing else was said: that of US shares and of the large coins. */
    public static Asset defaults(String symbol) {
        boolean coin = Assets.CRYPTO.equals(Assets.assetClass(symbol));
        return new Asset(symbol, symbol, true, !coin, true, SMALLEST, SMALLEST, CENT, BigDecimal.ONE);
    }

    /** The document that is stored and served. */
    public Json toJson() {
        return JsonObjects.write(out -> out.text("id", Assets.id(symbol).toString())
                .text("class", Assets.assetClass(symbol))
                .text("exchange", Assets.exchange(symbol))
                .text("symbol", symbol)
                .text("name", name)
                .text("status", tradable ? "active" : "inactive")
                .flag("tradable", tradable)
                .flag("marginable", false)
                .flag("shortable", shortable)
                .flag("easy_to_borrow", shortable)
                .flag("fractionable", fractionable)
                .decimal("min_order_size", minOrderSize)
                .decimal("min_trade_increment", minTradeIncrement)
                .decimal("price_increment", priceIncrement)
                .decimal("min_notional", minNotional));
    }

    /** @throws IllegalArgumentException when a field is missing or wrong */
    public static Asset fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        try {
            return new Asset(
                    in.get("symbol"),
                    in.get("name"),
                    Boolean.parseBoolean(in.get("tradable")),
                    Boolean.parseBoolean(in.get("shortable")),
                    Boolean.parseBoolean(in.get("fractionable")),
                    new BigDecimal(in.get("min_order_size")),
                    new BigDecimal(in.get("min_trade_increment")),
                    new BigDecimal(in.get("price_increment")),
                    new BigDecimal(in.get("min_notional")));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not an asset: " + json, e);
        }
    }
}
