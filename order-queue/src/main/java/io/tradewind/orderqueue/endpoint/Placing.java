package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.Admission;
import io.tradewind.orderqueue.domain.DenialLog;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the placing of orders: asks the desk whether each is admitted, answers when that is durable, and looks a
 * repetition up in the state-store. Every order of a message gets a result, also when deciding on another one threw.
 *
 * <p>On the event loop of its {@link DeskDriver}; holds nothing but messages that wait for their answers, so there is
 * nothing to close. After a crash a client that got no answer repeats the order under the same client order id.
 */
final class Placing {

    private static final Logger LOG = LoggerFactory.getLogger(Placing.class);

    private final int partition;
    private final StateClient state;
    private final TradingStates tradingStates;
    private final BrokerLink brokerLink;
    private final DenialAudit denials;
    private final Clock clock;
    private final QueueMetrics metrics;

    Placing(
            int partition,
            StateClient state,
            TradingStates tradingStates,
            BrokerLink brokerLink,
            DenialAudit denials,
            Clock clock,
            QueueMetrics metrics) {
        this.partition = partition;
        this.state = state;
        this.tradingStates = tradingStates;
        this.brokerLink = brokerLink;
        this.denials = denials;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Decides on all orders of a message, which is answered when the last decision is durable. */
    void place(LoadedDesk loaded, Message<PlaceOrders> message) {
        List<PlaceOrder> commands = message.body().orders();
        Batch batch = new Batch(loaded, message, commands.size());
        long now = clock.millis();
        for (int i = 0; i < commands.size(); i++) {
            try {
                place(batch, i, commands.get(i), now);
            } catch (RuntimeException bug) {
                LOG.error("partition {}: order {} could not be decided on", partition, commands.get(i), bug);
                batch.complete(i, new PlaceResult.Unknown("internal error: " + bug));
            }
        }
        loaded.flush();
    }

    private void place(Batch batch, int index, PlaceOrder command, long now) {
        LoadedDesk loaded = batch.loaded;
        loaded.openAccount(command.accountId(), now);
        Admission admission =
                loaded.desk().place(command, tradingStates.of(command.accountId()), loaded.mayDispatch(), now);
        if (admission instanceof Admission.Admitted admitted) {
            accept(batch, index, admitted);
        } else if (admission instanceof Admission.Denied denied) {
            batch.complete(index, denied(command, denied.denial()));
        } else if (admission instanceof Admission.Known known) {
            loaded.durable(known.orderId())
                    .compose(v -> existing(batch.loaded, command, known.orderId()))
                    .otherwise(failure -> new PlaceResult.Unknown(String.valueOf(failure.getMessage())))
                    .onSuccess(result -> batch.complete(index, result));
        }
    }

    /** Every denial is counted by its reason, and recorded. */
    private PlaceResult denied(PlaceOrder command, Denial denial) {
        metrics.denied(denial.code(), command.priority());
        denials.denied(
                new DenialLog.Request(
                        DenialLog.Kind.ORDER,
                        command.accountId(),
                        command.clientOrderId(),
                        command.terms(),
                        command.source(),
                        command.correlationId()),
                denial);
        return new PlaceResult.Denied(denial);
    }

    private void accept(Batch batch, int index, Admission.Admitted admitted) {
        LoadedDesk loaded = batch.loaded;
        Order order = admitted.order();
        new Acknowledgment(loaded, order.id()) {
            @Override
            void onDurable() {
                metrics.accepted();
                if (!loaded.isDiscarded() && admitted.leaves()) {
                    brokerLink.send(loaded, order);
                } else if (!loaded.isDiscarded()) {
                    loaded.desk().enqueue(order, clock.millis());
                    batch.dispatchAfter = true;
                }
                batch.complete(index, new PlaceResult.Accepted(admitted.json()));
            }

            @Override
            void onFailure(PlaceResult result) {
                batch.complete(index, result);
            }
        }.write(admitted.transaction());
    }

    /** The order that holds a client order id: the answer to a repetition, or the reason to turn another one away. */
    private Future<PlaceResult> existing(LoadedDesk loaded, PlaceOrder command, String orderId) {
        EntityKey key = new EntityKey(Domains.ORDER, command.accountId(), orderId);
        return state.read(ReadEntities.one(key)).map(page -> {
            if (page.entities().isEmpty()
                    && (page.stale() || loaded.isDiscarded() || loaded.desk().isOpen(orderId))) {
                return new PlaceResult.Unknown("order " + orderId + " is not stored yet");
            }
            if (page.entities().isEmpty()) {
                // Closed so long ago that only the database has it. Its name is taken, and nothing is done twice.
                return denied(
                        command,
                        Denial.of(
                                DenialCode.ORDER_DUPLICATE_ID,
                                "client_order_id '" + command.clientOrderId() + "' names order " + orderId
                                        + " already, which was closed long ago",
                                "client_order_id"));
            }
            Json json = page.entities().get(0).json();
            if (Order.fromJson(json).isFor(command)) {
                return new PlaceResult.Existing(json);
            }
            return denied(
                    command,
                    Denial.of(
                            DenialCode.ORDER_DUPLICATE_ID,
                            "client_order_id '" + command.clientOrderId() + "' names order " + orderId
                                    + " already, which is a different one",
                            "client_order_id"));
        });
    }

    /** The answers to one message, sent when the last of them is there. */
    private final class Batch {
        private final LoadedDesk loaded;
        private final Message<PlaceOrders> message;
        private final PlaceResult[] results;
        private int open;
        /** Whether orders of it were queued. They are dispatched after the answer, which is what a client waits for. */
        private boolean dispatchAfter;

        Batch(LoadedDesk loaded, Message<PlaceOrders> message, int size) {
            this.loaded = loaded;
            this.message = message;
            this.results = new PlaceResult[size];
            this.open = size;
        }

        void complete(int index, PlaceResult result) {
            results[index] = result;
            if (--open == 0) {
                message.reply(new PlaceOrdersReply(List.of(results)));
                if (dispatchAfter) {
                    brokerLink.dispatch(loaded);
                }
            }
        }
    }
}
