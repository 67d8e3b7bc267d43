package io.tradewind.contracts.orders;

import io.tradewind.contracts.state.Partitions;
import java.math.BigDecimal;

/**
 * Command: close positions of an account by market orders, also while trading is reducing or halted. Never sells more
 * than is held, nor buys back more than is owed, with what open orders may still do counted in.
 *
 * @param symbol which; {@code null} for every position
 * @param qty how many units of it; {@code null} for all
 * @param percentage how much of it, above 0 and at most 100; {@code null} for all
 * @param cancelOrders whether all open orders of the account are canceled first
 */
public record ClosePositions(
        int partition,
        String accountId,
        String symbol,
        BigDecimal qty,
        BigDecimal percentage,
        boolean cancelOrders,
        String actor,
        String correlationId) {

    public ClosePositions {
        Partitions.check(partition);
        if (qty != null && percentage != null) {
            throw new IllegalArgumentException("qty and percentage exclude each other");
        }
    }
}
