package io.tradewind.contracts.orders;

import java.util.Locale;

/** How an order is priced. */
public enum OrderType {
    /** At once, at the best price there is. */
    MARKET,
    /** At {@code limit_price} or better. */
    LIMIT,
    /** At the market, once it has reached {@code stop_price}. */
    STOP,
    /** At {@code limit_price} or better, once the market has reached {@code stop_price}. */
    STOP_LIMIT,
    /** At the market, once it has come back from its best by {@code trail_price} or {@code trail_percent}. */
    TRAILING_STOP;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** Whether it has a {@code limit_price}. */
    public boolean hasLimit() {
        return this == LIMIT || this == STOP_LIMIT;
    }

    /** Whether it is given a {@code stop_price}. */
    public boolean hasStop() {
        return this == STOP || this == STOP_LIMIT;
    }

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** @return the constant written as {@code text}, or {@code null} when there is none */
    public static OrderType parse(String text) {
        for (OrderType value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
