package io.tradewind.contracts.market;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What the symbol of an instrument says of it. Pure, safe for any thread. */
public final class Assets {

    public static final String EQUITY = "us_equity";

    public static final String CRYPTO = "crypto";

    private static final String NAMESPACE = "tradewind/asset/";

    private Assets() {}

    /** A symbol of two currencies, such as BTC/USD, is crypto. */
    public static String assetClass(String symbol) {
        return isPair(symbol) ? CRYPTO : EQUITY;
    }

    /** Where it is listed, in the words of the Alpaca API; empty where the symbol does not say. */
    public static String exchange(String symbol) {
        return isPair(symbol) ? "CRYPTO" : "";
    }

    /**
     * The id of the instrument: a name-based UUID (version 3) of its symbol, so that every service gives it the same
     * one without asking. It is stored in documents and known to clients, and therefore never changes.
     */
    public static UUID id(String symbol) {
        return UUID.nameUUIDFromBytes((NAMESPACE + symbol).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isPair(String symbol) {
        return symbol.indexOf('/') >= 0;
    }
}
