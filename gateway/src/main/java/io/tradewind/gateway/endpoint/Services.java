package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.contracts.state.StateReader;
import io.tradewind.contracts.state.SyncCommand;
import io.tradewind.gateway.GatewayConfig;
import io.tradewind.gateway.domain.ApiError;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other services, and says their failures in words for callers of the API. On the event loop of its instance. */
final class Services {

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final EventBus bus;
    private final StateClient state;
    private final StateReader reader;
    private final DeliveryOptions query;
    private final DeliveryOptions command;
    private final DeliveryOptions operator;

    Services(EventBus bus, StateClient state, GatewayConfig config) {
        this.bus = bus;
        this.state = state;
        this.reader = new StateReader(
                state, config.maxRememberedAnswers(), config.maxRememberedSize().bytes());
        this.query = within(config.queryDeadline());
        this.command = within(config.commandDeadline());
        this.operator = within(config.operatorDeadline());
    }

    private static DeliveryOptions within(Duration deadline) {
        return new DeliveryOptions().setSendTimeout(deadline.toMillis());
    }

    /** State; the last known, marked stale, while its owner cannot be reached. */
    Future<EntitiesPage> read(ReadEntities what) {
        return reader.read(what).recover(failure -> fail(ofRead(failure, "the state-store")));
    }

    /** One step back through the changes of an entity. */
    Future<HistoryPage> history(ReadHistory what) {
        return state.history(what).recover(failure -> fail(ofRead(failure, "the state-store")));
    }

    /** Asks for something; can be repeated without harm. */
    <T> Future<T> query(String address, Object message, String service) {
        return bus.<T>request(address, message, query)
                .map(Message::body)
                .recover(failure -> fail(ofRead(failure, service)));
    }

    /**
     * Has something done.
     *
     * @param howToAsk a sentence that says how the caller finds out when the outcome is unknown
     */
    <T> Future<T> command(String address, Object message, String service, String howToAsk) {
        return bus.<T>request(address, message, command).map(Message::body).recover(failure -> {
            LOG.warn("{} did not confirm a command: {}", service, failure.toString());
            return fail(ApiError.ofCommand(Failure.of(failure), service, howToAsk, detail(failure)));
        });
    }

    /** Has the owner of a partition do something for an operator; it may take long, and be repeated without harm. */
    Future<Json> operate(StateCommand what) {
        return bus.<Json>request(Addresses.stateCommand(what.partition()), what, operator)
                .map(Message::body)
                .recover(failure -> fail(ofRead(failure, "the owner of partition " + what.partition())));
    }

    /** Has db-sync do something for an operator; it may take long, and be repeated without harm. */
    Future<Json> operate(SyncCommand what) {
        return bus.<Json>request(Addresses.SYNC_COMMAND, what, operator)
                .map(Message::body)
                .recover(failure -> fail(ofRead(failure, "db-sync")));
    }

    /** Has a service do something for an operator; it may take long, and be repeated without harm. */
    Future<Json> operate(String address, Object message, String service) {
        return bus.<Json>request(address, message, operator)
                .map(Message::body)
                .recover(failure -> fail(ofRead(failure, service)));
    }

    private static ApiError ofRead(Throwable failure, String service) {
        Failure kind = Failure.of(failure);
        if (kind == Failure.INTERNAL) {
            LOG.warn("{} failed to answer a query: {}", service, failure.toString());
        }
        return ApiError.ofRead(kind, service, detail(failure));
    }

    /** What the service itself said, or {@code null} when it said nothing. */
    private static String detail(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                ? reply.getMessage()
                : null;
    }

    private static <T> Future<T> fail(ApiError error) {
        return Future.failedFuture(error.exception());
    }
}
