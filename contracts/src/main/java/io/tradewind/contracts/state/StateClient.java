package io.tradewind.contracts.state;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * The state-store as other services see it. Every call is one request over the event bus with a deadline; a failed
 * future is a {@link io.vertx.core.eventbus.ReplyException}, which {@link io.tradewind.contracts.Failure} classifies:
 * after {@code UNKNOWN} a commit may or may not have happened, and sending it again with the same transaction ids is
 * safe. Futures complete on the caller context. Stateless, safe for any thread.
 */
public final class StateClient {

    private final EventBus bus;
    private final DeliveryOptions options;
    private final BooleanSupplier over;

    /** @param deadline longest wait for an answer; keep it above the append deadline of the state-store */
    public StateClient(EventBus bus, Duration deadline) {
        this(bus, deadline, () -> false);
    }

    /** @param over asked before each commit: whether another one writes in the place of this one, which writes no more */
    public StateClient(EventBus bus, Duration deadline, BooleanSupplier over) {
        this.bus = bus;
        this.options = new DeliveryOptions().setSendTimeout(deadline.toMillis());
        this.over = over;
    }

    public Future<CommitReply> commit(Commit command) {
        if (over.getAsBoolean()) {
            return Future.failedFuture(
                    Failure.UNAVAILABLE.exception("another one writes in the place of this one; nothing was done"));
        }
        return bus.<CommitReply>request(Addresses.stateCommit(command.partition()), command, options)
                .map(Message::body);
    }

    public Future<EntitiesPage> read(ReadEntities query) {
        return bus.<EntitiesPage>request(Addresses.stateRead(query.partition()), query, options)
                .map(Message::body);
    }

    /** One answer; it may say that there is more to look at. */
    public Future<HistoryPage> history(ReadHistory query) {
        return bus.<HistoryPage>request(Addresses.stateHistory(query.key().partition()), query, options)
                .map(Message::body);
    }

    /**
     * The newest {@code query.limit()} changes, or as many as there are, in as many requests as that takes.
     *
     * @param progress hears, between two requests, down to which version was looked
     */
    public Future<HistoryPage> historyInFull(ReadHistory query, LongConsumer progress) {
        return history(query).compose(page -> lookOn(query, page, progress));
    }

    private Future<HistoryPage> lookOn(ReadHistory query, HistoryPage soFar, LongConsumer progress) {
        int missing = query.limit() - soFar.changes().size();
        if (!soFar.hasMore() || missing <= 0) {
            return Future.succeededFuture(soFar);
        }
        progress.accept(soFar.lookedBackTo());
        ReadHistory rest = new ReadHistory(query.key(), soFar.lookedBackTo() - 1, missing, query.stateOnly());
        return history(rest).compose(page -> lookOn(query, soFar.then(page), progress));
    }

    /**
     * An entity as it was at a version of its partition, in as many requests as that takes: each one does a bounded
     * amount of work.
     *
     * @param version from 1
     * @param progress hears, between two requests, down to which version was looked
     */
    public Future<EntityAsOf> asOf(EntityKey key, long version, LongConsumer progress) {
        return historyInFull(ReadHistory.asOf(key, version), progress).map(page -> EntityAsOf.of(key, version, page));
    }

    public Future<LogPage> readLog(ReadLog query) {
        return bus.<LogPage>request(Addresses.stateLog(query.partition()), query, options)
                .map(Message::body);
    }
}
