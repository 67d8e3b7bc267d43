package io.tradewind.strategyexecutor.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.control.StrategyCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands for strategies off the bus and answers each one: with a document, with INVALID for what does not exist
 * or fit, with UNAVAILABLE when it cannot be done now. Belongs to the event loop it was opened on; closed by whoever
 * opened it.
 */
public final class StrategyCommands {

    private static final Logger LOG = LoggerFactory.getLogger(StrategyCommands.class);

    private final Vertx vertx;
    private final Function<StrategyCommand, Future<Json>> handler;
    private MessageConsumer<StrategyCommand> consumer;

    public StrategyCommands(Vertx vertx, Function<StrategyCommand, Future<Json>> handler) {
        this.vertx = vertx;
        this.handler = handler;
    }

    public Future<Void> open() {
        consumer = vertx.eventBus().consumer(Addresses.STRATEGIES_COMMAND);
        consumer.handler(this::onCommand);
        return consumer.completion();
    }

    public Future<Void> close() {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private void onCommand(Message<StrategyCommand> message) {
        Future<Json> answer;
        try {
            answer = handler.apply(message.body());
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.onSuccess(message::reply).onFailure(failure -> {
            ReplyException reply = asReply(message.body(), failure);
            message.fail(reply.failureCode(), reply.getMessage());
        });
    }

    private static ReplyException asReply(StrategyCommand command, Throwable failure) {
        if (failure instanceof ReplyException reply) {
            return reply;
        }
        if (failure instanceof IllegalArgumentException) {
            return Failure.INVALID.exception(failure.getMessage());
        }
        LOG.warn("{} of strategy {} failed", command.verb(), command.name(), failure);
        return Failure.INTERNAL.exception(command.verb() + " of strategy " + command.name() + " failed: " + failure);
    }
}
