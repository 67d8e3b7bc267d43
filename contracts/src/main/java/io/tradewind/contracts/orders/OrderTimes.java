package io.tradewind.contracts.orders;

/**
 * When what happened to an order; milliseconds since the epoch, 0 for "not yet".
 *
 * @param failedAtMs when the broker rejected it
 * @param triggeredAtMs when the market reached its stop price: it works as its {@link Order#workingType} since then
 */
public record OrderTimes(
        long createdAtMs,
        long updatedAtMs,
        long submittedAtMs,
        long filledAtMs,
        long canceledAtMs,
        long expiredAtMs,
        long failedAtMs,
        long replacedAtMs,
        long triggeredAtMs) {

    static OrderTimes createdAt(long ms) {
        return new OrderTimes(ms, ms, ms, 0, 0, 0, 0, 0, 0);
    }

    /** The time that goes with {@code status} is now, and so is that of the last change. */
    OrderTimes changed(OrderStatus status, long nowMs) {
        return new OrderTimes(
                createdAtMs,
                nowMs,
                submittedAtMs,
                status == OrderStatus.FILLED ? nowMs : filledAtMs,
                status == OrderStatus.CANCELED ? nowMs : canceledAtMs,
                status == OrderStatus.EXPIRED ? nowMs : expiredAtMs,
                status == OrderStatus.REJECTED ? nowMs : failedAtMs,
                status == OrderStatus.REPLACED ? nowMs : replacedAtMs,
                triggeredAtMs);
    }

    OrderTimes triggered(long nowMs) {
        return new OrderTimes(
                createdAtMs,
                nowMs,
                submittedAtMs,
                filledAtMs,
                canceledAtMs,
                expiredAtMs,
                failedAtMs,
                replacedAtMs,
                nowMs);
    }
}
