package io.tradewind.contracts.orders;

import java.util.Locale;

/** What an account, or the whole system, may do. Cancels always pass. */
public enum TradingState {
    /** Orders are taken. */
    ACTIVE,
    /** Only orders that make a position smaller are taken. */
    REDUCING,
    /** No order is taken. */
    HALTED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** @return the constant written as {@code text}, or {@code null} when there is none */
    public static TradingState parse(String text) {
        for (TradingState value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
