package io.tradewind.orderqueue.domain;

import java.util.Locale;

/**
 * Something about which the broker and we say different things, and what the rules make of it.
 *
 * @param accountId whose it is, as the broker says
 * @param subject an order id, for a position its symbol
 * @param ours what we have, in words
 * @param theirs what the broker says, in words
 */
public record Mismatch(Kind kind, Rule rule, String accountId, String subject, String ours, String theirs) {

    /** What is wrong. */
    public enum Kind {
        /** The broker works an order that is not open here. */
        MISSING_HERE,
        /** An order that was sent is not known to the broker. */
        MISSING_THERE,
        /** An order is somewhere else in its life at the broker. */
        STATUS_DIFFERS,
        /** Another quantity of an order is executed, or another quantity is held. */
        QUANTITY_DIFFERS,
        /** The broker executed an order of ours that is over here, and the execution is not booked. */
        UNKNOWN_FILL,
        /** The broker executed what did not come from us. */
        MANUAL_TRADE;

        private final String text = name().toLowerCase(Locale.ROOT);

        /** As written in JSON and metrics. */
        public String text() {
            return text;
        }
    }

    /** What is done about it. */
    public enum Rule {
        /** What the broker says is booked. */
        BOOKED,
        /** The order is queued and sent once more, under its id. */
        SENT_AGAIN,
        /** It was to be canceled and never got there: it is canceled here. */
        CANCELED_HERE,
        /** The broker is asked to cancel it. */
        CANCELED_THERE,
        /** Nothing is changed but the trading state of the account, which becomes reducing: people have to look. */
        ESCALATED;

        private final String text = name().toLowerCase(Locale.ROOT);

        /** As written in JSON and metrics. */
        public String text() {
            return text;
        }
    }

    public boolean isEscalated() {
        return rule == Rule.ESCALATED;
    }

    /** The same, left to people. */
    Mismatch escalated() {
        return new Mismatch(kind, Rule.ESCALATED, accountId, subject, ours, theirs);
    }
}
