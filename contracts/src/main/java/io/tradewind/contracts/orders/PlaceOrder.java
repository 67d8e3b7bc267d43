package io.tradewind.contracts.orders;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * Command: what somebody wants bought or sold. Only its form is right so far; whether it is admitted, the order-queue
 * says.
 *
 * @param clientOrderId names the order for its sender: a retry with the same id and content is answered with the
 *     first order; the gateway makes one for a sender that gave none
 * @param qty how much, in units of the instrument; positive
 * @param limitPrice the worst price, for {@link OrderType#LIMIT} only
 * @param source who sent it: an API key id or a strategy
 * @param correlationId the request that it came with
 */
public record PlaceOrder(
        String accountId,
        String clientOrderId,
        String symbol,
        BigDecimal qty,
        Side side,
        OrderType type,
        TimeInForce timeInForce,
        BigDecimal limitPrice,
        Priority priority,
        String source,
        String correlationId) {

    /** Longest client order id, in characters. */
    public static final int MAX_CLIENT_ORDER_ID = 128;

    public PlaceOrder {
        Objects.requireNonNull(accountId, "accountId");
        Objects.requireNonNull(clientOrderId, "clientOrderId");
        Objects.requireNonNull(symbol, "symbol");
        Objects.requireNonNull(qty, "qty");
        Objects.requireNonNull(side, "side");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(timeInForce, "timeInForce");
        Objects.requireNonNull(priority, "priority");
        if ((type == OrderType.LIMIT) != (limitPrice != null)) {
            throw new IllegalArgumentException("limitPrice goes with limit orders, and only with them");
        }
    }
}
