package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A broker behind a bad line. Requests arrive in order or not at all, reports arrive late, twice, in any order or not
 * at all; what it executes is kept exactly, and a question about an order is answered after all requests before it.
 */
final class SimulatedBroker {

    /** An order at the broker. */
    static final class Working {
        final Order order;
        final List<ExecutionReport> reports = new ArrayList<>();
        BigDecimal executed;
        boolean open = true;

        Working(Order order) {
            this.order = order;
            this.executed = order.filledQty();
        }
    }

    private final Random random;
    private final Supplier<String> executionIds = Samples.ids("execution");
    private final Deque<Runnable> requests = new ArrayDeque<>();
    private final List<ExecutionReport> onTheWire = new ArrayList<>();
    private final Consumer<Order> onArrival;
    private final List<BrokerExecution> executions = new ArrayList<>();
    final Map<String, Working> orders = new LinkedHashMap<>();

    /** @param onArrival sees every order that arrives */
    SimulatedBroker(Random random, Consumer<Order> onArrival) {
        this.random = random;
        this.onArrival = onArrival;
    }

    void submit(List<Order> sent) {
        sent.forEach(order -> requests.addLast(() -> arrive(order)));
    }

    void cancel(List<String> ids) {
        ids.forEach(id -> requests.addLast(() -> cancel(id)));
    }

    boolean hasRequests() {
        return !requests.isEmpty();
    }

    boolean hasReports() {
        return !onTheWire.isEmpty();
    }

    void takeRequest() {
        requests.removeFirst().run();
    }

    void loseRequest() {
        requests.removeFirst();
    }

    Optional<BrokerOrder> find(String id) {
        while (hasRequests()) {
            takeRequest();
        }
        Working working = orders.get(id);
        return working == null ? Optional.empty() : Optional.of(new BrokerOrder(id, working.open, working.reports));
    }

    /** Some reports from anywhere on the wire. */
    List<ExecutionReport> deliver(boolean reliably) {
        List<ExecutionReport> delivered = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0 && hasReports(); i--) {
            ExecutionReport report = onTheWire.remove(random.nextInt(onTheWire.size()));
            int fate = reliably ? 0 : random.nextInt(10);
            if (fate == 9) {
                onTheWire.add(report);
            }
            if (fate != 8) {
                delivered.add(report);
            }
        }
        return delivered;
    }

    /** Something happens at the broker. */
    void act() {
        List<Working> open = orders.values().stream().filter(w -> w.open).toList();
        if (open.isEmpty()) {
            return;
        }
        Working working = open.get(random.nextInt(open.size()));
        if (random.nextInt(10) == 0) {
            end(working, random.nextBoolean() ? Kind.EXPIRED : Kind.CANCELED);
            return;
        }
        BigDecimal leaves = working.order.qty().subtract(working.executed);
        BigDecimal qty = random.nextBoolean()
                ? leaves
                : BigDecimal.valueOf(
                        1 + random.nextInt(leaves.multiply(BigDecimal.TEN).intValueExact()), 1);
        BigDecimal price = BigDecimal.valueOf(9_000 + random.nextInt(2_000), 2);
        working.executed = working.executed.add(qty);
        working.open = working.executed.compareTo(working.order.qty()) < 0;
        tell(working, Kind.FILL, qty, price, BigDecimal.valueOf(random.nextInt(100), 3));
        ExecutionReport fill = working.reports.get(working.reports.size() - 1);
        executions.add(new BrokerExecution(fill, working.order.symbol(), working.order.side()));
    }

    /** It says what is not so, forgets what it was sent, or serves somebody who does not tell us. */
    void misbehave(List<String> accounts, List<String> symbols) {
        List<Working> open = orders.values().stream().filter(w -> w.open).toList();
        int what = random.nextInt(3);
        if (what == 0) {
            tradeByHand(accounts.get(random.nextInt(accounts.size())), symbols.get(random.nextInt(symbols.size())));
        } else if (!open.isEmpty()) {
            Working working = open.get(random.nextInt(open.size()));
            if (what == 1) {
                // Canceled, it says, and goes on working it.
                onTheWire.add(report(working, Kind.CANCELED, null, null, null));
            } else if (working.executed.compareTo(working.order.filledQty()) == 0) {
                orders.remove(working.order.id());
                onTheWire.removeIf(report -> report.orderId().equals(working.order.id()));
            }
        }
    }

    private void tradeByHand(String account, String symbol) {
        String execution = executionIds.get();
        ExecutionReport fill = new ExecutionReport(
                execution,
                "by-hand-" + execution,
                account,
                Kind.FILL,
                BigDecimal.valueOf(1 + random.nextInt(50), 1),
                BigDecimal.valueOf(9_000 + random.nextInt(2_000), 2),
                BigDecimal.ZERO,
                null,
                Samples.NOW);
        executions.add(new BrokerExecution(fill, symbol, random.nextBoolean() ? Side.BUY : Side.SELL));
    }

    List<BrokerOpenOrder> openOrders() {
        return orders.values().stream()
                .filter(working -> working.open)
                .map(working -> new BrokerOpenOrder(
                        working.order.id(),
                        working.order.accountId(),
                        working.order.symbol(),
                        working.order.side(),
                        working.order.qty(),
                        working.executed))
                .toList();
    }

    List<BrokerExecution> executions() {
        return List.copyOf(executions);
    }

    List<BrokerPosition> positions(List<String> accounts, List<String> symbols) {
        List<BrokerPosition> positions = new ArrayList<>();
        for (String account : accounts) {
            symbols.forEach(symbol -> positions.add(new BrokerPosition(account, symbol, net(account, symbol))));
        }
        return positions;
    }

    /** Units bought, less units sold, of one account and symbol. */
    BigDecimal net(String account, String symbol) {
        return executions.stream()
                .filter(each -> each.report().accountId().equals(account)
                        && each.symbol().equals(symbol))
                .map(each -> each.side() == Side.BUY
                        ? each.report().qty()
                        : each.report().qty().negate())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private void arrive(Order order) {
        onArrival.accept(order);
        if (orders.containsKey(order.id())) {
            onTheWire.addAll(orders.get(order.id()).reports);
            return;
        }
        Working working = new Working(order);
        orders.put(order.id(), working);
        if (random.nextInt(12) == 0) {
            end(working, Kind.REJECTED);
        } else {
            tell(working, Kind.NEW, null, null, null);
        }
    }

    private void cancel(String id) {
        Working working = orders.get(id);
        if (working == null) {
            if (random.nextBoolean()) {
                onTheWire.add(new ExecutionReport(
                        executionIds.get(), id, "", Kind.CANCEL_REJECTED, null, null, null, "unknown", Samples.NOW));
            }
        } else if (!working.open) {
            onTheWire.addAll(working.reports);
        } else if (random.nextInt(6) == 0) {
            onTheWire.add(report(working, Kind.CANCEL_REJECTED, null, null, null));
        } else {
            end(working, Kind.CANCELED);
        }
    }

    private void end(Working working, Kind kind) {
        working.open = false;
        tell(working, kind, null, null, null);
    }

    private void tell(Working working, Kind kind, BigDecimal qty, BigDecimal price, BigDecimal fee) {
        ExecutionReport report = report(working, kind, qty, price, fee);
        working.reports.add(report);
        onTheWire.add(report);
    }

    private ExecutionReport report(Working working, Kind kind, BigDecimal qty, BigDecimal price, BigDecimal fee) {
        return new ExecutionReport(
                executionIds.get(),
                working.order.id(),
                working.order.accountId(),
                kind,
                qty,
                price,
                fee,
                "so it is",
                Samples.NOW);
    }
}
