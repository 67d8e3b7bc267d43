package io.tradewind.contracts.orders;

import java.util.Locale;

/** Whether an order buys or sells. */
public enum Side {
    BUY,
    SELL;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** @return the constant written as {@code text}, or {@code null} when there is none */
    public static Side parse(String text) {
        for (Side value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
