package io.tradewind.contracts.orders;

/**
 * Answer to {@link SetTradingState}.
 *
 * @param global the state that holds for every account
 * @param account the state of the account asked about; {@link TradingState#ACTIVE} when none was
 * @param canceling open orders that are being canceled
 * @param flattening accounts whose positions are being closed
 */
public record TradingStateReply(TradingState global, TradingState account, int canceling, int flattening) {}
