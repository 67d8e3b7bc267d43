package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.KillOrder;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * Changes trading states: durable first, then in force. On the event loop of the order-queue; nothing to close. After a
 * crash a desk reads them when it is loaded.
 */
final class TradingStateWriter {

    private final StateClient state;
    private final TradingStates tradingStates;
    private final Supplier<String> ids;
    private final Clock clock;

    TradingStateWriter(StateClient state, TradingStates tradingStates, Supplier<String> ids, Clock clock) {
        this.state = state;
        this.tradingStates = tradingStates;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * @param accountId {@code null} for the state that holds for all
     * @param order what is to be carried out with it, {@code null} for nothing
     */
    Future<Void> set(
            String accountId, TradingState next, KillOrder order, String reason, String actor, String correlationId) {
        EntityKey key = TradingStates.key(accountId);
        Mutation put = new Mutation(key, TradingStates.toJson(accountId, next, order, reason, actor, clock.millis()));
        Transaction tx = new Transaction(ids.get(), new Cause(correlationId, null, actor), List.of(put), List.of());
        return state.commit(new Commit(key.partition(), Durability.SETTLING, List.of(tx)))
                .compose(reply -> {
                    if (!reply.allCommitted()) {
                        return Future.failedFuture(Failure.INTERNAL.exception("turned away: " + reply.outcomes()));
                    }
                    tradingStates.put(key, next, order);
                    return Future.succeededFuture();
                });
    }

    /** Sets the state of an account unless its own is as strict already. */
    Future<Void> tighten(String accountId, TradingState next, String reason, String actor) {
        return tradingStates.own(accountId).compareTo(next) >= 0
                ? Future.succeededFuture()
                : set(accountId, next, tradingStates.ownOrder(accountId), reason, actor, ids.get());
    }
}
