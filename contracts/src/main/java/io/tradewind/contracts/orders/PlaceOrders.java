package io.tradewind.contracts.orders;

import io.tradewind.contracts.state.Partitions;
import java.util.List;

/** Command: orders for accounts of one partition, in the order in which they came in. */
public record PlaceOrders(int partition, List<PlaceOrder> orders) {

    /** Orders in one command. */
    public static final int MAX_ORDERS = 2048;

    public PlaceOrders {
        Partitions.check(partition);
        orders = List.copyOf(orders);
        if (orders.isEmpty() || orders.size() > MAX_ORDERS) {
            throw new IllegalArgumentException(orders.size() + " orders: must be within 1.." + MAX_ORDERS);
        }
    }
}
