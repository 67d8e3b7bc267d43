package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.OrdersRefused;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.gateway.GatewayMeters;
import io.tradewind.gateway.domain.ApiKey;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells the order-queue which orders and replaces were refused here, so that they are recorded beside those that it denies itself. What
 * comes within {@value #PAUSE_MS} ms goes together; more than {@value #MAX_WAITING} in that time are counted, and not told.
 *
 * <p>One per HTTP instance, on its event loop. Nobody waits for it, nothing is to be closed; what waits when the process
 * dies is lost.
 */
final class RefusalReports {

    private static final long PAUSE_MS = 50;
    private static final int MAX_WAITING = 500;

    private final Context context;
    private final GatewayMeters meters;
    private List<OrdersRefused.Refusal> waiting = new ArrayList<>();

    RefusalReports(Context context, GatewayMeters meters) {
        this.context = context;
        this.meters = meters;
    }

    /** @param clientOrderId as far as it could be read, or {@code null} */
    void orderRefused(ApiKey key, String clientOrderId, Denial denial, String requestId) {
        refused(OrdersRefused.Request.ORDER, key, clientOrderId, denial, requestId);
    }

    /** @param orderId the order that was to be replaced */
    void replaceRefused(ApiKey key, String orderId, Denial denial, String requestId) {
        refused(OrdersRefused.Request.REPLACE, key, orderId, denial, requestId);
    }

    private void refused(OrdersRefused.Request request, ApiKey key, String what, Denial denial, String requestId) {
        if (waiting.size() >= MAX_WAITING) {
            meters.refusalDropped();
            return;
        }
        waiting.add(new OrdersRefused.Refusal(request, key.account(), what, denial, key.keyId(), requestId));
        if (waiting.size() == 1) {
            context.owner().setTimer(PAUSE_MS, id -> tell());
        }
    }

    private void tell() {
        List<OrdersRefused.Refusal> told = waiting;
        waiting = new ArrayList<>();
        told.stream()
                .collect(Collectors.groupingBy(refusal -> Partitions.of(refusal.accountId())))
                .forEach((partition, own) -> context.owner()
                        .eventBus()
                        .send(Addresses.ordersRefused(partition), new OrdersRefused(partition, own)));
    }
}
