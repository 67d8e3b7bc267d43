package io.tradewind.contracts.orders;

import java.util.List;

/** Answer to {@link PlaceOrders}: one result per order, in order. */
public record PlaceOrdersReply(List<PlaceResult> results) {

    public PlaceOrdersReply {
        results = List.copyOf(results);
    }
}
