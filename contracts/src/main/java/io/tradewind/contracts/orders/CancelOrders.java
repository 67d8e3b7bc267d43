package io.tradewind.contracts.orders;

import io.tradewind.contracts.state.Partitions;
import java.util.List;

/**
 * Command: cancel orders of one account.
 *
 * @param orderIds which; empty means every open one
 * @param actor who wants it
 */
public record CancelOrders(int partition, String accountId, List<String> orderIds, String actor, String correlationId) {

    public CancelOrders {
        Partitions.check(partition);
        orderIds = List.copyOf(orderIds);
    }
}
