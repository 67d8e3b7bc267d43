package io.tradewind.contracts.orders;

/**
 * Command: allow, reduce or halt trading.
 *
 * @param accountId of one account, or {@code null} for all
 * @param state the new state; {@code null} only asks
 */
public record SetTradingState(
        String accountId, TradingState state, boolean cancelOpen, String reason, String actor, String correlationId) {}
