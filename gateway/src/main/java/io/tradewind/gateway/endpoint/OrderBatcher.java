package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.gateway.GatewayMeters;
import io.vertx.core.Context;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes orders on to the order-queue, many in one message: what arrives within one turn of the event loop for one
 * partition goes together, so the cost of a message is shared by all of them and no order waits for a timer. One per
 * HTTP instance, on its event loop. What waits here is gone when the process dies: nobody was told that it was taken.
 */
final class OrderBatcher {

    /** Who wants to know what became of an order. Called on the event loop. */
    interface Waiting {

        PlaceOrder order();

        void placed(PlaceResult result);

        void failed(Throwable failure);
    }

    private static final Logger LOG = LoggerFactory.getLogger(OrderBatcher.class);

    private final Context context;
    private final EventBus bus;
    private final DeliveryOptions options;
    private final int maxBatch;
    private final GatewayMeters meters;
    private final List<List<Waiting>> byPartition = new ArrayList<>(Partitions.COUNT);
    private boolean scheduled;

    OrderBatcher(Context context, Duration deadline, int maxBatch, GatewayMeters meters) {
        this.context = context;
        this.bus = context.owner().eventBus();
        this.options = new DeliveryOptions().setSendTimeout(deadline.toMillis());
        this.maxBatch = maxBatch;
        this.meters = meters;
        for (int p = 0; p < Partitions.COUNT; p++) {
            byPartition.add(new ArrayList<>());
        }
    }

    void add(int partition, Waiting waiting) {
        byPartition.get(partition).add(waiting);
        if (!scheduled) {
            scheduled = true;
            context.runOnContext(turn -> flush());
        }
    }

    private void flush() {
        scheduled = false;
        for (int p = 0; p < Partitions.COUNT; p++) {
            List<Waiting> waiting = byPartition.get(p);
            if (!waiting.isEmpty()) {
                byPartition.set(p, new ArrayList<>());
                for (int from = 0; from < waiting.size(); from += maxBatch) {
                    send(p, waiting.subList(from, Math.min(waiting.size(), from + maxBatch)));
                }
            }
        }
    }

    private void send(int partition, List<Waiting> batch) {
        List<PlaceOrder> orders = new ArrayList<>(batch.size());
        batch.forEach(waiting -> orders.add(waiting.order()));
        meters.batch();
        bus.<PlaceOrdersReply>request(Addresses.ordersPlace(partition), new PlaceOrders(partition, orders), options)
                .map(Message::body)
                .onSuccess(reply -> placed(batch, reply.results()))
                .onFailure(failure -> failed(batch, failure));
    }

    private static void placed(List<Waiting> batch, List<PlaceResult> results) {
        if (results.size() != batch.size()) {
            failed(batch, Failure.INTERNAL.exception(results.size() + " results for " + batch.size() + " orders"));
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            batch.get(i).placed(results.get(i));
        }
    }

    private static void failed(List<Waiting> batch, Throwable failure) {
        // Once for all of them: when a service is away, every order would say the same.
        LOG.warn("{} orders passed on without a result: {}", batch.size(), failure.toString());
        batch.forEach(waiting -> waiting.failed(failure));
    }
}
