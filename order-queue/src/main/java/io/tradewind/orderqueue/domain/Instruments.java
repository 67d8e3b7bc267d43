package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.market.Asset;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * What each instrument allows, shared by all desks of an event loop: what is put here counts for the next order. An
 * instrument of which nothing is stored has the {@link Asset#defaults usual} rules.
 */
public final class Instruments {

    /** Longest name of an instrument, in characters. */
    static final int MAX_NAME = 200;

    private final Map<String, Asset> assets = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();

    /** Where the rules of an instrument are stored. */
    public static EntityKey key(String symbol) {
        return new EntityKey(Domains.ASSET, Domains.MARKET_KEY, symbol);
    }

    public void load(EntityKey key, Json json, long version) {
        if (version >= version(key.id())) {
            assets.put(key.id(), Asset.fromJson(json));
            versions.put(key.id(), version);
        }
    }

    public Asset of(String symbol) {
        Asset asset = assets.get(symbol);
        if (asset == null) {
            asset = Asset.defaults(symbol);
            assets.put(symbol, asset);
        }
        return asset;
    }

    /** The version at which the rules are stored; 0 when they are the usual ones. */
    public long version(String symbol) {
        return versions.getOrDefault(symbol, 0L);
    }

    /**
     * The instrument after a change.
     *
     * @param changes new values by name; {@code null} brings the usual one back
     * @param whole whether fields that are not named get the usual values
     * @throws FieldException when a name is not known, or a value cannot be
     */
    public Asset changed(String symbol, Map<String, String> changes, boolean whole) {
        Asset usual = Asset.defaults(symbol);
        Asset asset = whole ? usual : of(symbol);
        for (Map.Entry<String, String> change : changes.entrySet()) {
            asset = with(asset, usual, change.getKey(), change.getValue());
        }
        return asset;
    }

    private static Asset with(Asset a, Asset usual, String field, String value) {
        String name = a.name();
        boolean tradable = a.tradable();
        boolean shortable = a.shortable();
        boolean fractionable = a.fractionable();
        BigDecimal size = a.minOrderSize();
        BigDecimal lot = a.minTradeIncrement();
        BigDecimal tick = a.priceIncrement();
        BigDecimal notional = a.minNotional();
        switch (field) {
            case "name" -> name = value == null ? usual.name() : text(field, value);
            case "tradable" -> tradable = value == null ? usual.tradable() : flag(field, value);
            case "shortable" -> shortable = value == null ? usual.shortable() : flag(field, value);
            case "fractionable" -> fractionable = value == null ? usual.fractionable() : flag(field, value);
            case "min_order_size" -> size = value == null ? usual.minOrderSize() : positive(field, value);
            case "min_trade_increment" -> lot = value == null ? usual.minTradeIncrement() : positive(field, value);
            case "price_increment" -> tick = value == null ? usual.priceIncrement() : positive(field, value);
            case "min_notional" -> notional = value == null ? usual.minNotional() : amount(field, value);
            default ->
                throw new FieldException(
                        DenialCode.REQUEST_FIELD_UNKNOWN,
                        field,
                        "an asset has no field '" + field
                                + "' that can be changed; there are name, tradable, shortable,"
                                + " fractionable, min_order_size, min_trade_increment, price_increment, min_notional");
        }
        return new Asset(a.symbol(), name, tradable, shortable, fractionable, size, lot, tick, notional);
    }

    private static String text(String field, String value) {
        if (value.isEmpty() || value.length() > MAX_NAME) {
            throw FieldException.invalid(field, "must have 1 to " + MAX_NAME + " characters", value);
        }
        return value;
    }

    private static boolean flag(String field, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw FieldException.invalid(field, "must be true or false", value);
        }
        return value.equals("true");
    }

    private static BigDecimal positive(String field, String value) {
        BigDecimal amount = amount(field, value);
        if (amount.signum() == 0) {
            throw FieldException.invalid(field, "must be above 0", value);
        }
        return amount;
    }

    private static BigDecimal amount(String field, String value) {
        BigDecimal amount;
        try {
            amount = Decimals.parse(value);
        } catch (NumberFormatException e) {
            throw new FieldException(DenialCode.REQUEST_FIELD_INVALID, field, field + " " + e.getMessage());
        }
        if (amount.signum() < 0 || amount.compareTo(LimitField.MAX_AMOUNT) > 0) {
            throw FieldException.invalid(field, "must be within 0.." + LimitField.MAX_AMOUNT.toPlainString(), value);
        }
        return amount;
    }
}
