package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenBookTest {

    private static final int SEEDS = 200;
    private static final int STEPS = 300;
    private static final List<OrderType> TYPES =
            List.of(OrderType.MARKET, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT);
    private static final List<String> SYMBOLS = List.of("AAPL", "BTC/USD");

    /** Whatever happens to orders, the book is what counting them anew would give. */
    @Test
    void shouldBeTheSumOfTheOpenOrders() {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            Random random = new Random(seed);
            OpenBook book = new OpenBook();
            List<Order> open = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                if (open.isEmpty() || random.nextInt(3) == 0) {
                    Order order = order(random, "o" + step);
                    open.add(order);
                    book.add(order);
                } else {
                    int index = random.nextInt(open.size());
                    Order before = open.get(index);
                    Order after = changed(random, before);
                    book.change(before, after);
                    if (after.status().isTerminal()) {
                        open.remove(index);
                    } else {
                        open.set(index, after);
                    }
                }
                check(book, open, "replay with -Dseed=" + seed + ", step " + step);
            }
        }
    }

    private static Order order(Random random, String id) {
        OrderType type = TYPES.get(random.nextInt(TYPES.size()));
        BigDecimal price = BigDecimal.valueOf(95 + random.nextInt(5));
        OrderTerms terms = OrderTerms.of(SYMBOLS.get(random.nextInt(2)), random.nextBoolean() ? Side.BUY : Side.SELL)
                .qty(BigDecimal.valueOf(1 + random.nextInt(5)))
                .type(type)
                .limitPrice(type.hasLimit() ? price : null)
                .stopPrice(type.hasStop() ? price : null)
                .build();
        Order order = Order.accepted(id, new PlaceOrder("alice", id, terms, "key", "request"), NOW);
        return random.nextInt(4) == 0 ? order.withStatus(OrderStatus.HELD, NOW, null) : order;
    }

    private static Order changed(Random random, Order before) {
        return switch (random.nextInt(5)) {
            case 0 -> before.withStatus(OrderStatus.CANCELED, NOW, "why");
            case 1 ->
                before.withFill(
                        OrderStatus.PARTIALLY_FILLED,
                        before.filledQty().add(before.leavesQty().multiply(decimal("0.5"))),
                        BigDecimal.TEN,
                        NOW);
            case 2 ->
                before.withStatus(
                        before.status() == OrderStatus.HELD ? OrderStatus.ACCEPTED : OrderStatus.NEW, NOW, null);
            case 3 -> before.withQty(before.qty().add(BigDecimal.ONE));
            default -> before.type().hasStop() && !before.isTriggered() ? before.withTrigger(NOW) : before;
        };
    }

    private static void check(OpenBook book, List<Order> open, String message) {
        for (String symbol : SYMBOLS) {
            for (Side side : Side.values()) {
                BigDecimal leaves =
                        counting(open, symbol, side).map(Order::leavesQty).reduce(BigDecimal.ZERO, BigDecimal::add);
                assertEquals(0, leaves.compareTo(book.open(symbol, side)), message);
                List<BigDecimal> prices = counting(open, symbol, side)
                        .filter(order -> order.workingType() == OrderType.LIMIT)
                        .map(Order::limitPrice)
                        .filter(Objects::nonNull)
                        .sorted()
                        .toList();
                BigDecimal best = prices.isEmpty() ? null : prices.get(side == Side.BUY ? prices.size() - 1 : 0);
                assertEquals(best, book.best(symbol, side), message);
            }
        }
    }

    private static Stream<Order> counting(List<Order> open, String symbol, Side side) {
        return open.stream()
                .filter(order ->
                        order.symbol().equals(symbol) && order.side() == side && order.status() != OrderStatus.HELD);
    }
}
