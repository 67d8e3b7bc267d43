package io.tradewind.contracts.orders;

import io.tradewind.contracts.state.Partitions;
import java.util.List;

/**
 * Event: orders, and replaces of orders, that were denied before they came to the order-queue, because they could not be
 * read or there was no room to wait. The order-queue records them beside those that it denies itself. Nobody waits for it; one that is lost is in
 * the metrics of its sender all the same.
 *
 * @param refusals of accounts of the partition
 */
public record OrdersRefused(int partition, List<Refusal> refusals) {

    /** What was asked for. */
    public enum Request {
        ORDER,
        REPLACE
    }

    /**
     * @param what the client order id of an order, as far as it could be read, or {@code null}; the id of the order that was
     *     to be replaced
     * @param actor who sent it
     */
    public record Refusal(
            Request request, String accountId, String what, Denial denial, String actor, String correlationId) {}

    public OrdersRefused {
        Partitions.check(partition);
        refusals = List.copyOf(refusals);
    }
}
