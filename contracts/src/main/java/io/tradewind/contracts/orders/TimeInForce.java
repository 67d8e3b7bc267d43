package io.tradewind.contracts.orders;

import java.util.Locale;

/** How long an order lives. */
public enum TimeInForce {
    /** Until the end of the trading day. */
    DAY,
    /** Until canceled. */
    GTC,
    /** What can be filled at once is filled, the rest is canceled. */
    IOC,
    /** Filled at once and whole, or canceled. */
    FOK,
    /** At the opening of a trading day only. */
    OPG,
    /** At the close of a trading day only. */
    CLS;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** @return the constant written as {@code text}, or {@code null} when there is none */
    public static TimeInForce parse(String text) {
        for (TimeInForce value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
