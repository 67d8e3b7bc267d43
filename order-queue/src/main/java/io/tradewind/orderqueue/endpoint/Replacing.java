package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.ReplaceOrderReply;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.DenialLog;
import io.tradewind.orderqueue.domain.Replacement;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.time.Clock;

/**
 * Answers replaces: has the desk decide, tells the broker and answers when that is durable, and looks up why an order
 * could not be replaced. An answer means that the replace holds, not that the broker has carried it out yet.
 *
 * <p>On the event loop of its {@link DeskDriver}; holds no state, so there is nothing to close. After a crash an order
 * that was to be replaced is found as {@code pending_replace}, and the broker is asked about it.
 */
final class Replacing {

    private final StateClient state;
    private final TradingStates tradingStates;
    private final BrokerLink brokerLink;
    private final DenialAudit denials;
    private final Clock clock;
    private final QueueMetrics metrics;

    Replacing(
            StateClient state,
            TradingStates tradingStates,
            BrokerLink brokerLink,
            DenialAudit denials,
            Clock clock,
            QueueMetrics metrics) {
        this.state = state;
        this.tradingStates = tradingStates;
        this.brokerLink = brokerLink;
        this.denials = denials;
        this.clock = clock;
        this.metrics = metrics;
    }

    void replace(LoadedDesk loaded, Message<ReplaceOrder> message) {
        ReplaceOrder command = message.body();
        Replacement decision = loaded.desk().replace(command, tradingStates.of(command.accountId()), clock.millis());
        if (decision instanceof Replacement.Taken taken) {
            take(loaded, message, taken);
        } else if (decision instanceof Replacement.Denied denied) {
            deny(message, denied.denial());
        } else if (decision instanceof Replacement.Known known) {
            loaded.durable(known.orderId())
                    .compose(v -> stored(command.accountId(), known.orderId()))
                    .onSuccess(order -> answerKnown(message, known.orderId(), order))
                    .onFailure(failure -> unknown(message, failure.getMessage()));
        } else {
            stored(command.accountId(), command.orderId())
                    .onSuccess(order -> deny(message, notOpen(command.orderId(), order != null)))
                    .onFailure(failure -> unknown(message, failure.getMessage()));
        }
    }

    private void take(LoadedDesk loaded, Message<ReplaceOrder> message, Replacement.Taken taken) {
        new Acknowledgment(loaded, taken.replacement().id()) {
            @Override
            void onDurable() {
                message.reply(new ReplaceOrderReply(new PlaceResult.Accepted(taken.json())));
                if (taken.atBroker() != null) {
                    brokerLink.replace(loaded, taken.atBroker(), taken.replacement());
                }
                brokerLink.dispatch(loaded);
            }

            @Override
            void onFailure(PlaceResult result) {
                if (result instanceof PlaceResult.Denied denied) {
                    deny(message, denied.denial());
                } else {
                    message.reply(new ReplaceOrderReply(result));
                }
            }
        }.write(taken.transaction());
        loaded.flush();
    }

    private void answerKnown(Message<ReplaceOrder> message, String orderId, Order order) {
        ReplaceOrder command = message.body();
        if (order != null && command.orderId().equals(order.links().replaces())) {
            message.reply(new ReplaceOrderReply(new PlaceResult.Existing(order.toJson())));
            return;
        }
        deny(
                message,
                Denial.of(
                        DenialCode.ORDER_DUPLICATE_ID,
                        "client_order_id '" + command.clientOrderId() + "' names order " + orderId + " already",
                        "client_order_id"));
    }

    private void deny(Message<ReplaceOrder> message, Denial denial) {
        ReplaceOrder command = message.body();
        metrics.denied(denial.code(), Priority.NORMAL);
        denials.denied(
                new DenialLog.Request(
                        DenialLog.Kind.REPLACE,
                        command.accountId(),
                        command.orderId(),
                        null,
                        command.source(),
                        command.correlationId()),
                denial);
        message.reply(new ReplaceOrderReply(new PlaceResult.Denied(denial)));
    }

    private static void unknown(Message<ReplaceOrder> message, String reason) {
        message.reply(new ReplaceOrderReply(new PlaceResult.Unknown(reason)));
    }

    /** The order as it is stored; {@code null} when it is not. */
    private Future<Order> stored(String accountId, String orderId) {
        return state.read(ReadEntities.one(new EntityKey(Domains.ORDER, accountId, orderId)))
                .map(page -> page.entities().isEmpty()
                        ? null
                        : Order.fromJson(page.entities().get(0).json()));
    }

    private static Denial notOpen(String orderId, boolean exists) {
        return exists
                ? Denial.of(DenialCode.ORDER_NOT_REPLACEABLE, "order " + orderId + " is over already", null)
                : Denial.of(DenialCode.ORDER_NOT_FOUND, "order not found for " + orderId, null);
    }
}
