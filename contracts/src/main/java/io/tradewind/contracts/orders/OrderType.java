package io.tradewind.contracts.orders;

import java.util.Locale;

/** How an order is priced. */
public enum OrderType {
    MARKET,
    LIMIT;

    private final String text = name().toLowerCase(Locale.ROOT);

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
