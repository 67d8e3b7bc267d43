package io.tradewind.contracts.orders;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * Command: what somebody wants bought or sold. Only its form is right so far; whether it is admitted, the order-queue
 * says.
 *
 * @param clientOrderId names the order for its sender: a retry with the same id and content is answered with the
 *     first order; the gateway makes one for a sender that gave none
 * @param terms with a quantity or a notional; with both once the order-queue has said what the notional comes to
 * @param source who sent it: an API key id or a strategy
 * @param correlationId the request that it came with
 */
public record PlaceOrder(
        String accountId, String clientOrderId, OrderTerms terms, String source, String correlationId) {

    /** Longest client order id, in characters. */
    public static final int MAX_CLIENT_ORDER_ID = 128;

    public PlaceOrder {
        Objects.requireNonNull(accountId, "accountId");
        Objects.requireNonNull(clientOrderId, "clientOrderId");
        Objects.requireNonNull(terms, "terms");
    }

    /** An order that stands alone, at the market or with a limit. */
    public PlaceOrder(
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
        this(
                accountId,
                clientOrderId,
                new OrderTerms(
                        symbol,
                        qty,
                        null,
                        side,
                        type,
                        timeInForce,
                        limitPrice,
                        null,
                        null,
                        null,
                        OrderExits.NONE,
                        priority),
                source,
                correlationId);
    }

    /** The same command on other terms. */
    public PlaceOrder withTerms(OrderTerms newTerms) {
        return new PlaceOrder(accountId, clientOrderId, newTerms, source, correlationId);
    }

    public String symbol() {
        return terms.symbol();
    }

    /** Units, or {@code null} when {@link OrderTerms#notional} says how much. */
    public BigDecimal qty() {
        return terms.qty();
    }

    public Side side() {
        return terms.side();
    }

    public OrderType type() {
        return terms.type();
    }

    public TimeInForce timeInForce() {
        return terms.timeInForce();
    }

    public BigDecimal limitPrice() {
        return terms.limitPrice();
    }

    public Priority priority() {
        return terms.priority();
    }
}
