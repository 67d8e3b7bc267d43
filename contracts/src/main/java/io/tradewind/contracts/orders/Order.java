package io.tradewind.contracts.orders;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.market.Assets;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * An order as stored, served and streamed; its JSON follows the Alpaca Trading API v2. Immutable: a change makes a new
 * one through one of the {@code with} methods, which share what does not change. Decimals are exact.
 *
 * @param id UUIDv7, given by the order-queue
 * @param terms what it asks for; always with a quantity
 * @param filledAvgPrice volume-weighted price of all fills; {@code null} before the first
 * @param executions number of fills so far
 * @param hwm the best price that a trailing stop has seen since it works: the highest for a sell, the lowest for a buy;
 *     {@code null} for others and before the first
 * @param reason why it was rejected, canceled, expired or replaced; {@code null} otherwise
 */
public record Order(
        String id,
        String accountId,
        String clientOrderId,
        OrderTerms terms,
        String source,
        OrderStatus status,
        BigDecimal filledQty,
        BigDecimal filledAvgPrice,
        int executions,
        OrderTimes times,
        OrderLinks links,
        BigDecimal hwm,
        String reason) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    public Order {
        Objects.requireNonNull(terms.qty(), "qty");
    }

    /** A new order, as the order-queue admits it. */
    public static Order accepted(String id, PlaceOrder command, long nowMs) {
        return create(
                id,
                command.accountId(),
                command.clientOrderId(),
                command.terms(),
                command.source(),
                OrderStatus.ACCEPTED,
                OrderLinks.NONE,
                nowMs);
    }

    /** A new order that nothing has happened to. */
    public static Order create(
            String id,
            String accountId,
            String clientOrderId,
            OrderTerms terms,
            String source,
            OrderStatus status,
            OrderLinks links,
            long nowMs) {
        return new Order(
                id,
                accountId,
                clientOrderId,
                terms,
                source,
                status,
                BigDecimal.ZERO,
                null,
                0,
                OrderTimes.createdAt(nowMs),
                links,
                null,
                null);
    }

    // ---- questions

    public String symbol() {
        return terms.symbol();
    }

    public BigDecimal qty() {
        return terms.qty();
    }

    public Side side() {
        return terms.side();
    }

    public OrderType type() {
        return terms.type();
    }

    public TimeInForce timeInForce() {
        return terms.timeInForce();
    }

    public BigDecimal limitPrice() {
        return terms.limitPrice();
    }

    public Priority priority() {
        return terms.priority();
    }

    public OrderClass orderClass() {
        return terms.exits().orderClass();
    }

    public long createdAtMs() {
        return times.createdAtMs();
    }

    /** What is not filled yet. */
    public BigDecimal leavesQty() {
        return terms.qty().subtract(filledQty);
    }

    /** Whether the market has reached its stop price. */
    public boolean isTriggered() {
        return times.triggeredAtMs() != 0;
    }

    /** What it works as now: a stop order that the market has reached is a market or a limit order. */
    public OrderType workingType() {
        if (!isTriggered()) {
            return terms.type();
        }
        return switch (terms.type()) {
            case STOP, TRAILING_STOP -> OrderType.MARKET;
            case STOP_LIMIT -> OrderType.LIMIT;
            case MARKET, LIMIT -> terms.type();
        };
    }

    /**
     * The price that makes it work; {@code null} when it has none. That of a trailing stop follows from the best price
     * so far: below it by {@code trail_price} or {@code trail_percent} for a sell, above it for a buy.
     */
    public BigDecimal stopPrice() {
        if (terms.type() != OrderType.TRAILING_STOP || hwm == null) {
            return terms.stopPrice();
        }
        BigDecimal distance = terms.trailPrice() != null
                ? terms.trailPrice()
                : hwm.multiply(terms.trailPercent()).divide(HUNDRED);
        return Decimals.normal(terms.side() == Side.SELL ? hwm.subtract(distance) : hwm.add(distance));
    }

    /** Whether {@code command} asks for just what this order is: the same content under the same client order id. */
    public boolean isFor(PlaceOrder command) {
        return clientOrderId.equals(command.clientOrderId()) && terms.sameAs(command.terms());
    }

    // ---- changes

    /**
     * The same order after an event that is no fill; sets the time that goes with it.
     *
     * @throws IllegalStateException when {@link OrderLife} does not know the event in its status
     */
    public Order after(OrderEvent event, long nowMs, String why) {
        return withStatus(OrderLife.next(status, event), nowMs, why);
    }

    /**
     * The same order after a fill.
     *
     * @throws IllegalStateException when {@link OrderLife} does not know the event in its status
     */
    public Order afterFill(OrderEvent event, BigDecimal newFilledQty, BigDecimal newAvgPrice, long nowMs) {
        return withFill(OrderLife.next(status, event), newFilledQty, newAvgPrice, nowMs);
    }

    /**
     * The same order in any other status, for those who tell of orders and make none: tests and measurements. Whoever
     * changes orders uses {@link #after}.
     */
    public Order withStatus(OrderStatus next, long nowMs, String why) {
        return change(terms, next, filledQty, filledAvgPrice, executions, times.changed(next, nowMs), links, hwm, why);
    }

    /** The same order after a fill, in any status: as {@link #withStatus}. */
    public Order withFill(OrderStatus next, BigDecimal newFilledQty, BigDecimal newAvgPrice, long nowMs) {
        OrderTimes changed = times.changed(next, nowMs);
        return change(terms, next, newFilledQty, newAvgPrice, executions + 1, changed, links, hwm, reason);
    }

    /** The same order for another quantity. */
    public Order withQty(BigDecimal qty) {
        return change(terms.withQty(qty), status, filledQty, filledAvgPrice, executions, times, links, hwm, reason);
    }

    public Order withLinks(OrderLinks newLinks) {
        return change(terms, status, filledQty, filledAvgPrice, executions, times, newLinks, hwm, reason);
    }

    /** The same order, which the market has now reached. */
    public Order withTrigger(long nowMs) {
        OrderTimes triggered = times.triggered(nowMs);
        return change(terms, status, filledQty, filledAvgPrice, executions, triggered, links, hwm, reason);
    }

    /** The same trailing stop after a better price than ever before. */
    public Order withHwm(BigDecimal best, long nowMs) {
        OrderTimes changed = times.changed(status, nowMs);
        return change(terms, status, filledQty, filledAvgPrice, executions, changed, links, best, reason);
    }

    private Order change(
            OrderTerms newTerms,
            OrderStatus next,
            BigDecimal newFilledQty,
            BigDecimal newAvgPrice,
            int fills,
            OrderTimes newTimes,
            OrderLinks newLinks,
            BigDecimal newHwm,
            String why) {
        return new Order(
                id,
                accountId,
                clientOrderId,
                newTerms,
                source,
                next,
                newFilledQty,
                newAvgPrice,
                fills,
                newTimes,
                newLinks,
                newHwm,
                why);
    }

    // ---- the document

    public Json toJson() {
        OrderExits exits = terms.exits();
        return JsonObjects.write(out -> out.text("id", id)
                .text("client_order_id", clientOrderId)
                .text("account_id", accountId)
                .time("created_at", times.createdAtMs())
                .time("updated_at", times.updatedAtMs())
                .time("submitted_at", times.submittedAtMs())
                .time("filled_at", times.filledAtMs())
                .time("canceled_at", times.canceledAtMs())
                .time("expired_at", times.expiredAtMs())
                .time("failed_at", times.failedAtMs())
                .time("replaced_at", times.replacedAtMs())
                .time("triggered_at", times.triggeredAtMs())
                .text("replaces", links.replaces())
                .text("replaced_by", links.replacedBy())
                .text("parent_order_id", links.parentId())
                .text("take_profit_order_id", links.takeProfitId())
                .text("stop_loss_order_id", links.stopLossId())
                .text("symbol", terms.symbol())
                .text("asset_class", Assets.assetClass(terms.symbol()))
                .decimal("qty", terms.qty())
                .decimal("notional", terms.notional())
                .decimal("filled_qty", filledQty)
                .decimal("filled_avg_price", filledAvgPrice)
                .text("order_class", exits.orderClass().text())
                .text("order_type", terms.type().text())
                .text("type", terms.type().text())
                .text("side", terms.side().text())
                .text("time_in_force", terms.timeInForce().text())
                .decimal("limit_price", terms.limitPrice())
                .decimal("stop_price", stopPrice())
                .decimal("trail_price", terms.trailPrice())
                .decimal("trail_percent", terms.trailPercent())
                .decimal("hwm", hwm)
                .decimal("take_profit_limit_price", exits.takeProfitLimitPrice())
                .decimal("stop_loss_stop_price", exits.stopLossStopPrice())
                .decimal("stop_loss_limit_price", exits.stopLossLimitPrice())
                .text("status", status.text())
                .flag("extended_hours", false)
                .text("priority", terms.priority().text())
                .number("executions", executions)
                .text("source", source)
                .text("reason", reason));
    }

    /**
     * Reads a document of this or an earlier release: a field that came later may be missing.
     *
     * @throws IllegalArgumentException when a field that every order has is missing or wrong
     */
    public static Order fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        try {
            return new Order(
                    required("id", in.get("id")),
                    required("account_id", in.get("account_id")),
                    required("client_order_id", in.get("client_order_id")),
                    terms(in),
                    in.get("source"),
                    required("status", OrderStatus.parse(in.get("status"))),
                    required("filled_qty", decimal(in, "filled_qty")),
                    decimal(in, "filled_avg_price"),
                    Integer.parseInt(required("executions", in.get("executions"))),
                    times(in),
                    links(in),
                    decimal(in, "hwm"),
                    in.get("reason"));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not an order: " + e.getMessage() + ": " + json, e);
        }
    }

    private static OrderTerms terms(Map<String, String> in) {
        OrderType type = required("type", OrderType.parse(in.get("type")));
        return new OrderTerms(
                required("symbol", in.get("symbol")),
                required("qty", decimal(in, "qty")),
                decimal(in, "notional"),
                required("side", Side.parse(in.get("side"))),
                type,
                required("time_in_force", TimeInForce.parse(in.get("time_in_force"))),
                decimal(in, "limit_price"),
                type.hasStop() ? decimal(in, "stop_price") : null,
                decimal(in, "trail_price"),
                decimal(in, "trail_percent"),
                exits(in),
                required("priority", Priority.parse(in.get("priority"))));
    }

    private static OrderExits exits(Map<String, String> in) {
        String text = in.get("order_class");
        if (text == null || text.equals(OrderClass.SIMPLE.text())) {
            return OrderExits.NONE;
        }
        return new OrderExits(
                required("order_class", OrderClass.parse(text)),
                decimal(in, "take_profit_limit_price"),
                decimal(in, "stop_loss_stop_price"),
                decimal(in, "stop_loss_limit_price"));
    }

    private static OrderTimes times(Map<String, String> in) {
        return new OrderTimes(
                time(in, "created_at"),
                time(in, "updated_at"),
                time(in, "submitted_at"),
                time(in, "filled_at"),
                time(in, "canceled_at"),
                time(in, "expired_at"),
                time(in, "failed_at"),
                time(in, "replaced_at"),
                time(in, "triggered_at"));
    }

    private static OrderLinks links(Map<String, String> in) {
        OrderLinks links = new OrderLinks(
                in.get("parent_order_id"),
                in.get("take_profit_order_id"),
                in.get("stop_loss_order_id"),
                in.get("replaces"),
                in.get("replaced_by"));
        return links.isNone() ? OrderLinks.NONE : links;
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
