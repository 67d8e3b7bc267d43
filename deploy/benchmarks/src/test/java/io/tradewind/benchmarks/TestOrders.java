package io.tradewind.benchmarks;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Orders and their transactions as the order-queue would write them. */
public final class TestOrders {

    public static final String ACCOUNT = "default";
    public static final BigDecimal PRICE = new BigDecimal("100.25");

    private TestOrders() {}

    /** The client order id of order {@code seq} of a run. */
    public static String id(String prefix, int seq) {
        return prefix + String.format("%09d", seq);
    }

    public static Order accepted(String clientOrderId, long nowMs) {
        return accepted(clientOrderId, "AAPL", BigDecimal.ONE, Side.BUY, nowMs);
    }

    public static Order accepted(String clientOrderId, String symbol, BigDecimal qty, Side side, long nowMs) {
        PlaceOrder command = new PlaceOrder(
                ACCOUNT,
                clientOrderId,
                symbol,
                qty,
                side,
                OrderType.MARKET,
                TimeInForce.DAY,
                null,
                Priority.NORMAL,
                "key",
                "request");
        return Order.accepted("order-of-" + clientOrderId, command, nowMs);
    }

    public static CommittedTransaction transaction(long version, long timeMs, Order order) {
        return transaction(version, timeMs, List.of(put(order)));
    }

    /** {@code order} is filled in one go. */
    public static CommittedTransaction filled(long version, long timeMs, Order order) {
        return filled(version, timeMs, order, order.leavesQty());
    }

    /** {@code qty} more of {@code order} is filled. */
    public static CommittedTransaction filled(long version, long timeMs, Order order, BigDecimal qty) {
        BigDecimal filled = order.filledQty().add(qty);
        OrderStatus status = filled.compareTo(order.qty()) == 0 ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
        List<Mutation> mutations = new ArrayList<>();
        mutations.add(put(order.withFill(status, filled, PRICE, timeMs)));
        String id = order.id() + ":" + version;
        mutations.add(
                new Mutation(new EntityKey(Domains.ACTIVITY, ACCOUNT, id), JsonObjects.write(out -> out.text("id", id)
                        .text("activity_type", "FILL")
                        .text("order_id", order.id())
                        .decimal("qty", qty)
                        .decimal("price", PRICE))));
        return transaction(version, timeMs, mutations);
    }

    private static CommittedTransaction transaction(long version, long timeMs, List<Mutation> mutations) {
        return new CommittedTransaction(
                version, timeMs, "tx-" + version, new Cause("request", "command", "test"), mutations);
    }

    private static Mutation put(Order order) {
        return new Mutation(new EntityKey(Domains.ORDER, ACCOUNT, order.id()), order.toJson());
    }
}
