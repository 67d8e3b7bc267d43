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
 * Stores trading states; when one is durable, whoever has asked puts it in force. One object per event loop; nothing to
 * close. After a crash a desk reads them when it is loaded.
 */
final class TradingStateWriter {

    private final StateClient state;
    private final Supplier<String> ids;
    private final Clock clock;

    TradingStateWriter(StateClient state, Supplier<String> ids, Clock clock) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * @param accountId {@code null} for the state that holds for all
     * @param order what is to be carried out with it, {@code null} for nothing
     */
    Future<Void> store(
            String accountId, TradingState next, KillOrder order, String reason, String actor, String correlationId) {
        EntityKey key = TradingStates.key(accountId);
        Mutation put = new Mutation(key, TradingStates.toJson(accountId, next, order, reason, actor, clock.millis()));
        Transaction tx = new Transaction(ids.get(), new Cause(correlationId, null, actor), List.of(put), List.of());
        return state.commit(new Commit(key.partition(), Durability.SETTLING, List.of(tx)))
                .compose(reply -> reply.allCommitted()
                        ? Future.succeededFuture()
                        : Future.failedFuture(Failure.INTERNAL.exception("turned away: " + reply.outcomes())));
    }
}
