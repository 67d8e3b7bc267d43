package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.market.MarketHours;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores when the venue trades, for whoever shows it. Written when it differs from what is stored; the last order-queue
 * to start is right. On the event loop of the verticle; nothing to close.
 */
public final class VenueHours {

    private static final Logger LOG = LoggerFactory.getLogger(VenueHours.class);

    private final StateClient state;
    private final Supplier<String> ids;
    private final Clock clock;

    public VenueHours(StateClient state, Supplier<String> ids, Clock clock) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
    }

    /** Never fails: nothing but the clock on a screen depends on it, and the next start stores it. */
    public Future<Void> store(MarketHours hours) {
        return state.read(ReadEntities.one(MarketHours.KEY))
                .compose(page -> isStored(hours, page.entities()) ? Future.<Void>succeededFuture() : write(hours))
                .recover(failure -> {
                    LOG.warn("the hours of the market were not stored, clients see those of before", failure);
                    return Future.succeededFuture();
                });
    }

    private static boolean isStored(MarketHours hours, List<Entity> stored) {
        return !stored.isEmpty()
                && MarketHours.fromJson(stored.get(0).json()).toJson(0).equals(hours.toJson(0));
    }

    private Future<Void> write(MarketHours hours) {
        Transaction tx = new Transaction(
                ids.get(),
                new Cause(MarketHours.KEY.id(), null, "order-queue"),
                List.of(new Mutation(MarketHours.KEY, hours.toJson(clock.millis()))),
                List.of());
        return state.commit(new Commit(MarketHours.KEY.partition(), Durability.SETTLING, List.of(tx)))
                .compose(reply -> reply.allCommitted()
                        ? Future.succeededFuture()
                        : Future.failedFuture("turned away: " + reply.outcomes()));
    }
}
