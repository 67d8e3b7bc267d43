package io.tradewind.contracts.broker;

import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;

/**
 * An order that the broker works.
 *
 * @param orderId our id; the broker's own for an order that did not come from us
 * @param qty all of the order, in units
 * @param filledQty what of it is executed, with what had been executed when it was sent to the broker
 */
public record BrokerOpenOrder(
        String orderId, String accountId, String symbol, Side side, BigDecimal qty, BigDecimal filledQty) {}
