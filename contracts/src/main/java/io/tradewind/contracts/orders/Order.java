package io.tradewind.contracts.orders;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.market.Assets;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * An order as stored, served and streamed; its JSON follows the Alpaca Trading API v2. Immutable: a change makes a new
 * one through {@link #withStatus} or {@link #withFill}. Times are milliseconds since the epoch, 0 for "not yet". Decimals are exact.
 *
 * @param id UUIDv7, given by the order-queue
 * @param filledAvgPrice volume-weighted price of all fills; {@code null} before the first
 * @param executions number of fills so far
 * @param reason why it was rejected, canceled or expired; {@code null} otherwise
 */
public record Order(
        String id,
        String accountId,
        String clientOrderId,
        String symbol,
        BigDecimal qty,
        Side side,
        OrderType type,
        TimeInForce timeInForce,
        BigDecimal limitPrice,
        Priority priority,
        String source,
        OrderStatus status,
        BigDecimal filledQty,
        BigDecimal filledAvgPrice,
        int executions,
        long createdAtMs,
        long updatedAtMs,
        long submittedAtMs,
        long filledAtMs,
        long canceledAtMs,
        long expiredAtMs,
        long failedAtMs,
        String reason) {

    /** A new order, as the order-queue admits it. */
    public static Order accepted(String id, PlaceOrder command, long nowMs) {
        return new Order(
                id,
                command.accountId(),
                command.clientOrderId(),
                command.symbol(),
                command.qty(),
                command.side(),
                command.type(),
                command.timeInForce(),
                command.limitPrice(),
                command.priority(),
                command.source(),
                OrderStatus.ACCEPTED,
                BigDecimal.ZERO,
                null,
                0,
                nowMs,
                nowMs,
                nowMs,
                0,
                0,
                0,
                0,
                null);
    }

    /** What is not filled yet. */
    public BigDecimal leavesQty() {
        return qty.subtract(filledQty);
    }

    /** Whether {@code command} asks for just what this order is: the same content under the same client order id. */
    public boolean isFor(PlaceOrder command) {
        return clientOrderId.equals(command.clientOrderId())
                && symbol.equals(command.symbol())
                && qty.compareTo(command.qty()) == 0
                && side == command.side()
                && type == command.type()
                && timeInForce == command.timeInForce()
                && (limitPrice == null
                        ? command.limitPrice() == null
                        : command.limitPrice() != null && limitPrice.compareTo(command.limitPrice()) == 0)
                && priority == command.priority();
    }

    /** The same order in another status; sets the time that goes with it. */
    public Order withStatus(OrderStatus next, long nowMs, String why) {
        return change(next, filledQty, filledAvgPrice, executions, nowMs, why);
    }

    /** The same order after a fill. */
    public Order withFill(OrderStatus next, BigDecimal newFilledQty, BigDecimal newAvgPrice, long nowMs) {
        return change(next, newFilledQty, newAvgPrice, executions + 1, nowMs, reason);
    }

    private Order change(
            OrderStatus next, BigDecimal newFilledQty, BigDecimal newAvgPrice, int fills, long nowMs, String why) {
        return new Order(
                id,
                accountId,
                clientOrderId,
                symbol,
                qty,
                side,
                type,
                timeInForce,
                limitPrice,
                priority,
                source,
                next,
                newFilledQty,
                newAvgPrice,
                fills,
                createdAtMs,
                nowMs,
                submittedAtMs,
                next == OrderStatus.FILLED ? nowMs : filledAtMs,
                next == OrderStatus.CANCELED ? nowMs : canceledAtMs,
                next == OrderStatus.EXPIRED ? nowMs : expiredAtMs,
                next == OrderStatus.REJECTED ? nowMs : failedAtMs,
                why);
    }

    public Json toJson() {
        return JsonObjects.write(out -> out.text("id", id)
                .text("client_order_id", clientOrderId)
                .text("account_id", accountId)
                .time("created_at", createdAtMs)
                .time("updated_at", updatedAtMs)
                .time("submitted_at", submittedAtMs)
                .time("filled_at", filledAtMs)
                .time("canceled_at", canceledAtMs)
                .time("expired_at", expiredAtMs)
                .time("failed_at", failedAtMs)
                .text("symbol", symbol)
                .text("asset_class", Assets.assetClass(symbol))
                .decimal("qty", qty)
                .decimal("filled_qty", filledQty)
                .decimal("filled_avg_price", filledAvgPrice)
                .text("order_class", "simple")
                .text("order_type", type.text())
                .text("type", type.text())
                .text("side", side.text())
                .text("time_in_force", timeInForce.text())
                .decimal("limit_price", limitPrice)
                .text("status", status.text())
                .flag("extended_hours", false)
                .text("priority", priority.text())
                .number("executions", executions)
                .text("source", source)
                .text("reason", reason));
    }

    /** @throws IllegalArgumentException when a field that every order has is missing or wrong */
    public static Order fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        try {
            return new Order(
                    required("id", in.get("id")),
                    required("account_id", in.get("account_id")),
                    required("client_order_id", in.get("client_order_id")),
                    required("symbol", in.get("symbol")),
                    required("qty", decimal(in, "qty")),
                    required("side", Side.parse(in.get("side"))),
                    required("type", OrderType.parse(in.get("type"))),
                    required("time_in_force", TimeInForce.parse(in.get("time_in_force"))),
                    decimal(in, "limit_price"),
                    required("priority", Priority.parse(in.get("priority"))),
                    in.get("source"),
                    required("status", OrderStatus.parse(in.get("status"))),
                    required("filled_qty", decimal(in, "filled_qty")),
                    decimal(in, "filled_avg_price"),
                    Integer.parseInt(required("executions", in.get("executions"))),
                    time(in, "created_at"),
                    time(in, "updated_at"),
                    time(in, "submitted_at"),
                    time(in, "filled_at"),
                    time(in, "canceled_at"),
                    time(in, "expired_at"),
                    time(in, "failed_at"),
                    in.get("reason"));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not an order: " + e.getMessage() + ": " + json, e);
        }
    }

    private static <T> T required(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing or not known");
        }
        return value;
    }

    private static BigDecimal decimal(Map<String, String> in, String name) {
        String text = in.get(name);
        return text == null ? null : new BigDecimal(text);
    }

    private static long time(Map<String, String> in, String name) {
        String text = in.get(name);
        return text == null ? 0 : Instant.parse(text).toEpochMilli();
    }
}
