package io.tradewind.gateway.domain;

import java.util.Locale;

/** What a key may be used for. */
public enum Scope {
    /** Place and cancel orders, start and stop strategies, halt the own account. */
    TRADE,
    /** See the own account, its orders, positions and events. */
    READ,
    /** Steer what concerns every account. */
    ADMIN;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in the keys file. */
    public String text() {
        return text;
    }

    /** @return the scope written as {@code text}, or {@code null} when there is none */
    public static Scope parse(String text) {
        for (Scope value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
