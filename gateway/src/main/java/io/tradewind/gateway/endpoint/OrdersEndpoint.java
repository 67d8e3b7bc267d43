package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.CancelOrdersReply;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.FindOrders;
import io.tradewind.contracts.orders.FoundOrders;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.OrderQuery;
import io.tradewind.gateway.domain.Parameters;
import io.tradewind.gateway.domain.RequestBody;
import io.tradewind.gateway.postgres.PastOrders;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders, but for placing them: lists, finds and cancels. Stateless, on the event loop of its instance. */
final class OrdersEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(OrdersEndpoint.class);
    private static final String QUEUE = "the order-queue";
    private static final String ASK_STATUS = "GET /v2/orders/{id} tells; canceling again does no harm.";
    private static final int MULTI_STATUS = 207;
    private static final int OK = 200;
    private static final int MAX_ID = 64;

    private final Services services;
    private final PastOrders pastOrders;
    private final int maxScanned;

    /** @param pastOrders {@code null} when orders are only looked up in the state */
    OrdersEndpoint(Services services, PastOrders pastOrders, int maxScanned) {
        this.services = services;
        this.pastOrders = pastOrders;
        this.maxScanned = maxScanned;
    }

    Future<Answer> list(Call call) {
        OrderQuery query = OrderQuery.parse(call::parameter);
        OrderScan scan = new OrderScan(services, call.account(), query, maxScanned);
        return scan.run()
                .compose(found -> withPast(call.account(), query, found))
                .compose(found -> answer(call, found));
    }

    private Future<Answer> answer(Call call, OrderScan.Found found) {
        List<Json> alone = found.orders().stream().map(OrderScan.Match::json).toList();
        Future<List<Json>> shown =
                isNested(call) ? new OrderNesting(services, call.account()).nest(alone) : Future.succeededFuture(alone);
        return shown.map(documents -> {
            Answer answer = Answer.array(documents).version(found.version(), found.stale());
            // More may match behind what was looked through.
            return found.truncated() ? answer.with("x-tradewind-truncated", "true") : answer;
        });
    }

    /** Orders that are over leave the state after a while; those are found in Postgres. */
    private Future<OrderScan.Found> withPast(String account, OrderQuery query, OrderScan.Found found) {
        if (pastOrders == null || query.status() == OrderQuery.Status.OPEN) {
            return Future.succeededFuture(found);
        }
        return pastOrders.list(account, query).transform(asked -> {
            if (asked.failed()) {
                LOG.warn(
                        "the table of orders cannot be asked: {}", asked.cause().toString());
                return Future.failedFuture(ApiError.historyUnavailable(
                                "orders that are over for long are in Postgres, which does not answer now; status=open"
                                        + " lists those that are not over, try again for the rest")
                        .exception());
            }
            List<OrderScan.Match> past = asked.result().stream()
                    .map(order -> new OrderScan.Match(order.id(), order.toJson()))
                    .toList();
            return Future.succeededFuture(found.with(past, query));
        });
    }

    private static boolean isNested(Call call) {
        return Parameters.flag(call::parameter, "nested");
    }

    Future<Answer> one(Call call) {
        boolean nested = isNested(call);
        return read(call.account(), orderId(call), nested);
    }

    Future<Answer> byClientOrderId(Call call) {
        String clientOrderId = call.parameter("client_order_id");
        if (clientOrderId == null
                || clientOrderId.isEmpty()
                || clientOrderId.length() > PlaceOrder.MAX_CLIENT_ORDER_ID) {
            throw RequestBody.invalid(
                    "client_order_id", "must have 1 to " + PlaceOrder.MAX_CLIENT_ORDER_ID + " characters");
        }
        FindOrders find = new FindOrders(call.partition(), call.account(), clientOrderId);
        return services.<FoundOrders>query(Addresses.ordersFind(call.partition()), find, QUEUE)
                .compose(found -> {
                    if (found.orderIds().isEmpty()) {
                        return past(
                                orders -> orders.byClientOrderId(call.account(), clientOrderId),
                                "no order has this client_order_id");
                    }
                    return read(call.account(), found.orderIds().get(0), false);
                });
    }

    private Future<Answer> read(String account, String id, boolean nested) {
        EntityKey key = new EntityKey(Domains.ORDER, account, id);
        return services.read(ReadEntities.one(key)).compose(page -> {
            if (page.entities().isEmpty()) {
                return past(orders -> orders.byId(account, id), "no order has this id");
            }
            Entity order = page.entities().get(0);
            Future<List<Json>> shown = nested
                    ? new OrderNesting(services, account).nest(List.of(order.json()))
                    : Future.succeededFuture(List.of(order.json()));
            return shown.map(documents -> Answer.of(documents.get(0)).version(page.version(), page.stale()));
        });
    }

    /** An order that the state does not have: over for long, or never there. */
    private Future<Answer> past(Function<PastOrders, Future<Json>> question, String otherwise) {
        if (pastOrders == null) {
            throw notFound(otherwise);
        }
        return question.apply(pastOrders).transform(asked -> {
            if (asked.failed()) {
                LOG.warn(
                        "the table of orders cannot be asked: {}", asked.cause().toString());
                return Future.failedFuture(
                        ApiError.historyUnavailable("no open or recent order has this id; orders that"
                                        + " are over for long are in Postgres, which does not answer now: try again")
                                .exception());
            }
            return asked.result() == null
                    ? Future.failedFuture(notFound(otherwise))
                    : Future.succeededFuture(Answer.of(asked.result()));
        });
    }

    Future<Answer> cancel(Call call) {
        return cancel(call, List.of(orderId(call))).map(reply -> {
            CancelOrdersReply.Result result = reply.results().get(0);
            return result.denial() == null ? Answer.empty() : Answer.error(ApiError.of(result.denial()));
        });
    }

    Future<Answer> cancelAll(Call call) {
        return cancel(call, List.of()).map(reply -> {
            Buffer array = Buffer.buffer("[");
            String separator = "";
            for (CancelOrdersReply.Result result : reply.results()) {
                array.appendString(separator);
                appendResult(array, result);
                separator = ",";
            }
            return Answer.json(MULTI_STATUS, array.appendString("]"));
        });
    }

    private static void appendResult(Buffer array, CancelOrdersReply.Result result) {
        // Ids are UUIDs of our own making: nothing in them needs escaping.
        array.appendString("{\"id\":\"" + result.orderId() + "\",\"status\":");
        if (result.denial() == null) {
            array.appendString(OK + "}");
        } else {
            Json body = ApiError.of(result.denial()).toJson();
            array.appendString(result.denial().code().httpStatus() + ",\"body\":")
                    .appendBytes(body.bytes())
                    .appendString("}");
        }
    }

    private Future<CancelOrdersReply> cancel(Call call, List<String> ids) {
        CancelOrders cancel = new CancelOrders(
                call.partition(), call.account(), ids, call.key().keyId(), call.requestId());
        return services.command(Addresses.ordersCancel(call.partition()), cancel, QUEUE, ASK_STATUS);
    }

    private static String orderId(Call call) {
        String id = call.pathParameter();
        if (id.length() > MAX_ID) {
            throw notFound("no order has this id");
        }
        return id;
    }

    private static io.tradewind.gateway.domain.ApiException notFound(String message) {
        return ApiError.of(DenialCode.ORDER_NOT_FOUND, message, null).exception();
    }
}
