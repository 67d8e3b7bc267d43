package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.state.Cause;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What the tests of the order-queue are made of. */
public final class Samples {

    public static final String ACCOUNT = "alice";
    public static final String AAPL = "AAPL";
    public static final long NOW = Instant.parse("2026-11-20T15:00:00Z").toEpochMilli();
    public static final long NEXT_DAY = Instant.parse("2026-11-21T15:00:00Z").toEpochMilli();
    public static final Cause CAUSE = new Cause("request-1", null, "alice-key");

    private Samples() {}

    /** Ids whose text order is the order in which they were made. */
    public static Supplier<String> ids(String prefix) {
        AtomicLong next = new AtomicLong();
        return () -> String.format("%s-%06d", prefix, next.incrementAndGet());
    }

    public static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    /** With units for every order of a test. */
    public static Quote quote(String symbol, String bid, String ask) {
        return quote(symbol, bid, ask, "1000000");
    }

    public static Quote quote(String symbol, String bid, String ask, String size) {
        return new Quote(symbol, decimal(bid), decimal(size), decimal(ask), decimal(size), decimal(bid), NOW);
    }

    public static PlaceOrder market(Side side, String qty, String clientOrderId) {
        return order(side, OrderType.MARKET, qty, null, TimeInForce.DAY, Priority.NORMAL, clientOrderId);
    }

    public static PlaceOrder limit(Side side, String qty, String price, String clientOrderId) {
        return order(side, OrderType.LIMIT, qty, price, TimeInForce.DAY, Priority.NORMAL, clientOrderId);
    }

    /** A market buy for another account. */
    public static PlaceOrder buy(String account, String qty) {
        return new PlaceOrder(
                account,
                "buy-" + account,
                AAPL,
                decimal(qty),
                Side.BUY,
                OrderType.MARKET,
                TimeInForce.DAY,
                null,
                Priority.NORMAL,
                "key",
                "request");
    }

    public static PlaceOrder order(
            Side side,
            OrderType type,
            String qty,
            String price,
            TimeInForce timeInForce,
            Priority priority,
            String clientOrderId) {
        return new PlaceOrder(
                ACCOUNT,
                clientOrderId,
                AAPL,
                decimal(qty),
                side,
                type,
                timeInForce,
                price == null ? null : decimal(price),
                priority,
                "alice-key",
                "request-" + clientOrderId);
    }

    public static ExecutionReport fill(String executionId, Order order, String qty, String price, String fee) {
        return new ExecutionReport(
                executionId,
                order.id(),
                order.accountId(),
                Kind.FILL,
                decimal(qty),
                decimal(price),
                decimal(fee),
                null,
                NOW);
    }

    public static ExecutionReport report(String executionId, Order order, Kind kind) {
        return new ExecutionReport(executionId, order.id(), order.accountId(), kind, null, null, null, "because", NOW);
    }
}
