package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.ClosePositions;
import io.tradewind.contracts.orders.ClosePositionsReply;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.RequestBody;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;

/** Closes positions by market orders, as the Alpaca Trading API does. Stateless, on the event loop of its instance. */
final class ClosingEndpoint {

    private static final String QUEUE = "the order-queue";
    private static final String ASK = "GET /v2/positions tells what is held, GET /v2/orders what closes it.";
    private static final BigDecimal MAX_QTY = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int OK = 200;
    private static final int MULTI_STATUS = 207;

    private final Services services;

    ClosingEndpoint(Services services) {
        this.services = services;
    }

    /** {@code DELETE /v2/positions?cancel_orders=}: 207 with a result per position. */
    Future<Answer> all(Call call) {
        boolean cancelOrders = RequestBody.flag(call::parameter, "cancel_orders");
        return close(call, null, null, null, cancelOrders).map(reply -> {
            Buffer array = Buffer.buffer("[");
            String separator = "";
            for (ClosePositionsReply.Result result : reply.results()) {
                array.appendString(separator);
                append(array, result);
                separator = ",";
            }
            return Answer.json(MULTI_STATUS, array.appendString("]"));
        });
    }

    /** {@code DELETE /v2/positions/{symbol}?qty=|percentage=}: 200 with the closing order. */
    Future<Answer> one(Call call) {
        BigDecimal qty = RequestBody.decimal(call::parameter, "qty", MAX_QTY);
        BigDecimal percentage = RequestBody.decimal(call::parameter, "percentage", HUNDRED);
        if (qty != null && percentage != null) {
            throw RequestBody.invalid("percentage", "and qty exclude each other");
        }
        return close(call, call.pathParameter(), qty, percentage, false).map(reply -> {
            if (reply.results().isEmpty()) {
                throw ApiError.of(ApiCode.POSITION_NOT_FOUND, "there is no position in this symbol")
                        .exception();
            }
            PlaceResult order = reply.results().get(0).order();
            ApiError error = error(order);
            return error == null ? Answer.of(document(order)) : Answer.error(error);
        });
    }

    private Future<ClosePositionsReply> close(
            Call call, String symbol, BigDecimal qty, BigDecimal percentage, boolean cancelOrders) {
        ClosePositions command = new ClosePositions(
                call.partition(),
                call.account(),
                symbol,
                qty,
                percentage,
                cancelOrders,
                call.key().keyId(),
                call.requestId());
        return services.command(Addresses.ordersClose(call.partition()), command, QUEUE, ASK);
    }

    private static void append(Buffer array, ClosePositionsReply.Result result) {
        ApiError error = error(result.order());
        Json head = JsonObjects.write(
                out -> out.text("symbol", result.symbol()).number("status", error == null ? OK : error.status()));
        array.appendBytes(head.bytes(), 0, head.size() - 1)
                .appendString(",\"body\":")
                .appendBytes((error == null ? document(result.order()) : error.toJson()).bytes())
                .appendString("}");
    }

    private static Json document(PlaceResult result) {
        return result instanceof PlaceResult.Accepted accepted
                ? accepted.order()
                : ((PlaceResult.Existing) result).order();
    }

    /** @return {@code null} when there is a closing order */
    private static ApiError error(PlaceResult result) {
        if (result instanceof PlaceResult.Denied denied) {
            return ApiError.of(denied.denial());
        }
        return result instanceof PlaceResult.Unknown
                ? ApiError.of(DenialCode.OUTCOME_UNKNOWN, "the order may or may not be placed. " + ASK, null)
                : null;
    }
}
