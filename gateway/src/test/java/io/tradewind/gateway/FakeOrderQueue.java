package io.tradewind.gateway;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.CancelOrdersReply;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.FindOrders;
import io.tradewind.contracts.orders.FoundOrders;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrdersRefused;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.ReplaceOrderReply;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Partitions;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands in for the order-queue: takes every order and stores it as accepted, unless the symbol asks for trouble. Any
 * thread; every method holds the lock.
 */
final class FakeOrderQueue {

    private final FakeStateStore state;
    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final List<Message<PlaceOrders>> held = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final List<OrdersRefused.Refusal> refusals = new ArrayList<>();
    private TradingState global = TradingState.ACTIVE;
    private boolean holding;
    private boolean indexAway;
    private int ids;

    FakeOrderQueue(Vertx vertx, FakeStateStore state) {
        this.state = state;
        for (int p = 0; p < Partitions.COUNT; p++) {
            vertx.eventBus().<PlaceOrders>consumer(Addresses.ordersPlace(p), this::place);
            vertx.eventBus().<CancelOrders>consumer(Addresses.ordersCancel(p), this::cancel);
            vertx.eventBus().<ReplaceOrder>consumer(Addresses.ordersReplace(p), this::replace);
            vertx.eventBus().<FindOrders>consumer(Addresses.ordersFind(p), this::find);
            vertx.eventBus().<OrdersRefused>consumer(Addresses.ordersRefused(p), this::refused);
        }
        vertx.eventBus().<SetTradingState>consumer(Addresses.ORDERS_TRADING_STATE, this::tradingState);
    }

    private synchronized void refused(Message<OrdersRefused> message) {
        refusals.addAll(message.body().refusals());
    }

    /** What the gateway has refused itself. */
    synchronized List<OrdersRefused.Refusal> refusals() {
        return List.copyOf(refusals);
    }

    /** From now on orders are answered only when they are released. */
    synchronized void hold() {
        holding = true;
    }

    /** From now on orders cannot be found. */
    synchronized void indexAway() {
        indexAway = true;
    }

    synchronized int heldBatches() {
        return held.size();
    }

    synchronized void release() {
        holding = false;
        held.forEach(this::place);
        held.clear();
    }

    /** How many orders came in each message. */
    synchronized List<Integer> batches() {
        return List.copyOf(batches);
    }

    private synchronized void place(Message<PlaceOrders> message) {
        if (holding) {
            held.add(message);
            return;
        }
        List<PlaceOrder> wanted = message.body().orders();
        batches.add(wanted.size());
        switch (wanted.get(0).symbol()) {
            case "AWAY" -> message.fail(Failure.UNAVAILABLE.code(), "not here");
            case "LOST" -> message.fail(Failure.UNKNOWN.code(), "append timed out");
            case "BUG" -> message.fail(Failure.INTERNAL.code(), "java.lang.NullPointerException at X.java:1");
            case "SILENT" -> {} // The reply is lost.
            default ->
                message.reply(
                        new PlaceOrdersReply(wanted.stream().map(this::place).toList()));
        }
    }

    private PlaceResult place(PlaceOrder wanted) {
        Order existing = orders.get(wanted.clientOrderId());
        if (existing != null) {
            return existing.isFor(wanted)
                    ? new PlaceResult.Existing(existing.toJson())
                    : denied(DenialCode.ORDER_DUPLICATE_ID, "client_order_id", 0);
        }
        return switch (wanted.symbol()) {
            case "NOPE" -> denied(DenialCode.ORDER_SYMBOL_UNKNOWN, "symbol", 0);
            case "POOR" -> denied(DenialCode.RISK_BUYING_POWER, null, 0);
            case "FULL" -> denied(DenialCode.QUEUE_ACCOUNT_FULL, null, 1_500);
            case "HAZY" -> new PlaceResult.Unknown("the log did not answer");
            default -> {
                Order order = Order.accepted(id(), wanted, System.currentTimeMillis());
                store(order);
                yield new PlaceResult.Accepted(order.toJson());
            }
        };
    }

    private static PlaceResult denied(DenialCode code, String field, long retryAfterMs) {
        return new PlaceResult.Denied(new Denial(code, "because of " + code, field, retryAfterMs));
    }

    private String id() {
        return "%012x".formatted(Instant.now().toEpochMilli()).replaceAll("(.{8})(.{4})", "$1-$2")
                + "-7%03x-8000-000000000000".formatted(ids++);
    }

    private void store(Order order) {
        orders.put(order.clientOrderId(), order);
        state.put(Domains.ORDER, order.accountId(), order.id(), order.toJson().toString());
    }

    private synchronized void find(Message<FindOrders> message) {
        if (indexAway) {
            message.fail(Failure.UNAVAILABLE.code(), "not here");
            return;
        }
        FindOrders query = message.body();
        List<String> ids = new ArrayList<>(orders.values().stream()
                .filter(order -> order.accountId().equals(query.accountId()))
                .filter(order -> query.clientOrderId() == null
                        ? !order.status().isTerminal()
                        : query.clientOrderId().equals(order.clientOrderId()))
                .map(Order::id)
                .toList());
        Collections.reverse(ids);
        message.reply(new FoundOrders(ids));
    }

    private synchronized void cancel(Message<CancelOrders> message) {
        CancelOrders command = message.body();
        List<String> ids = command.orderIds().isEmpty()
                ? orders.values().stream()
                        .filter(order -> !order.status().isTerminal())
                        .map(Order::id)
                        .toList()
                : command.orderIds();
        message.reply(new CancelOrdersReply(ids.stream().map(this::cancel).toList()));
    }

    private CancelOrdersReply.Result cancel(String id) {
        Order order = orders.values().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElse(null);
        if (order == null || order.status().isTerminal()) {
            DenialCode code = order == null ? DenialCode.ORDER_NOT_FOUND : DenialCode.ORDER_NOT_CANCELABLE;
            return new CancelOrdersReply.Result(id, Denial.of(code, "no", null));
        }
        store(order.withStatus(OrderStatus.CANCELED, System.currentTimeMillis(), null));
        return new CancelOrdersReply.Result(id, null);
    }

    private synchronized void replace(Message<ReplaceOrder> message) {
        ReplaceOrder command = message.body();
        Order order = orders.values().stream()
                .filter(each -> each.id().equals(command.orderId()))
                .findFirst()
                .orElse(null);
        if (order == null) {
            message.reply(new ReplaceOrderReply(denied(DenialCode.ORDER_NOT_FOUND, null, 0)));
            return;
        }
        if (order.status().isTerminal()) {
            message.reply(new ReplaceOrderReply(denied(DenialCode.ORDER_NOT_REPLACEABLE, null, 0)));
            return;
        }
        long now = System.currentTimeMillis();
        Order next = Order.create(
                id(),
                order.accountId(),
                command.clientOrderId(),
                order.terms().toBuilder()
                        .limitPrice(command.edit().limitPrice())
                        .build(),
                command.source(),
                OrderStatus.ACCEPTED,
                order.links().withReplaces(order.id()),
                now);
        store(order.withLinks(order.links().withReplacedBy(next.id())).withStatus(OrderStatus.REPLACED, now, null));
        store(next);
        message.reply(new ReplaceOrderReply(new PlaceResult.Accepted(next.toJson())));
    }

    /** Puts an order into the state, as it is. */
    synchronized void has(Order order) {
        store(order);
    }

    private synchronized void tradingState(Message<SetTradingState> message) {
        if (message.body().state() != null) {
            global = message.body().state();
        }
        message.reply(new TradingStateReply(global, TradingState.ACTIVE, 0, 0));
    }
}
