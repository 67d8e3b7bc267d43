package io.tradewind.orderqueue;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPage;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Side;
import io.tradewind.orderqueue.endpoint.BrokerSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A broker that does what a test tells it: it works orders, can be out of reach, and may execute, forget or trade
 * without saying so. It knows all orders in whichever session they came, and tells of each in the session that sent it
 * or asked for it last. Any thread: everything is under one lock, reports are told on the event loop of the session.
 */
final class StubBroker {

    private static final class Working {
        final Order order;
        final List<ExecutionReport> reports = new ArrayList<>();
        BigDecimal executed;
        boolean open = true;
        Session session;

        Working(Order order, Session session) {
            this.order = order;
            this.session = session;
            this.executed = order.filledQty();
        }
    }

    private final Map<String, Working> orders = new LinkedHashMap<>();
    private final Map<String, BrokerOpenOrder> byHand = new LinkedHashMap<>();
    private final List<BrokerExecution> executions = new ArrayList<>();
    private List<BrokerPosition> books;
    private boolean reachable = true;
    private int ids;
    private String price;
    private Block block;
    private final List<Session> sessions = new ArrayList<>();

    /** Another session, for another worker. */
    synchronized BrokerSession session() {
        Session session = new Session();
        sessions.add(session);
        return BrokerSession.of(session);
    }

    // ---- what a test does

    synchronized void reachable(boolean isReachable) {
        reachable = isReachable;
        sessions.forEach(session -> session.tell(listener -> {
            if (isReachable) {
                listener.onConnected();
            } else {
                listener.onDisconnected("the test pulled the plug");
            }
        }));
    }

    /** From now on it executes every order as soon as it has it. */
    synchronized void fillAtOnce(String atPrice) {
        price = atPrice;
    }

    /**
     * The next orders that it is sent block the thread of the worker that sends them, until {@link #release}.
     *
     * @param afterwards when it has taken them; else before it has seen them
     */
    synchronized void blockOnce(boolean afterwards) {
        block = new Block(afterwards);
    }

    synchronized boolean isBlocking() {
        return block != null && block.entered;
    }

    /** Lets the blocked thread go on. */
    void release() {
        Block blocking;
        synchronized (this) {
            blocking = block;
            block = null;
        }
        if (blocking != null) {
            blocking.over.countDown();
        }
    }

    /** A thread that is held up. */
    private static final class Block {
        final boolean afterwards;
        final CountDownLatch over = new CountDownLatch(1);
        boolean entered;

        Block(boolean afterwards) {
            this.afterwards = afterwards;
        }
    }

    private void mayBlock(boolean afterwards) {
        Block blocking;
        synchronized (this) {
            if (block == null || block.entered || block.afterwards != afterwards) {
                return;
            }
            blocking = block;
            blocking.entered = true;
        }
        try {
            blocking.over.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized int executions() {
        return executions.size();
    }

    /** Orders of which it has executed more than was ordered. */
    synchronized List<String> executedTwice() {
        return orders.values().stream()
                .filter(working -> working.executed.compareTo(working.order.qty()) > 0)
                .map(working -> working.order.id())
                .toList();
    }

    synchronized boolean has(String orderId) {
        return orders.containsKey(orderId);
    }

    synchronized boolean works(String orderId) {
        return has(orderId) && orders.get(orderId).open;
    }

    /** The orders that it works. */
    synchronized List<Order> working() {
        return orders.values().stream()
                .filter(working -> working.open)
                .map(working -> working.order)
                .toList();
    }

    /** Executes a part of an order, and reports it or not. */
    synchronized void fill(String orderId, String qty, String price, boolean isTold) {
        Working working = orders.get(orderId);
        working.executed = working.executed.add(new BigDecimal(qty));
        working.open &= working.executed.compareTo(working.order.qty()) < 0;
        ExecutionReport fill =
                report(orderId, working.order.accountId(), Kind.FILL, new BigDecimal(qty), new BigDecimal(price));
        working.reports.add(fill);
        executions.add(new BrokerExecution(fill, working.order.symbol(), working.order.side()));
        if (isTold) {
            working.session.tell(List.of(fill));
        }
    }

    /** Ends an order without saying so. */
    synchronized void endSilently(String orderId) {
        end(orders.get(orderId));
    }

    /** Says that an order is canceled, and goes on working it. */
    synchronized void lieAboutACancel(String orderId) {
        Working working = orders.get(orderId);
        working.session.tell(List.of(report(orderId, working.order.accountId(), Kind.CANCELED, null, null)));
    }

    synchronized void forget(String orderId) {
        orders.remove(orderId);
    }

    synchronized void tradeByHand(String account, String symbol, Side side, String qty, String price) {
        ExecutionReport fill = report("by-hand-" + ids, account, Kind.FILL, new BigDecimal(qty), new BigDecimal(price));
        executions.add(new BrokerExecution(fill, symbol, side));
    }

    synchronized String orderByHand(String account, String symbol) {
        String id = "by-hand-" + ++ids;
        byHand.put(id, new BrokerOpenOrder(id, account, symbol, Side.BUY, BigDecimal.TEN, BigDecimal.ZERO));
        return id;
    }

    synchronized void cancelByHand(String id) {
        byHand.remove(id);
    }

    /** From now on it keeps books, in which only this is. */
    synchronized void holds(BrokerPosition... positions) {
        books = List.of(positions);
    }

    // ---- what the order-queue asks

    /** One worker's line to the broker. */
    private final class Session implements Broker {

        private Listener listener;
        private Context context;

        @Override
        public Future<Void> open(Listener reportsTo) {
            synchronized (StubBroker.this) {
                if (!reachable) {
                    return away();
                }
                context = Vertx.currentContext();
                listener = reportsTo;
                return Future.succeededFuture();
            }
        }

        @Override
        public Future<Void> submit(List<Order> sent) {
            mayBlock(false);
            Future<Void> taken = take(sent);
            mayBlock(true);
            return taken;
        }

        private Future<Void> take(List<Order> sent) {
            synchronized (StubBroker.this) {
                if (!reachable) {
                    return away();
                }
                for (Order order : sent) {
                    Working known = orders.get(order.id());
                    if (known != null) {
                        tell(List.copyOf(known.reports));
                        continue;
                    }
                    Working working = new Working(order, this);
                    orders.put(order.id(), working);
                    working.reports.add(report(order.id(), order.accountId(), Kind.NEW, null, null));
                    tell(List.copyOf(working.reports));
                    if (price != null) {
                        fill(order.id(), order.qty().toPlainString(), price, true);
                    }
                }
                return Future.succeededFuture();
            }
        }

        @Override
        public Future<Void> cancel(List<String> orderIds) {
            synchronized (StubBroker.this) {
                if (!reachable) {
                    return away();
                }
                for (String id : orderIds) {
                    Working working = orders.get(id);
                    if (working != null) {
                        if (working.open) {
                            end(working);
                        }
                        tell(List.copyOf(working.reports));
                    }
                }
                return Future.succeededFuture();
            }
        }

        @Override
        public Future<Optional<BrokerOrder>> find(String orderId) {
            synchronized (StubBroker.this) {
                if (!reachable) {
                    return away();
                }
                Working working = orders.get(orderId);
                if (working != null) {
                    working.session = this;
                }
                return Future.succeededFuture(Optional.ofNullable(
                        working == null ? null : new BrokerOrder(orderId, working.open, List.copyOf(working.reports))));
            }
        }

        @Override
        public Future<BrokerPage<BrokerOpenOrder>> openOrders(String cursor) {
            synchronized (StubBroker.this) {
                if (!reachable) {
                    return away();
                }
                List<BrokerOpenOrder> open = new ArrayList<>(byHand.values());
                orders.values().stream()
                        .filter(working -> working.open)
                        .map(working -> new BrokerOpenOrder(
                                working.order.id(),
                                working.order.accountId(),
                                working.order.symbol(),
                                working.order.side(),
                                working.order.qty(),
                                working.executed))
                        .forEach(open::add);
                return Future.succeededFuture(page(open, cursor));
            }
        }

        @Override
        public Future<BrokerPage<BrokerExecution>> executions(long sinceMs, String cursor) {
            synchronized (StubBroker.this) {
                return reachable
                        ? Future.succeededFuture(page(
                                executions.stream()
                                        .filter(each -> each.report().timeMs() >= sinceMs)
                                        .toList(),
                                cursor))
                        : away();
            }
        }

        @Override
        public Future<Optional<List<BrokerPosition>>> positions() {
            synchronized (StubBroker.this) {
                return reachable ? Future.succeededFuture(Optional.ofNullable(books)) : away();
            }
        }

        @Override
        public Future<Void> close() {
            synchronized (StubBroker.this) {
                listener = null;
                return Future.succeededFuture();
            }
        }

        private void tell(List<ExecutionReport> reports) {
            tell(hearing -> hearing.onReports(reports));
        }

        private void tell(Consumer<Listener> news) {
            Listener hearing = listener;
            if (hearing != null) {
                context.runOnContext(v -> news.accept(hearing));
            }
        }
    }

    /** One at a time, so that paging is followed; all at once where there are many. */
    private <T> BrokerPage<T> page(List<T> all, String cursor) {
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        int to = Math.min(all.size(), from + (price == null ? 1 : Broker.MAX_PAGE));
        return new BrokerPage<>(
                from >= all.size() ? List.of() : all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
    }

    private void end(Working working) {
        working.open = false;
        working.reports.add(report(working.order.id(), working.order.accountId(), Kind.CANCELED, null, null));
    }

    private ExecutionReport report(String orderId, String account, Kind kind, BigDecimal qty, BigDecimal price) {
        return new ExecutionReport(
                "x-" + ++ids,
                orderId,
                account,
                kind,
                qty,
                price,
                qty == null ? null : BigDecimal.ZERO,
                kind == Kind.CANCELED ? "so it is" : null,
                System.currentTimeMillis());
    }

    private static <T> Future<T> away() {
        return Future.failedFuture("the test has it out of reach");
    }
}
