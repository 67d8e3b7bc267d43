package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.ReplaceOrderReply;
import io.tradewind.gateway.GatewayMeters;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiException;
import io.tradewind.gateway.domain.OrderEditBody;
import io.vertx.core.Future;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code PATCH /v2/orders/{id}}: puts another order in the place of one. What cannot be read is refused here, and recorded.
 * Stateless, on the event loop of its instance.
 */
final class OrderReplaces {

    private static final Logger LOG = LoggerFactory.getLogger(OrderReplaces.class);
    private static final String QUEUE = "the order-queue";
    private static final String ASK =
            "GET /v2/orders/{id} tells: replaced_by is the new order; repeating it with the same client_order_id does no harm.";
    private static final int OK = 200;

    private final Services services;
    private final RefusalReports refusals;
    private final GatewayMeters meters;

    OrderReplaces(Services services, RefusalReports refusals, GatewayMeters meters) {
        this.services = services;
        this.refusals = refusals;
        this.meters = meters;
    }

    Future<Answer> replace(Call call) {
        String orderId = call.pathParameter();
        if (orderId.length() > PlaceOrder.MAX_CLIENT_ORDER_ID) {
            return Future.succeededFuture(
                    Answer.error(ApiError.of(DenialCode.ORDER_NOT_FOUND, "no order has this id", null)));
        }
        OrderEditBody body;
        try {
            body = OrderEditBody.parse(call.body().getBytes());
        } catch (ApiException refused) {
            Denial denial = refused.error().denial();
            meters.denied(denial.code().name());
            refusals.replaceRefused(call.key(), orderId, denial, call.requestId());
            throw refused;
        }
        String name = body.clientOrderId() == null ? UUID.randomUUID().toString() : body.clientOrderId();
        ReplaceOrder command = new ReplaceOrder(
                call.partition(),
                call.account(),
                orderId,
                name,
                body.edit(),
                call.key().keyId(),
                call.requestId());
        return services.<ReplaceOrderReply>command(Addresses.ordersReplace(call.partition()), command, QUEUE, ASK)
                .map(reply -> answer(reply.result(), name));
    }

    private static Answer answer(PlaceResult result, String clientOrderId) {
        if (result instanceof PlaceResult.Accepted accepted) {
            return Answer.of(OK, accepted.order());
        }
        if (result instanceof PlaceResult.Existing existing) {
            return Answer.of(OK, existing.order());
        }
        if (result instanceof PlaceResult.Denied denied) {
            return Answer.error(ApiError.of(denied.denial()));
        }
        LOG.warn("outcome of the replace {} unknown: {}", clientOrderId, result);
        return Answer.error(ApiError.of(
                DenialCode.OUTCOME_UNKNOWN, "it is not known whether the order was replaced: " + ASK, null));
    }
}
