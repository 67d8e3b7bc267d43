package io.tradewind.benchmarks.sync;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

/** The documents of orders through their lives, as the order-queue writes them. */
final class LogOfOrders {

    static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "GOOG", "AMZN", "NVDA", "SPY");

    private static final BigDecimal PRICE = new BigDecimal("187.25");

    private LogOfOrders() {}

    static Order accepted(String account, int number, long nowMs) {
        String id = new UUID(nowMs << 16 | 0x7000L, number * 0x9E3779B97F4A7C15L).toString();
        PlaceOrder command = new PlaceOrder(
                account,
                "bench-" + account + "-" + (100_000_000 + number),
                SYMBOLS.get(number % SYMBOLS.size()),
                BigDecimal.ONE,
                number % 2 == 0 ? Side.BUY : Side.SELL,
                OrderType.MARKET,
                TimeInForce.DAY,
                null,
                Priority.NORMAL,
                "key-0123456789",
                "request-" + number);
        return Order.accepted(id, command, nowMs);
    }

    static Order filled(Order order, long nowMs) {
        return order.withFill(OrderStatus.FILLED, order.qty(), PRICE, nowMs);
    }

    static Mutation put(Order order) {
        return put(Domains.ORDER, order.accountId(), order.id(), order.toJson());
    }

    static Mutation activity(Order order, long nowMs) {
        String id = order.id() + ":e" + order.id();
        return put(Domains.ACTIVITY, order.accountId(), id, JsonObjects.write(out -> out.text("id", id)
                .text("account_id", order.accountId())
                .text("activity_type", "FILL")
                .text("type", "fill")
                .text("order_id", order.id())
                .text("execution_id", "e" + order.id())
                .text("symbol", order.symbol())
                .text("side", order.side().text())
                .decimal("qty", order.qty())
                .decimal("price", PRICE)
                .decimal("fee", BigDecimal.ZERO)
                .decimal("cum_qty", order.qty())
                .decimal("leaves_qty", BigDecimal.ZERO)
                .text("order_status", "filled")
                .time("transaction_time", nowMs)));
    }

    static Mutation position(Order order, long number, long nowMs) {
        BigDecimal qty = BigDecimal.valueOf(number);
        return put(Domains.POSITION, order.accountId(), order.symbol(), JsonObjects.write(out -> out.text(
                        "account_id", order.accountId())
                .text("symbol", order.symbol())
                .text("asset_class", "us_equity")
                .decimal("qty", qty)
                .text("side", "long")
                .decimal("avg_entry_price", PRICE)
                .decimal("cost_basis", qty.multiply(PRICE))
                .decimal("current_price", PRICE)
                .decimal("market_value", qty.multiply(PRICE))
                .decimal("unrealized_pl", BigDecimal.ZERO)
                .time("updated_at", nowMs)));
    }

    static Mutation account(String account, long number, long nowMs) {
        BigDecimal cash = BigDecimal.valueOf(1_000_000 - number);
        return put(Domains.ACCOUNT, account, account, JsonObjects.write(out -> out.text("id", account)
                .text("account_number", account)
                .text("status", "ACTIVE")
                .text("currency", "USD")
                .decimal("cash", cash)
                .decimal("equity", cash)
                .decimal("last_equity", cash)
                .text("trading_day", "2026-01-30")
                .time("updated_at", nowMs)));
    }

    private static Mutation put(String domain, String partitionKey, String id, Json json) {
        return new Mutation(new EntityKey(domain, partitionKey, id), json);
    }
}
