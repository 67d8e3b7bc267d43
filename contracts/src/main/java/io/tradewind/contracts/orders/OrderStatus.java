package io.tradewind.contracts.orders;

import java.util.Locale;

/** Where an order is in its life, in the words of the Alpaca Trading API v2. */
public enum OrderStatus {
    /** Durable and queued here; the broker has not seen it. */
    ACCEPTED(false),
    /** About to be sent, or sent without an answer yet: whether the broker has it is unknown. */
    PENDING_NEW(false),
    /** Working at the broker. */
    NEW(false),
    PARTIALLY_FILLED(false),
    FILLED(true),
    /** A cancel is on its way to the broker. */
    PENDING_CANCEL(false),
    CANCELED(true),
    EXPIRED(true),
    /** Refused by the broker. */
    REJECTED(true),
    /** Waits here for another order: the end of its parent, of the other exit, or of the order that it replaces. */
    HELD(false),
    /** Another order is to come in its place; it may still be filled until the broker says that it has ended. */
    PENDING_REPLACE(false),
    /** Another order has come in its place. */
    REPLACED(true),
    /** The broker does nothing with it until the next trading day. */
    DONE_FOR_DAY(false),
    /** The broker does nothing with it until trading in the instrument goes on. */
    SUSPENDED(false);

    private final boolean terminal;
    private final String text = name().toLowerCase(Locale.ROOT);

    OrderStatus(boolean terminal) {
        this.terminal = terminal;
    }

    /** Whether nothing can happen to the order any more. */
    public boolean isTerminal() {
        return terminal;
    }

    /** Whether the broker has been asked, or is about to be, to end the order. */
    public boolean isEnding() {
        return this == PENDING_CANCEL || this == PENDING_REPLACE;
    }

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** @return the status written as {@code text}, or {@code null} when there is none */
    public static OrderStatus parse(String text) {
        for (OrderStatus value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
