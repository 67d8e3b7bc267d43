package io.tradewind.strategyexecutor.orders;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.state.Partitions;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.List;

/**
 * Sends the orders of strategies down the same path as everyone's: to the order-queue that owns the account. Every
 * outcome is a {@link PlaceResult}; one that is not known is {@link PlaceResult.Unknown}, never a failure. Stateless.
 */
public final class OrderSender {

    /** When trying again makes sense while nobody answers for the account. */
    private static final long RETRY_AFTER_MS = 1_000;

    private final EventBus bus;
    private final DeliveryOptions options;

    /** @param deadline longest wait for an answer */
    public OrderSender(EventBus bus, Duration deadline) {
        this.bus = bus;
        this.options = new DeliveryOptions().setSendTimeout(deadline.toMillis());
    }

    public Future<PlaceResult> place(PlaceOrder order) {
        int partition = Partitions.of(order.accountId());
        return bus.<PlaceOrdersReply>request(
                        Addresses.ordersPlace(partition), new PlaceOrders(partition, List.of(order)), options)
                .map(reply -> reply.body().results().get(0))
                .otherwise(OrderSender::afterFailure);
    }

    private static PlaceResult afterFailure(Throwable failure) {
        return switch (Failure.of(failure)) {
            case UNAVAILABLE ->
                new PlaceResult.Denied(new Denial(
                        DenialCode.SERVICE_UNAVAILABLE,
                        "no order-queue: " + failure.getMessage(),
                        null,
                        RETRY_AFTER_MS));
            case INVALID ->
                new PlaceResult.Denied(
                        Denial.of(DenialCode.REQUEST_MALFORMED, String.valueOf(failure.getMessage()), null));
            case UNKNOWN, INTERNAL -> new PlaceResult.Unknown(String.valueOf(failure.getMessage()));
        };
    }
}
