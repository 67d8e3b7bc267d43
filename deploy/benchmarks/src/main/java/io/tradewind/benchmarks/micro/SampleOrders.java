package io.tradewind.benchmarks.micro;

import io.tradewind.contracts.orders.Order;
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
import java.util.UUID;

/** Orders like those of the load: same symbols, same lengths, ids that do not compress. */
final class SampleOrders {

    /** Orders of one commit, as group commit makes them from 64 connections. */
    static final int COMMIT = 64;

    private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "GOOG", "AMZN", "NVDA", "SPY");
    private static final long TIME_MS = 1_790_000_000_125L;

    private SampleOrders() {}

    static Order order(int number) {
        return Order.accepted(
                new UUID(number * 0x9E3779B97F4A7C15L, ~(number * 0xC2B2AE3D27D4EB4FL)).toString(),
                new PlaceOrder(
                        "default",
                        "bench-0123abcd-" + (100_000_000 + number),
                        SYMBOLS.get(number % SYMBOLS.size()),
                        BigDecimal.ONE,
                        number % 2 == 0 ? Side.BUY : Side.SELL,
                        OrderType.MARKET,
                        TimeInForce.DAY,
                        null,
                        Priority.NORMAL,
                        "key-0123456789",
                        "request-" + number),
                TIME_MS);
    }

    static List<CommittedTransaction> commit() {
        List<CommittedTransaction> commit = new ArrayList<>();
        for (int i = 0; i < COMMIT; i++) {
            Order order = order(i);
            EntityKey key = new EntityKey(Domains.ORDER, order.accountId(), order.id());
            commit.add(new CommittedTransaction(
                    i + 1L,
                    TIME_MS,
                    "place-" + order.id(),
                    new Cause("request-" + i, order.clientOrderId(), "key-0123456789"),
                    List.of(new Mutation(key, order.toJson()))));
        }
        return commit;
    }
}
