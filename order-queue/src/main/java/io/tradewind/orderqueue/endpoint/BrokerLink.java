package io.tradewind.orderqueue.endpoint;

import static io.tradewind.orderqueue.endpoint.LoadedDesk.MAX_PER_TRANSACTION;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.CancelDecision;
import io.tradewind.orderqueue.domain.Desk;
import io.tradewind.orderqueue.domain.Dispatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one partition says to the broker and hears from it: sends orders once their dispatch is durable, sends
 * cancels, books reports, and asks about orders whose outcome is in doubt. Never sends an order again without asking
 * first whether the broker has it.
 *
 * <p>On the event loop of its {@link DeskDriver}; nothing to close: a question that fails is asked again until there is
 * no desk to ask for. After a crash {@link Reconciler} finds out what became of the orders that were on their way.
 */
final class BrokerLink {

    /** Pause before a question that failed is asked again. */
    private static final long RETRY_MS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

    private final Vertx vertx;
    private final Broker broker;
    private final BrokerConnection connection;
    private final Supplier<LoadedDesk> current;
    private final LossHalts lossHalts;
    private final Clock clock;
    private final QueueMetrics metrics;

    /** @param current the desk of the partition, {@code null} while none is loaded */
    BrokerLink(
            Vertx vertx,
            Broker broker,
            BrokerConnection connection,
            Supplier<LoadedDesk> current,
            LossHalts lossHalts,
            Clock clock,
            QueueMetrics metrics) {
        this.vertx = vertx;
        this.broker = broker;
        this.connection = connection;
        this.current = current;
        this.lossHalts = lossHalts;
        this.clock = clock;
        this.metrics = metrics;
    }

    // ---- telling

    /** Sends the broker what waits, as much as it may have unanswered. */
    void dispatch(LoadedDesk loaded) {
        if (loaded.isDiscarded() || !loaded.mayDispatch()) {
            return;
        }
        Dispatch next;
        while ((next = loaded.desk().dispatch(clock.millis())) != null) {
            List<Order> orders = next.orders();
            loaded.write(
                    next.transaction(),
                    () -> {
                        // A desk that was replaced meanwhile left the orders pending_new: the new one asks the broker.
                        if (!loaded.isDiscarded()) {
                            sendLeaving(loaded);
                            submit(loaded.desk(), orders);
                        }
                    },
                    failure -> {});
        }
        loaded.flush();
    }

    /**
     * An order that was admitted as sent is durable. It goes with all others of this turn, before anything that is told the
     * broker later.
     */
    void send(LoadedDesk loaded, Order order) {
        if (loaded.leaves(order)) {
            vertx.runOnContext(v -> sendLeaving(loaded));
        }
    }

    private void sendLeaving(LoadedDesk loaded) {
        List<Order> orders = loaded.takeLeaving();
        if (!orders.isEmpty() && !loaded.isDiscarded()) {
            submit(loaded.desk(), orders);
        }
    }

    private void submit(Desk desk, List<Order> orders) {
        long now = clock.millis();
        metrics.submitted(orders, now);
        desk.sent(orders, now);
        broker.submit(orders).onFailure(failure -> {
            LOG.warn("broker: outcome of {} orders is unknown ({}); asking", orders.size(), failure.getMessage());
            askAndBook(unheard(orders.stream().map(Order::id).toList()));
        });
    }

    /** Asks the broker to cancel orders whose cancel is durable. */
    void cancel(LoadedDesk loaded, List<String> orderIds) {
        if (!loaded.isDiscarded() && !orderIds.isEmpty()) {
            sendLeaving(loaded);
            broker.cancel(orderIds).onFailure(failure -> {
                LOG.warn(
                        "broker: outcome of {} cancels is unknown ({}); asking", orderIds.size(), failure.getMessage());
                askAndBook(unheard(orderIds));
            });
        }
    }

    /** Asks the broker to end an order in favour of another one, once that is durable. */
    void replace(LoadedDesk loaded, String orderId, Order replacement) {
        if (!loaded.isDiscarded()) {
            sendLeaving(loaded);
            broker.replace(orderId, replacement).onFailure(failure -> {
                LOG.warn("broker: outcome of a replace of {} is unknown ({}); asking", orderId, failure.getMessage());
                askAndBook(unheard(List.of(orderId)));
            });
        }
    }

    /** Has held stop-losses work that the market has reached: asks the broker to end the exits beside them. */
    void trigger(LoadedDesk loaded) {
        CancelDecision decision = loaded.desk().trigger(clock.millis());
        if (decision != null) {
            loaded.write(decision.transaction(), () -> cancel(loaded, decision.atBroker()), failure -> {});
            loaded.flush();
            dispatch(loaded);
        }
    }

    // ---- hearing

    /** Books what the broker says unasked, after asking for the rest about orders that it says are over unfilled. */
    void onReports(LoadedDesk loaded, List<ExecutionReport> reports) {
        Set<String> ended = loaded.desk().endedUnfilled(reports);
        if (ended.isEmpty()) {
            book(loaded, reports);
            return;
        }
        Map<Boolean, List<ExecutionReport>> parted =
                reports.stream().collect(Collectors.partitioningBy(report -> ended.contains(report.orderId())));
        book(loaded, parted.get(false));
        askAndBook(parted.get(true).stream().collect(Collectors.groupingBy(ExecutionReport::orderId)));
    }

    /**
     * Has reports booked by the next commit: at once when none is on its way, else with all others that come until then,
     * so that a position or an account that they change is written once.
     */
    void book(LoadedDesk loaded, List<ExecutionReport> reports) {
        loaded.hear(reports);
        loaded.flush();
    }

    /** Books what was heard, and dispatches what there is room for then. */
    void bookHeard(LoadedDesk loaded) {
        List<ExecutionReport> reports = loaded.takeHeard();
        for (int from = 0; from < reports.size(); from += MAX_PER_TRANSACTION) {
            List<ExecutionReport> some = reports.subList(from, Math.min(reports.size(), from + MAX_PER_TRANSACTION));
            Transaction tx = loaded.desk().book(some, clock.millis());
            if (tx != null) {
                metrics.booked(some, loaded.desk().takeLatenciesMs());
                lossHalts.write(loaded, tx);
            }
        }
        dispatch(loaded);
    }

    // ---- asking

    /** Asks for whichever desk is there: a desk loaded since is answerable for the same orders. */
    private void askAndBook(Map<String, List<ExecutionReport>> heard) {
        LoadedDesk asker = current.get();
        if (asker == null) {
            return; // the broker is asked about every order when a desk is loaded
        }
        ask(asker, heard)
                .onSuccess(reports -> {
                    if (!asker.isDiscarded()) {
                        book(asker, reports);
                    }
                })
                .onFailure(failure -> {
                    // When the line is back, the broker is asked about every order.
                    if (connection.isUp()) {
                        vertx.setTimer(RETRY_MS, id -> askAndBook(heard));
                    }
                });
    }

    /**
     * Asks the broker about orders that it may have; one that it has never seen is queued again.
     *
     * @param heard what it has said about each of them, without being asked
     */
    private Future<List<ExecutionReport>> ask(LoadedDesk loaded, Map<String, List<ExecutionReport>> heard) {
        Desk asker = loaded.desk();
        List<ExecutionReport> reports = new ArrayList<>();
        List<Future<?>> answers = new ArrayList<>();
        long askedAfter = asker.sendings();
        heard.forEach((id, before) -> answers.add(broker.find(id).compose(found -> {
            found.ifPresent(order -> reports.addAll(order.reports()));
            reports.addAll(before);
            if (found.isEmpty() && before.isEmpty()) {
                loaded.settle(); // it may have said something about the order meanwhile
                ExecutionReport instead = asker.unseenByBroker(id, askedAfter, clock.millis());
                if (instead != null) {
                    reports.add(instead);
                }
            }
            // Whether the broker was asked to cancel it is not known either; to ask once more does no harm.
            boolean cancelAgain = found.isPresent() && found.get().open() && asker.isCanceling(id);
            return cancelAgain ? broker.cancel(List.of(id)) : Future.succeededFuture();
        })));
        return Future.all(answers).map(v -> reports);
    }

    private static Map<String, List<ExecutionReport>> unheard(List<String> orderIds) {
        Map<String, List<ExecutionReport>> none = new LinkedHashMap<>();
        orderIds.forEach(id -> none.put(id, List.of()));
        return none;
    }
}
