package io.tradewind.contracts.orders;

import io.tradewind.contracts.state.Partitions;
import java.util.Objects;

/**
 * Command: put another order in the place of one that is open. A repetition under the same client order id is answered
 * with the order that the first one made.
 *
 * @param clientOrderId names the new order
 * @param source who wants it: an API key id or a strategy
 */
public record ReplaceOrder(
        int partition,
        String accountId,
        String orderId,
        String clientOrderId,
        OrderEdit edit,
        String source,
        String correlationId) {

    public ReplaceOrder {
        Partitions.check(partition);
        Objects.requireNonNull(accountId, "accountId");
        Objects.requireNonNull(orderId, "orderId");
        Objects.requireNonNull(clientOrderId, "clientOrderId");
        Objects.requireNonNull(edit, "edit");
    }
}
