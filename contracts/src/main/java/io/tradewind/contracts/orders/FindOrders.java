package io.tradewind.contracts.orders;

import io.tradewind.contracts.state.Partitions;

/**
 * Query: ids of orders that only the order-queue has an index for. The orders themselves are read from the state-store.
 *
 * @param clientOrderId the order of this client order id; {@code null}: every open order, newest first
 */
public record FindOrders(int partition, String accountId, String clientOrderId) {

    public FindOrders {
        Partitions.check(partition);
    }
}
