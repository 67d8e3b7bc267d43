package io.tradewind.contracts.state;

import io.tradewind.contracts.Addresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;

/**
 * The state-store as other services see it. Every call is one request over the event bus with a deadline; a failed
 * future is a {@link io.vertx.core.eventbus.ReplyException}, which {@link io.tradewind.contracts.Failure} classifies:
 * after {@code UNKNOWN} a commit may or may not have happened, and sending it again with the same transaction ids is
 * safe. Futures complete on the caller context. Stateless, safe for any thread.
 */
public final class StateClient {

    private final EventBus bus;
    private final DeliveryOptions options;

    /** @param deadline longest wait for an answer; keep it above the append deadline of the state-store */
    public StateClient(EventBus bus, Duration deadline) {
        this.bus = bus;
        this.options = new DeliveryOptions().setSendTimeout(deadline.toMillis());
    }

    public Future<CommitReply> commit(Commit command) {
        return bus.<CommitReply>request(Addresses.stateCommit(command.partition()), command, options)
                .map(Message::body);
    }

    public Future<EntitiesPage> read(ReadEntities query) {
        return bus.<EntitiesPage>request(Addresses.stateRead(query.partition()), query, options)
                .map(Message::body);
    }

    public Future<LogPage> readLog(ReadLog query) {
        return bus.<LogPage>request(Addresses.stateLog(query.partition()), query, options)
                .map(Message::body);
    }
}
