package io.tradewind.contracts.broker;

import java.math.BigDecimal;

/**
 * What a broker says about an order.
 *
 * @param executionId unique at the broker: a report with an id seen before is a repetition
 * @param accountId whose order it is
 * @param qty units of this fill; {@code null} unless {@link Kind#FILL}
 * @param price price of this fill, or the best price of {@link Kind#TRAILED}; {@code null} for others
 * @param fee what this fill cost, in account currency; {@code null} unless {@link Kind#FILL}
 * @param reason why it was rejected, canceled, expired or replaced; {@code null} otherwise
 * @param timeMs when it happened at the broker, milliseconds since the epoch
 */
public record ExecutionReport(
        String executionId,
        String orderId,
        String accountId,
        Kind kind,
        BigDecimal qty,
        BigDecimal price,
        BigDecimal fee,
        String reason,
        long timeMs) {

    public enum Kind {
        /** The order is working. */
        NEW,
        /** A part or the rest of it was executed. */
        FILL,
        CANCELED,
        /** The cancel came too late or the order is not known; it stays as it is. */
        CANCEL_REJECTED,
        EXPIRED,
        REJECTED,
        /** It has ended in favour of the order that replaces it. */
        REPLACED,
        /** The market has reached its stop price: it works as {@code Order.workingType} from now on. */
        TRIGGERED,
        /** {@code price} is the best that a trailing stop has seen so far. */
        TRAILED
    }
}
