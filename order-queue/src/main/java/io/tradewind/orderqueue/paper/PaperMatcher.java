package io.tradewind.orderqueue.paper;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPage;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * The rules of the paper broker: a market order fills at the far side of the quote; a limit order that crosses the
 * quote fills there too, otherwise it rests (or is canceled, for {@code ioc} and {@code fok}) until a quote crosses it.
 * Slippage moves a market fill against the order, a fee is a share of the value. The market is always open, so that a
 * {@code day} order rests like a {@code gtc} one.
 *
 * <p>Pure and single threaded. Knows an order by its id and never executes one twice.
 */
final class PaperMatcher {

    /** Orders that are over and still remembered, to recognise a repetition. */
    static final int MAX_REMEMBERED = 20_000;

    private static final int PRICE_SCALE = 9;
    private static final BigDecimal BASIS_POINTS = BigDecimal.valueOf(10_000);

    private final Supplier<String> executionIds;
    private final BigDecimal slippage;
    private final BigDecimal fee;
    private final Map<String, Quote> quotes = new HashMap<>();
    private final Map<String, Map<String, Order>> restingBySymbol = new HashMap<>();
    private final Map<String, Resting> resting = new HashMap<>();
    private final Map<String, List<ExecutionReport>> over = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ExecutionReport>> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** The latest executions, oldest first, numbered from {@link #forgotten} on. At most {@link #MAX_REMEMBERED}. */
    private final Deque<BrokerExecution> executions = new ArrayDeque<>();

    private long forgotten;

    /** A working order and what was said about it. */
    private record Resting(Order order, ExecutionReport accepted) {}

    PaperMatcher(Supplier<String> executionIds, BigDecimal slippageBps, BigDecimal feeBps) {
        this.executionIds = executionIds;
        this.slippage = slippageBps.divide(BASIS_POINTS);
        this.fee = feeBps.divide(BASIS_POINTS);
    }

    /** A new order; one that is known already is answered with what happened to it. */
    List<ExecutionReport> submit(Order order, long nowMs) {
        Optional<BrokerOrder> known = find(order.id());
        if (known.isPresent()) {
            return known.get().reports();
        }
        Quote quote = quotes.get(order.symbol());
        BigDecimal price = quote == null ? null : fillPrice(order, quote);
        if (price != null) {
            return end(order, filled(order, price, nowMs));
        }
        if (order.timeInForce() == TimeInForce.IOC || order.timeInForce() == TimeInForce.FOK) {
            return end(order, canceled(order, "nothing to fill it with at once", nowMs));
        }
        ExecutionReport accepted = report(order, Kind.NEW, null, null, null, null, nowMs);
        resting.put(order.id(), new Resting(order, accepted));
        restingBySymbol
                .computeIfAbsent(order.symbol(), s -> new LinkedHashMap<>())
                .put(order.id(), order);
        return List.of(accepted);
    }

    /** Cancels a resting order; one that is over is answered with what happened to it. */
    List<ExecutionReport> cancel(String orderId, long nowMs) {
        Resting found = resting.remove(orderId);
        if (found == null) {
            return over.getOrDefault(orderId, List.of());
        }
        Order order = found.order();
        restingBySymbol.get(order.symbol()).remove(orderId);
        return end(order, canceled(order, "canceled by request", nowMs));
    }

    /** New quotes: fills what they cross, oldest order first. */
    List<ExecutionReport> onQuotes(List<Quote> news, long nowMs) {
        List<ExecutionReport> reports = new ArrayList<>();
        for (Quote quote : news) {
            quotes.put(quote.symbol(), quote);
            Iterator<Order> orders = restingBySymbol
                    .getOrDefault(quote.symbol(), Map.of())
                    .values()
                    .iterator();
            while (orders.hasNext()) {
                Order order = orders.next();
                BigDecimal price = fillPrice(order, quote);
                if (price != null) {
                    orders.remove();
                    resting.remove(order.id());
                    reports.addAll(end(order, filled(order, price, nowMs)));
                }
            }
        }
        return reports;
    }

    Optional<BrokerOrder> find(String orderId) {
        Resting working = resting.get(orderId);
        if (working != null) {
            return Optional.of(new BrokerOrder(orderId, true, List.of(working.accepted())));
        }
        List<ExecutionReport> reports = over.get(orderId);
        return reports == null ? Optional.empty() : Optional.of(new BrokerOrder(orderId, false, reports));
    }

    /** The working orders behind an id, the lowest ids first. */
    BrokerPage<BrokerOpenOrder> openOrders(String after) {
        PriorityQueue<Order> lowest =
                new PriorityQueue<>(Comparator.comparing(Order::id).reversed());
        boolean more = false;
        for (Resting each : resting.values()) {
            if (after == null || each.order().id().compareTo(after) > 0) {
                lowest.add(each.order());
                if (lowest.size() > Broker.MAX_PAGE) {
                    lowest.remove();
                    more = true;
                }
            }
        }
        List<Order> page =
                lowest.stream().sorted(Comparator.comparing(Order::id)).toList();
        return new BrokerPage<>(
                page.stream().map(PaperMatcher::open).toList(),
                more ? page.get(page.size() - 1).id() : null);
    }

    private static BrokerOpenOrder open(Order order) {
        return new BrokerOpenOrder(
                order.id(), order.accountId(), order.symbol(), order.side(), order.qty(), order.filledQty());
    }

    /** @param cursor the number of the first execution to tell */
    BrokerPage<BrokerExecution> executions(long sinceMs, String cursor) {
        long from = cursor == null ? 0 : Long.parseLong(cursor);
        long number = forgotten;
        List<BrokerExecution> page = new ArrayList<>();
        for (BrokerExecution execution : executions) {
            if (number++ >= from && execution.report().timeMs() >= sinceMs) {
                if (page.size() == Broker.MAX_PAGE) {
                    return new BrokerPage<>(page, Long.toString(number - 1));
                }
                page.add(execution);
            }
        }
        return new BrokerPage<>(page, null);
    }

    private void remember(BrokerExecution execution) {
        executions.addLast(execution);
        if (executions.size() > MAX_REMEMBERED) {
            executions.removeFirst();
            forgotten++;
        }
    }

    private List<ExecutionReport> end(Order order, ExecutionReport last) {
        List<ExecutionReport> reports = List.of(last);
        over.put(order.id(), reports);
        return reports;
    }

    /** @return {@code null} when the quote does not cross the order */
    private BigDecimal fillPrice(Order order, Quote quote) {
        boolean buys = order.side() == Side.BUY;
        BigDecimal far = buys ? quote.ask() : quote.bid();
        if (order.type() == OrderType.MARKET) {
            BigDecimal worse = far.multiply(slippage);
            return buys ? far.add(worse) : far.subtract(worse);
        }
        int gap = far.compareTo(order.limitPrice());
        return (buys ? gap <= 0 : gap >= 0) ? far : null;
    }

    private ExecutionReport filled(Order order, BigDecimal price, long nowMs) {
        BigDecimal qty = order.leavesQty();
        BigDecimal cost = qty.multiply(price).multiply(fee).setScale(PRICE_SCALE, RoundingMode.HALF_EVEN);
        ExecutionReport fill = report(order, Kind.FILL, qty, price, cost, null, nowMs);
        remember(new BrokerExecution(fill, order.symbol(), order.side()));
        return fill;
    }

    private ExecutionReport canceled(Order order, String reason, long nowMs) {
        return report(order, Kind.CANCELED, null, null, null, reason, nowMs);
    }

    private ExecutionReport report(
            Order order, Kind kind, BigDecimal qty, BigDecimal price, BigDecimal cost, String reason, long nowMs) {
        return new ExecutionReport(
                executionIds.get(), order.id(), order.accountId(), kind, qty, price, cost, reason, nowMs);
    }
}
