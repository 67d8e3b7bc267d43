package io.tradewind.contracts.orders;

import java.util.Locale;

/** The lane that an order waits in, most urgent first. */
public enum Priority {
    CRITICAL,
    HIGH,
    NORMAL,
    LOW;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** @return the constant written as {@code text}, or {@code null} when there is none */
    public static Priority parse(String text) {
        for (Priority value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
