package io.tradewind.contracts.orders;

import java.util.Locale;

/** Whether an order stands alone, or brings others with it. */
public enum OrderClass {
    SIMPLE(0),
    /** An entry with a take-profit and a stop-loss, which are held until the entry is over. */
    BRACKET(2),
    /** A take-profit and a stop-loss for what is held already: what one of them executes, the other does not. */
    OCO(1),
    /** An entry with a take-profit or a stop-loss, which is held until the entry is over. */
    OTO(1);

    private final int legs;

    private final String text = name().toLowerCase(Locale.ROOT);

    OrderClass(int legs) {
        this.legs = legs;
    }

    /** How many other orders come with one of this class. */
    public int legs() {
        return legs;
    }

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** @return the constant written as {@code text}, or {@code null} when there is none */
    public static OrderClass parse(String text) {
        for (OrderClass value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
