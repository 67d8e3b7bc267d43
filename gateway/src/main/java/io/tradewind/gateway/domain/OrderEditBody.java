package io.tradewind.gateway.domain;

import io.tradewind.contracts.orders.OrderEdit;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.TimeInForce;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The body of {@code PATCH /v2/orders/{id}}. Only the form is judged here; what goes with the order, the order-queue
 * knows.
 *
 * @param clientOrderId of the new order, {@code null} when the sender gives none
 */
public record OrderEditBody(String clientOrderId, OrderEdit edit) {

    private static final Set<String> FIELDS = new LinkedHashSet<>(
            List.of("qty", "time_in_force", "limit_price", "stop_price", "trail", "client_order_id"));

    /** @throws ApiException when it is not such a body, or changes nothing */
    public static OrderEditBody parse(byte[] bytes) {
        RequestBody body = RequestBody.parse(bytes, FIELDS);
        String time = body.text("time_in_force");
        TimeInForce timeInForce = time == null ? null : TimeInForce.parse(time);
        if (time != null && timeInForce == null) {
            throw RequestBody.invalid("time_in_force", "must be day, gtc, ioc, fok, opg or cls");
        }
        OrderEdit edit = new OrderEdit(
                body.positive("qty"),
                timeInForce,
                body.positive("limit_price"),
                body.positive("stop_price"),
                body.positive("trail"));
        if (edit.equals(new OrderEdit(null, null, null, null, null))) {
            throw RequestBody.invalid("qty", "or another field that is to be different is required");
        }
        String name = body.text("client_order_id");
        if (name != null
                && (name.isEmpty()
                        || name.length() > PlaceOrder.MAX_CLIENT_ORDER_ID
                        || name.codePoints().anyMatch(OrderParser::isUnprintable))) {
            throw RequestBody.invalid(
                    "client_order_id", "must have 1 to " + PlaceOrder.MAX_CLIENT_ORDER_ID + " printable characters");
        }
        return new OrderEditBody(name, edit);
    }
}
