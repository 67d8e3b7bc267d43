package io.tradewind.contracts.orders;

import java.util.Objects;

/** Answer to {@link ReplaceOrder}: the new order, or why there is none. */
public record ReplaceOrderReply(PlaceResult result) {

    public ReplaceOrderReply {
        Objects.requireNonNull(result, "result");
    }
}
