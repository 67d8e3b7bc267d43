package io.tradewind.contracts.strategy;

import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What a strategy may do. Safe to call from the thread of the strategy only. */
public interface StrategyContext {

    /** Whom it trades for. */
    String accountId();

    /** Its parameters, defaults included. */
    Map<String, String> parameters();

    /** Milliseconds since the epoch, in the time of the feed. */
    long nowMs();

    /** Units held of an instrument, as far as stored; negative when short. */
    BigDecimal position(String symbol);

    /** Sends a market order down the normal order path. Completes with what became of it. */
    CompletionStage<PlaceResult> marketOrder(String symbol, Side side, BigDecimal qty, Priority priority);

    /** Sends a limit order down the normal order path. */
    CompletionStage<PlaceResult> limitOrder(
            String symbol, Side side, BigDecimal qty, BigDecimal limitPrice, Priority priority);

    /**
     * Says what the strategy thinks; stored in the {@code signal} domain and streamed.
     *
     * @param strength from −1 (sell) to 1 (buy)
     */
    void signal(String symbol, double strength, String reason);

    /** Throws when the call has overrun its deadline: to be called in long loops. */
    void checkCancelled();
}
