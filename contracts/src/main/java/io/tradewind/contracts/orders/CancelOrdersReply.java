package io.tradewind.contracts.orders;

import java.util.List;

/** Answer to {@link CancelOrders}: a result per order, in the order asked for. */
public record CancelOrdersReply(List<Result> results) {

    public CancelOrdersReply {
        results = List.copyOf(results);
    }

    /** @param denial {@code null} when the cancel is durable: done already, or on its way to the broker */
    public record Result(String orderId, Denial denial) {}
}
