package io.tradewind.contracts.orders;

import java.util.List;

/** Answer to {@link FindOrders}. */
public record FoundOrders(List<String> orderIds) {

    public FoundOrders {
        orderIds = List.copyOf(orderIds);
    }
}
