package io.tradewind.orderqueue.paper;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPage;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.market.MarketHours;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Partitions;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The paper broker without its line: a {@link Book} per instrument, what was said about every order, and what was
 * executed. The rules of the market are those of docs/PAPER.md.
 *
 * <p>Pure and single threaded. Knows an order by its id and never executes one twice.
 */
final class PaperMatcher {

    /** Orders that are over and still remembered, to recognise a repetition. */
    static final int MAX_REMEMBERED = 20_000;

    private final Supplier<String> executionIds;
    private final PaperRules rules;
    private final Random random;
    private final Map<String, Book> books = new HashMap<>();
    /** Where each working order is. */
    private final Map<String, Book> bookOfOrder = new HashMap<>();

    private final Map<String, List<ExecutionReport>> over = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<ExecutionReport>> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** The latest executions, oldest first, with rising numbers. At most {@link #MAX_REMEMBERED}. */
    private final Deque<Executed> executions = new ArrayDeque<>();

    private long executed;

    private record Executed(long number, BrokerExecution execution) {}

    /** What happened in this call. */
    private List<ExecutionReport> news = new ArrayList<>();

    private long nowMs;

    PaperMatcher(Supplier<String> executionIds, PaperRules rules) {
        this.executionIds = executionIds;
        this.rules = rules;
        this.random = new Random(rules.seed());
    }

    /** Always open, with a fee by value. */
    PaperMatcher(Supplier<String> executionIds, BigDecimal slippageBps, BigDecimal feeBps) {
        this(executionIds, PaperRules.of(slippageBps, feeBps, BigDecimal.ZERO, BigDecimal.ZERO, MarketHours.ALWAYS));
    }

    /** A new order; one that is known already is answered with what happened to it. */
    List<ExecutionReport> submit(Order order, long now) {
        Optional<BrokerOrder> known = find(order.id());
        if (known.isPresent()) {
            return known.get().reports();
        }
        nowMs = now;
        Book book = book(order.symbol());
        if (rules.rejects() > 0 && random.nextDouble() < rules.rejects()) {
            teller.tell(new WorkingOrder(order, 0), Kind.REJECTED, "rejected at random, as configured");
            return said();
        }
        book.submit(order, now);
        if (book.working(order.id()) != null) {
            bookOfOrder.put(order.id(), book);
        }
        return said();
    }

    /** Cancels a working order; one that is over is answered with what happened to it. */
    List<ExecutionReport> cancel(String orderId, long now) {
        return end(orderId, Kind.CANCELED, "canceled by request", now);
    }

    /** Ends a working order in favour of another one; one that is over is answered with what happened to it. */
    List<ExecutionReport> replace(String orderId, String replacementId, long now) {
        return end(orderId, Kind.REPLACED, "replaced by " + replacementId, now);
    }

    private List<ExecutionReport> end(String orderId, Kind kind, String reason, long now) {
        Book book = bookOfOrder.get(orderId);
        if (book == null) {
            return over.getOrDefault(orderId, List.of());
        }
        nowMs = now;
        book.advance(now);
        WorkingOrder working = book.remove(orderId);
        if (working != null) {
            teller.tell(working, kind, reason);
        }
        return said();
    }

    /** The market moved. */
    List<ExecutionReport> onQuotes(List<Quote> quotes, long now) {
        nowMs = now;
        for (Quote quote : quotes) {
            book(quote.symbol()).onQuote(quote, now);
        }
        return said();
    }

    /** Time passed: sessions may be over. */
    List<ExecutionReport> onTime(long now) {
        nowMs = now;
        books.values().forEach(book -> book.advance(now));
        return said();
    }

    Optional<BrokerOrder> find(String orderId) {
        Book book = bookOfOrder.get(orderId);
        if (book != null) {
            return Optional.of(
                    new BrokerOrder(orderId, true, book.working(orderId).reports()));
        }
        List<ExecutionReport> reports = over.get(orderId);
        return reports == null ? Optional.empty() : Optional.of(new BrokerOrder(orderId, false, reports));
    }

    private Book book(String symbol) {
        return books.computeIfAbsent(symbol, name -> new Book(rules.hours().calendar(name), rules, teller, nowMs));
    }

    private List<ExecutionReport> said() {
        List<ExecutionReport> reports = news;
        news = new ArrayList<>();
        return reports;
    }

    private final Book.Teller teller = new Book.Teller() {

        @Override
        public void tell(WorkingOrder working, Kind kind, String reason) {
            say(working, report(working.order, kind, null, null, null, reason));
            boolean ended =
                    kind == Kind.CANCELED || kind == Kind.EXPIRED || kind == Kind.REJECTED || kind == Kind.REPLACED;
            if (ended) {
                end(working);
            }
        }

        @Override
        public void trailed(WorkingOrder working) {
            say(working, report(working.order, Kind.TRAILED, null, working.best(), null, null));
        }

        @Override
        public void filled(WorkingOrder working, BigDecimal qty, BigDecimal price, BigDecimal fee) {
            ExecutionReport fill = report(working.order, Kind.FILL, qty, price, fee, null);
            say(working, fill);
            remember(new BrokerExecution(fill, working.order.symbol(), working.order.side()));
            if (working.isFilled()) {
                end(working);
            }
        }
    };

    private void say(WorkingOrder working, ExecutionReport report) {
        news.add(working.said(report));
    }

    private void end(WorkingOrder working) {
        bookOfOrder.remove(working.order.id());
        over.put(working.order.id(), working.reports());
    }

    private ExecutionReport report(
            Order order, Kind kind, BigDecimal qty, BigDecimal price, BigDecimal fee, String reason) {
        return new ExecutionReport(
                executionIds.get(), order.id(), order.accountId(), kind, qty, price, fee, reason, nowMs);
    }

    /** The working orders behind an id, the lowest ids first. */
    BrokerPage<BrokerOpenOrder> openOrders(String after) {
        Comparator<WorkingOrder> byId = Comparator.comparing(working -> working.order.id());
        PriorityQueue<WorkingOrder> lowest = new PriorityQueue<>(byId.reversed());
        boolean more = false;
        for (Book book : books.values()) {
            for (WorkingOrder each : book.all()) {
                if (after == null || each.order.id().compareTo(after) > 0) {
                    lowest.add(each);
                    if (lowest.size() > Broker.MAX_PAGE) {
                        lowest.remove();
                        more = true;
                    }
                }
            }
        }
        List<WorkingOrder> page = lowest.stream().sorted(byId).toList();
        return new BrokerPage<>(
                page.stream().map(PaperMatcher::open).toList(),
                more ? page.get(page.size() - 1).order.id() : null);
    }

    private static BrokerOpenOrder open(WorkingOrder working) {
        Order order = working.order;
        return new BrokerOpenOrder(
                order.id(), order.accountId(), order.symbol(), order.side(), order.qty(), working.filledQty());
    }

    /** @param cursor the number of the first execution to tell */
    BrokerPage<BrokerExecution> executions(long sinceMs, String cursor) {
        long from = cursor == null ? 0 : Long.parseLong(cursor);
        List<BrokerExecution> page = new ArrayList<>();
        for (Executed each : executions) {
            if (each.number() >= from && each.execution().report().timeMs() >= sinceMs) {
                if (page.size() == Broker.MAX_PAGE) {
                    return new BrokerPage<>(page, Long.toString(each.number()));
                }
                page.add(each.execution());
            }
        }
        return new BrokerPage<>(page, null);
    }

    /**
     * Knows nothing more of the accounts of a partition: another venue executes their orders from now on, as they are
     * booked. What was executed here and never booked has never counted.
     */
    void forget(int partition) {
        for (Book book : books.values()) {
            List<String> theirs = new ArrayList<>();
            for (WorkingOrder working : book.all()) {
                if (Partitions.of(working.order.accountId()) == partition) {
                    theirs.add(working.order.id());
                }
            }
            theirs.forEach(id -> {
                book.remove(id);
                bookOfOrder.remove(id);
            });
        }
        over.values().removeIf(reports -> isOf(partition, reports));
        executions.removeIf(each -> isOf(partition, List.of(each.execution().report())));
    }

    private static boolean isOf(int partition, List<ExecutionReport> reports) {
        return !reports.isEmpty() && Partitions.of(reports.get(0).accountId()) == partition;
    }

    private void remember(BrokerExecution execution) {
        executions.addLast(new Executed(executed++, execution));
        if (executions.size() > MAX_REMEMBERED) {
            executions.removeFirst();
        }
    }
}
