package io.tradewind.orderqueue.endpoint;

import static io.tradewind.orderqueue.endpoint.LoadedDesk.MAX_PER_TRANSACTION;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.ClosePositions;
import io.tradewind.contracts.orders.ClosePositionsReply;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.state.Cause;
import io.tradewind.orderqueue.domain.Admission;
import io.tradewind.orderqueue.domain.CancelDecision;
import io.tradewind.orderqueue.domain.Liquidation;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Closes positions: answers those who ask for it, and places the orders of the {@link KillSwitch}. On the event loop of
 * its {@link DeskDriver}; nothing to close. After a crash an order that was answered is there; a client without an
 * answer looks at its positions before it asks again.
 */
final class Closing {

    /** How long closing waits for the cancels before it; what is not over by then keeps its units. */
    private static final long CANCEL_LIMIT_MS = 5_000;

    private static final long LOOK_AGAIN_MS = 10;

    private final Vertx vertx;
    private final BrokerLink link;
    private final TradingStates tradingStates;
    private final Clock clock;
    private final QueueMetrics metrics;

    Closing(Vertx vertx, BrokerLink link, TradingStates tradingStates, Clock clock, QueueMetrics metrics) {
        this.vertx = vertx;
        this.link = link;
        this.tradingStates = tradingStates;
        this.clock = clock;
        this.metrics = metrics;
    }

    void close(LoadedDesk loaded, Message<ClosePositions> message) {
        ClosePositions command = message.body();
        if (!loaded.desk().accountIds().contains(command.accountId())) {
            message.reply(new ClosePositionsReply(List.of()));
            return;
        }
        Future<Void> canceled = Future.succeededFuture();
        if (command.cancelOrders()) {
            Cause cause = new Cause(command.correlationId(), null, command.actor());
            cancel(loaded, command.accountId(), loaded.desk().openOrderIds(command.accountId()), cause);
            canceled = untilOver(loaded, command.accountId(), clock.millis() + CANCEL_LIMIT_MS);
        }
        canceled.onSuccess(v -> {
            if (loaded.isDiscarded()) {
                message.fail(Failure.UNAVAILABLE.code(), "the partition is loading; no position was closed");
                return;
            }
            Liquidation positions = new Liquidation(loaded.desk(), command.accountId());
            List<String> symbols = command.symbol() == null
                    ? positions.held()
                    : positions.held().stream().filter(command.symbol()::equals).toList();
            List<Future<ClosePositionsReply.Result>> results = new ArrayList<>();
            for (String symbol : symbols) {
                results.add(close(loaded, positions, symbol, command)
                        .map(result -> new ClosePositionsReply.Result(symbol, result)));
            }
            loaded.flush();
            Future.all(results).onSuccess(all -> message.reply(new ClosePositionsReply(all.list())));
        });
    }

    private Future<PlaceResult> close(LoadedDesk loaded, Liquidation positions, String symbol, ClosePositions command) {
        if (tradingStates.isFlattening(command.accountId())) {
            return denied(DenialCode.RISK_TRADING_HALTED, "all positions of the account are being closed already");
        }
        BigDecimal qty = command.qty() != null
                ? command.qty()
                : command.percentage() != null ? positions.part(symbol, command.percentage()) : positions.size(symbol);
        BigDecimal available = positions.available(symbol);
        if (qty.signum() <= 0) {
            return denied(DenialCode.ORDER_QTY_INVALID, "that part of the position comes to nothing");
        }
        if (qty.compareTo(available) > 0) {
            return denied(
                    DenialCode.RISK_POSITION,
                    "insufficient qty available for order (requested: " + qty.toPlainString() + ", available: "
                            + available.toPlainString() + ")");
        }
        PlaceOrder order = positions.order(symbol, qty, UUID.randomUUID().toString(), command.correlationId());
        return place(loaded, order);
    }

    private static Future<PlaceResult> denied(DenialCode code, String message) {
        return Future.succeededFuture(new PlaceResult.Denied(Denial.of(code, message, "qty")));
    }

    /** Places an order that closes a position; {@link LoadedDesk#flush} is left to the caller. Never fails. */
    Future<PlaceResult> place(LoadedDesk loaded, PlaceOrder command) {
        Admission.Admitted admitted = loaded.desk().placeClosing(command, clock.millis());
        Promise<PlaceResult> result = Promise.promise();
        new Acknowledgment(loaded, admitted.order().id()) {
            @Override
            void onDurable() {
                metrics.accepted();
                if (!loaded.isDiscarded()) {
                    loaded.desk().enqueue(admitted.order(), clock.millis());
                    link.dispatch(loaded);
                }
                result.complete(new PlaceResult.Accepted(admitted.json()));
            }

            @Override
            void onFailure(PlaceResult notDone) {
                result.complete(notDone);
            }
        }.write(admitted.transaction());
        return result.future();
    }

    /** Cancels open orders, and tells the broker when that is durable. */
    void cancel(LoadedDesk loaded, String accountId, List<String> ids, Cause cause) {
        for (int from = 0; from < ids.size(); from += MAX_PER_TRANSACTION) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + MAX_PER_TRANSACTION));
            CancelDecision decision = loaded.desk().cancel(accountId, some, cause, clock.millis());
            if (decision.transaction() == null) {
                link.cancel(loaded, decision.atBroker());
            } else {
                loaded.write(decision.transaction(), () -> link.cancel(loaded, decision.atBroker()), failure -> {});
            }
        }
        loaded.flush();
    }

    private Future<Void> untilOver(LoadedDesk loaded, String accountId, long deadlineMs) {
        if (loaded.isDiscarded() || loaded.desk().openOrderIds(accountId).isEmpty() || clock.millis() > deadlineMs) {
            return Future.succeededFuture();
        }
        Promise<Void> later = Promise.promise();
        vertx.setTimer(LOOK_AGAIN_MS, id -> later.complete());
        return later.future().compose(v -> untilOver(loaded, accountId, deadlineMs));
    }
}
