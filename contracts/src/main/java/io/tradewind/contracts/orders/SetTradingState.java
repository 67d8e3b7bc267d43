package io.tradewind.contracts.orders;

/**
 * Command: allow, reduce or halt trading.
 *
 * @param accountId of one account, or {@code null} for all
 * @param state the new state; {@code null} only asks
 * @param cancelAll whether all open orders are canceled
 * @param flatten whether all open orders are canceled and all positions closed; not with {@link TradingState#ACTIVE}
 */
public record SetTradingState(
        String accountId,
        TradingState state,
        boolean cancelAll,
        boolean flatten,
        String reason,
        String actor,
        String correlationId) {}
