package io.tradewind.contracts.orders;

import java.util.Locale;

/** What can happen to an order; which status it has then, {@link OrderLife} says. */
public enum OrderEvent {
    /** What it waited for has happened: it is queued. */
    RELEASED,
    /** It is about to be sent to the broker. */
    DISPATCHED,
    /** The broker has it. */
    WORKING,
    /** A part of it was executed. */
    PARTLY_FILLED,
    /** The rest of it was executed. */
    FILLED,
    /** The broker is to be asked to cancel it. */
    CANCEL_REQUESTED,
    /** The broker is to be asked to end it in favour of another one. */
    REPLACE_REQUESTED,
    /** The broker goes on with it, of which nothing is executed. */
    KEPT,
    /** The broker goes on with it, of which a part is executed. */
    KEPT_PARTLY_FILLED,
    /** It has ended without more executions, at the broker or before it got there. */
    CANCELED,
    /** It has ended, and another one comes in its place. */
    REPLACED,
    /** Its time is over. */
    EXPIRED,
    /** The broker does not take it. */
    REJECTED,
    /** The broker does nothing with it until the next trading day. */
    DONE_FOR_DAY,
    /** The broker does nothing with it until trading goes on. */
    SUSPENDED,
    /** An execution came to light after it had ended. */
    LATE_FILL;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in documents. */
    public String text() {
        return text;
    }
}
