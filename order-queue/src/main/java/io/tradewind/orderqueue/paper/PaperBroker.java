package io.tradewind.orderqueue.paper;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPage;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Order;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The built-in broker: executes against the market-data feed, by the rules of docs/PAPER.md. Its memory is that of the
 * process: after a restart it has never seen any order, and those that work are sent to it again with what is stored of
 * them, which loses nothing, since an execution that was not booked never counted.
 *
 * <p>A line to it can be made slow for tests: then requests and questions arrive late, each behind those before it.
 *
 * <p>One for each worker, on its event loop. Reports are told in the next turn of the loop, all of a turn together, as a
 * real venue would tell them: never before the call that caused them has returned.
 */
public final class PaperBroker implements Broker {

    /** How often it looks whether a session is over while no quote comes. */
    private static final long CLOCK_MS = 1_000;

    private final Vertx vertx;
    private final Clock clock;
    private final PaperMatcher matcher;
    private final PaperRules rules;
    private final Random random;
    /** Requests and questions on the slow line, and when they arrive. Bounded by what is in flight. */
    private final Deque<Late> line = new ArrayDeque<>();

    private long lastDueMs;
    private long clockTimer;
    private boolean closed;
    private Listener listener;
    private List<ExecutionReport> pending = new ArrayList<>();

    private record Late(long dueMs, Runnable arrival) {}

    /** @param executionIds makes unique texts */
    public PaperBroker(Vertx vertx, Clock clock, Supplier<String> executionIds, PaperRules rules) {
        this.vertx = vertx;
        this.clock = clock;
        this.rules = rules;
        this.random = new Random(rules.seed());
        this.matcher = new PaperMatcher(executionIds, rules);
    }

    @Override
    public Future<Void> open(Listener reportsTo) {
        listener = reportsTo;
        clockTimer = vertx.setPeriodic(CLOCK_MS, id -> tell(matcher.onTime(clock.millis())));
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> submit(List<Order> orders) {
        return arrive(() -> {
            long now = clock.millis();
            for (Order order : orders) {
                tell(matcher.submit(order, now));
            }
            return null;
        });
    }

    @Override
    public Future<Void> cancel(List<String> orderIds) {
        return arrive(() -> {
            long now = clock.millis();
            for (String orderId : orderIds) {
                tell(matcher.cancel(orderId, now));
            }
            return null;
        });
    }

    @Override
    public Future<Void> replace(String orderId, Order replacement) {
        return arrive(() -> {
            tell(matcher.replace(orderId, replacement.id(), clock.millis()));
            return null;
        });
    }

    @Override
    public Future<Optional<BrokerOrder>> find(String orderId) {
        return arrive(() -> matcher.find(orderId));
    }

    @Override
    public Future<BrokerPage<BrokerOpenOrder>> openOrders(String cursor) {
        return arrive(() -> matcher.openOrders(cursor));
    }

    @Override
    public Future<BrokerPage<BrokerExecution>> executions(long sinceMs, String cursor) {
        return arrive(() -> matcher.executions(sinceMs, cursor));
    }

    /** At once, or at the end of the slow line. */
    private <T> Future<T> arrive(Supplier<T> request) {
        if (rules.latencyMs() == 0 && rules.jitterMs() == 0) {
            return Future.succeededFuture(request.get());
        }
        Promise<T> answer = Promise.promise();
        long jitter = rules.jitterMs() == 0 ? 0 : random.nextInt((int) rules.jitterMs() + 1);
        lastDueMs = Math.max(lastDueMs, clock.millis() + rules.latencyMs() + jitter);
        line.addLast(new Late(lastDueMs, () -> answer.complete(request.get())));
        if (line.size() == 1) {
            waitForFirst();
        }
        return answer.future();
    }

    private void waitForFirst() {
        vertx.setTimer(Math.max(1, line.getFirst().dueMs() - clock.millis()), id -> {
            if (closed) {
                return; // nobody hears an answer any more: whatever was on the line is lost, as with a real one
            }
            Runnable arrival = line.getFirst().arrival();
            try {
                arrival.run();
            } finally {
                line.removeFirst();
                if (!line.isEmpty()) {
                    waitForFirst();
                }
            }
        });
    }

    /** None: what an account holds is what the order-queue has booked. */
    @Override
    public Future<Optional<List<BrokerPosition>>> positions() {
        return Future.succeededFuture(Optional.empty());
    }

    /** The market moved. */
    public void onQuotes(List<Quote> quotes) {
        tell(matcher.onQuotes(quotes, clock.millis()));
    }

    @Override
    public Future<Void> letGo(int partition) {
        return arrive(() -> {
            matcher.forget(partition);
            return null;
        });
    }

    @Override
    public Future<Void> close() {
        listener = null;
        closed = true;
        vertx.cancelTimer(clockTimer);
        return Future.succeededFuture();
    }

    private void tell(List<ExecutionReport> reports) {
        if (reports.isEmpty()) {
            return;
        }
        if (pending.isEmpty()) {
            vertx.runOnContext(v -> {
                List<ExecutionReport> batch = pending;
                pending = new ArrayList<>();
                if (listener != null) {
                    listener.onReports(batch);
                }
            });
        }
        pending.addAll(reports);
    }
}
