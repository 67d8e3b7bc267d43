package io.tradewind.orderqueue.endpoint;

import static io.tradewind.orderqueue.endpoint.LoadedDesk.MAX_PER_TRANSACTION;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.CancelOrdersReply;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.CancelDecision;
import io.tradewind.orderqueue.domain.DenialLog;
import io.tradewind.orderqueue.domain.Risk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers cancels: has the desk decide, tells the broker and answers when that is durable, and looks up why an order
 * could not be canceled. An answer means that the cancel holds, not that the broker has carried it out yet.
 *
 * <p>On the event loop of its {@link DeskDriver}; holds no state, so there is nothing to close. After a crash an order
 * that was to be canceled is found as {@code pending_cancel}, and the broker is asked again.
 */
final class Canceling {

    private final StateClient state;
    private final Risk risk;
    private final BrokerLink brokerLink;
    private final DenialAudit denials;
    private final Clock clock;
    private final QueueMetrics metrics;

    Canceling(
            StateClient state,
            Risk risk,
            BrokerLink brokerLink,
            DenialAudit denials,
            Clock clock,
            QueueMetrics metrics) {
        this.state = state;
        this.risk = risk;
        this.brokerLink = brokerLink;
        this.denials = denials;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Cancels the orders of a message, or all open ones of its account when it names none. */
    void cancel(LoadedDesk loaded, Message<CancelOrders> message) {
        CancelOrders command = message.body();
        Denial tooMany = tooMany(command);
        if (tooMany != null) {
            message.reply(new CancelOrdersReply(command.orderIds().stream()
                    .map(id -> new CancelOrdersReply.Result(id, tooMany))
                    .toList()));
            return;
        }
        List<String> ids =
                command.orderIds().isEmpty() ? loaded.desk().openOrderIds(command.accountId()) : command.orderIds();
        List<Future<List<CancelOrdersReply.Result>>> parts = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += MAX_PER_TRANSACTION) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + MAX_PER_TRANSACTION));
            parts.add(cancel(loaded, command, some));
        }
        loaded.flush();
        Future.join(parts)
                .onSuccess(done -> message.reply(new CancelOrdersReply(
                        parts.stream().flatMap(part -> part.result().stream()).toList())))
                .onFailure(failure -> {
                    // Of several parts another one may be durable; to ask for the same cancels again does no harm.
                    Failure known = parts.size() == 1 ? Failure.of(failure) : Failure.UNKNOWN;
                    message.fail(known.code(), "the cancel was not acknowledged: " + failure.getMessage());
                });
    }

    /** Orders that are named count; to cancel everything is always allowed. */
    private Denial tooMany(CancelOrders command) {
        int cancels = command.orderIds().size();
        Denial denial = cancels == 0 ? null : risk.cancelRate(command.accountId(), cancels, clock.millis());
        if (denial != null) {
            metrics.cancelsDenied(denial.code(), cancels);
            denials.denied(
                    new DenialLog.Request(
                            DenialLog.Kind.CANCEL,
                            command.accountId(),
                            command.orderIds().get(0),
                            null,
                            command.actor(),
                            command.correlationId()),
                    denial);
        }
        return denial;
    }

    private Future<List<CancelOrdersReply.Result>> cancel(LoadedDesk loaded, CancelOrders command, List<String> ids) {
        Cause cause = new Cause(command.correlationId(), null, command.actor());
        CancelDecision decision = loaded.desk().cancel(command.accountId(), ids, cause, clock.millis());
        Promise<Void> durable = Promise.promise();
        if (decision.transaction() == null) {
            durable.complete();
        } else {
            // At once: what is decided on the same orders after this must come after it in the log.
            loaded.write(
                    decision.transaction(),
                    durable::complete,
                    failure -> durable.fail(failure.exception("the log did not take it")));
        }
        return durable.future()
                .onSuccess(v -> brokerLink.cancel(loaded, decision.atBroker()))
                .compose(v -> stored(command.accountId(), decision.notOpen()))
                .map(stored -> results(ids, Set.copyOf(decision.taken()), stored));
    }

    private static List<CancelOrdersReply.Result> results(List<String> ids, Set<String> taken, Set<String> stored) {
        return ids.stream()
                .map(id -> new CancelOrdersReply.Result(
                        id, taken.contains(id) ? null : notCanceled(id, stored.contains(id))))
                .toList();
    }

    /** Which of these orders, none of them open, are over, and not just unknown. */
    private Future<Set<String>> stored(String accountId, List<String> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture(Set.of())
                : state.read(ReadEntities.byIds(Domains.ORDER, accountId, ids))
                        .map(page -> page.entities().stream()
                                .map(entity -> entity.key().id())
                                .collect(Collectors.toSet()))
                        .recover(failure ->
                                Future.failedFuture(Failure.UNKNOWN.exception("the orders could not be read")));
    }

    private static Denial notCanceled(String id, boolean exists) {
        return exists
                ? Denial.of(DenialCode.ORDER_NOT_CANCELABLE, "order " + id + " is over already", null)
                : Denial.of(DenialCode.ORDER_NOT_FOUND, "order not found for " + id, null);
    }
}
