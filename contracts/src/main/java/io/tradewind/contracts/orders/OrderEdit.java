package io.tradewind.contracts.orders;

import java.math.BigDecimal;

/**
 * What is to be different about an order; {@code null} leaves a field as it is.
 *
 * @param qty the whole quantity, with what is filled of it already
 * @param trail how far the stop price follows the market: in money or percent, whichever the order has
 */
public record OrderEdit(
        BigDecimal qty, TimeInForce timeInForce, BigDecimal limitPrice, BigDecimal stopPrice, BigDecimal trail) {}
