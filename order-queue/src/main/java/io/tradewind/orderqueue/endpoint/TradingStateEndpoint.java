package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.domain.KillOrder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes and tells trading states. That of an account is written and put in force by the worker that has the account, so
 * that it has one order with what that worker decides itself; the one that holds for all is written here, and put in force
 * by every worker before it is answered.
 *
 * <p>On the event loop of the order-queue; closed by {@link OrderEndpoint}. After a crash a desk reads them when it is
 * loaded.
 */
final class TradingStateEndpoint {

    private final Vertx vertx;
    private final Workers workers;
    private final TradingStateWriter writer;
    private final Supplier<String> ids;
    private MessageConsumer<SetTradingState> consumer;

    TradingStateEndpoint(Vertx vertx, Workers workers, TradingStateWriter writer, Supplier<String> ids) {
        this.vertx = vertx;
        this.workers = workers;
        this.writer = writer;
        this.ids = ids;
    }

    Future<Void> open() {
        consumer = vertx.eventBus().consumer(Addresses.ORDERS_TRADING_STATE, this::onTradingState);
        return consumer.completion();
    }

    Future<Void> close() {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private void onTradingState(Message<SetTradingState> message) {
        SetTradingState command = message.body();
        KillOrder order = command.cancelAll() || command.flatten() ? new KillOrder(ids.get(), command.flatten()) : null;
        String accountId = command.accountId();
        Future<TradingStateReply> reply;
        if (command.state() == null) {
            reply = everywhere(accountId, worker -> worker.tradingState(accountId));
        } else if (accountId == null) {
            reply = writer.store(
                            null, command.state(), order, command.reason(), command.actor(), command.correlationId())
                    .compose(
                            stored -> everywhere(null, worker -> worker.putTradingState(null, command.state(), order)));
        } else {
            reply = workers.askOwner(accountId, worker -> worker.setTradingState(command, order));
        }
        reply.onSuccess(message::reply)
                .onFailure(failure ->
                        message.fail(Failure.of(failure).code(), "trading state not stored: " + failure.getMessage()));
    }

    /** What all workers say together; one that is being replaced reads what is stored before it takes orders. */
    private Future<TradingStateReply> everywhere(String accountId, Function<Worker, TradingStateReply> question) {
        return workers.askAll(worker -> Future.succeededFuture(new Part(worker, question.apply(worker))))
                .compose(answers -> {
                    List<Part> parts = new ArrayList<>();
                    answers.stream().filter(Future::succeeded).forEach(answer -> parts.add(answer.result()));
                    return parts.isEmpty()
                            ? Future.failedFuture(Failure.UNKNOWN.exception("no worker answers now"))
                            : Future.succeededFuture(merged(accountId, parts));
                });
    }

    private record Part(Worker worker, TradingStateReply reply) {}

    private TradingStateReply merged(String accountId, List<Part> parts) {
        Worker owner = accountId == null ? null : workers.at(Partitions.of(accountId));
        TradingState global = TradingState.ACTIVE;
        TradingState own = TradingState.ACTIVE;
        int canceling = 0;
        int flattening = 0;
        for (Part part : parts) {
            // The strictest: one that has not read anything yet knows of no halt.
            global = part.reply().global().compareTo(global) > 0 ? part.reply().global() : global;
            own = part.worker() == owner ? part.reply().account() : own;
            canceling += part.reply().canceling();
            flattening += part.reply().flattening();
        }
        return new TradingStateReply(global, own, canceling, flattening);
    }
}
