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
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The built-in broker: executes against the market-data feed. Its memory is that of the process: after a restart it
 * has never seen any order, and resting ones are sent to it again, which loses nothing, since an execution that was not
 * booked never counted.
 *
 * <p>On the event loop of the order-queue. Reports are told in the next turn of the loop, all of a turn together, as a
 * real venue would tell them: never before the call that caused them has returned.
 */
public final class PaperBroker implements Broker {

    private final Vertx vertx;
    private final Clock clock;
    private final PaperMatcher matcher;
    private Listener listener;
    private List<ExecutionReport> pending = new ArrayList<>();

    /**
     * @param executionIds makes unique texts
     * @param slippageBps what a market order pays above the quote, in hundredths of a percent
     * @param feeBps what a fill costs, in hundredths of a percent of its value
     */
    public PaperBroker(
            Vertx vertx, Clock clock, Supplier<String> executionIds, BigDecimal slippageBps, BigDecimal feeBps) {
        this.vertx = vertx;
        this.clock = clock;
        this.matcher = new PaperMatcher(executionIds, slippageBps, feeBps);
    }

    @Override
    public Future<Void> open(Listener reportsTo) {
        listener = reportsTo;
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> submit(List<Order> orders) {
        long now = clock.millis();
        for (Order order : orders) {
            tell(matcher.submit(order, now));
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> cancel(List<String> orderIds) {
        long now = clock.millis();
        for (String orderId : orderIds) {
            tell(matcher.cancel(orderId, now));
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Optional<BrokerOrder>> find(String orderId) {
        return Future.succeededFuture(matcher.find(orderId));
    }

    @Override
    public Future<BrokerPage<BrokerOpenOrder>> openOrders(String cursor) {
        return Future.succeededFuture(matcher.openOrders(cursor));
    }

    @Override
    public Future<BrokerPage<BrokerExecution>> executions(long sinceMs, String cursor) {
        return Future.succeededFuture(matcher.executions(sinceMs, cursor));
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
    public Future<Void> close() {
        listener = null;
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
