package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.ClosePositions;
import io.tradewind.contracts.orders.FindOrders;
import io.tradewind.contracts.orders.FoundOrders;
import io.tradewind.contracts.orders.OrdersRefused;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.Desk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the {@link Desk} of one partition: loads it, takes commands from the event bus and hands them on while it
 * is loaded ({@link Placing}, {@link Canceling}, {@link Replacing}), hands on the reports of the broker ({@link BrokerLink}), and drains.
 *
 * <p>When a commit fails, the desk is thrown away and loaded anew from the state-store; until then commands are
 * answered as unavailable. Orders that may be at the broker are asked for there before anything is sent again. After a
 * crash the same happens at the next start.
 *
 * <p>On the event loop of its {@link Worker}, which closes it.
 */
final class DeskDriver {

    /** Pause before a failed load is tried again. */
    private static final long RETRY_MS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(DeskDriver.class);

    private final Vertx vertx;
    private final int partition;
    private final StateClient state;
    private final DeskLoader loader;
    private final List<String> accounts;
    private final Consumers bus;
    private final Clock clock;
    private final QueueMetrics metrics;
    private final BrokerLink brokerLink;
    private final LossHalts lossHalts;
    private final DenialAudit denials;
    private final Placing placing;
    private final Canceling canceling;
    private final Replacing replacing;
    private final Closing closing;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<ExecutionReport> earlyReports = new ArrayList<>();
    private final Promise<Void> firstActive = Promise.promise();

    /** {@code null} while loading, and when closed. */
    private LoadedDesk loaded;

    private Runnable onActive = () -> {};

    private boolean draining;
    private boolean closed;
    /** Orders placed, changed or canceled since this was taken last. */
    private long decisions;

    DeskDriver(int partition, DeskParts parts) {
        this.vertx = parts.vertx();
        this.partition = partition;
        this.state = parts.state();
        this.loader = parts.loader();
        this.accounts = parts.accounts().stream()
                .filter(account -> Partitions.of(account) == partition)
                .toList();
        this.bus = parts.consumers();
        this.clock = parts.clock();
        this.metrics = parts.metrics();
        this.lossHalts = new LossHalts(vertx.eventBus(), metrics);
        this.denials = new DenialAudit(vertx, partition, state, parts.ids(), clock, metrics);
        this.brokerLink =
                new BrokerLink(vertx, parts.broker(), parts.connection(), () -> loaded, lossHalts, clock, metrics);
        this.placing = new Placing(partition, state, parts.tradingStates(), brokerLink, denials, clock, metrics);
        this.canceling = new Canceling(state, parts.risk(), brokerLink, denials, clock, metrics);
        this.replacing = new Replacing(state, parts.tradingStates(), brokerLink, denials, clock, metrics);
        this.closing = new Closing(vertx, brokerLink, parts.tradingStates(), clock, metrics);
    }

    /**
     * Registers on the event bus and loads; completes when commands are taken.
     *
     * @param whenActive told each time that a desk is loaded: it takes orders then, and none of them leaves before
     *     {@link #release}
     */
    Future<Void> open(Runnable whenActive) {
        onActive = whenActive;
        consumers.add(bus.<PlaceOrders>add(Addresses.ordersPlace(partition), this::onPlace));
        consumers.add(bus.<CancelOrders>add(Addresses.ordersCancel(partition), this::onCancel));
        consumers.add(bus.<ReplaceOrder>add(Addresses.ordersReplace(partition), this::onReplace));
        consumers.add(bus.<ClosePositions>add(Addresses.ordersClose(partition), this::onClose));
        consumers.add(bus.<FindOrders>add(Addresses.ordersFind(partition), this::onFind));
        consumers.add(
                bus.<OrdersRefused>add(Addresses.ordersRefused(partition), message -> denials.refused(message.body())));
        load();
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .compose(registered -> firstActive.future());
    }

    boolean isActive() {
        return loaded != null;
    }

    /** The desk, or {@code null} while it is loaded; to be looked at only. */
    Desk desk() {
        return loaded == null ? null : loaded.desk();
    }

    /** What is loaded, {@code null} while nothing is, and when it takes nothing more. */
    LoadedDesk loaded() {
        return draining ? null : loaded;
    }

    int partition() {
        return partition;
    }

    /** How many orders were placed, changed or canceled since this was asked last. */
    long takeDecisions() {
        long taken = decisions;
        decisions = 0;
        return taken;
    }

    Closing closing() {
        return closing;
    }

    BrokerLink brokerLink() {
        return brokerLink;
    }

    /** Whether orders wait for the broker, or for the comparison with it. */
    boolean isHeld() {
        return loaded != null && !draining && !loaded.mayDispatch();
    }

    /** No order leaves from now on. */
    void hold() {
        if (loaded != null) {
            loaded.mayDispatch(false);
        }
    }

    /** The desk was compared with the broker: orders leave from now on. */
    void release() {
        if (loaded != null && !draining) {
            loaded.mayDispatch(true);
            brokerLink.dispatch(loaded);
        }
    }

    /** Takes nothing more and completes when everything decided is durable. */
    Future<Void> drain() {
        draining = true;
        return Future.join(loaded == null ? Future.succeededFuture() : loaded.whenIdle(), denials.drain())
                .mapEmpty();
    }

    Future<Void> close() {
        closed = true;
        discard();
        denials.close();
        return bus.remove(consumers);
    }

    /** What the broker says about orders of this partition. */
    void onReports(List<ExecutionReport> reports) {
        if (loaded == null) {
            // The broker is asked about every order at the end of loading; these may be newer than its answers.
            earlyReports.addAll(reports);
        } else {
            brokerLink.onReports(loaded, reports);
        }
    }

    /** Prices have changed. */
    void onQuotes() {
        if (loaded != null && !draining) {
            brokerLink.trigger(loaded);
        }
    }

    /** Writes the accounts at the latest prices. */
    void mark() {
        if (loaded != null && !draining) {
            loaded.mark(clock.millis());
            lossHalts.look(loaded, clock.millis());
        }
    }

    // ---- commands and questions

    private void onPlace(Message<PlaceOrders> message) {
        if (!isUnavailable(message)) {
            decisions += message.body().orders().size();
            placing.place(loaded, message);
        }
    }

    private void onCancel(Message<CancelOrders> message) {
        if (!isUnavailable(message)) {
            loaded.settle();
            decisions += Math.max(1, message.body().orderIds().size());
            canceling.cancel(loaded, message);
        }
    }

    private void onReplace(Message<ReplaceOrder> message) {
        if (!isUnavailable(message)) {
            loaded.settle();
            decisions++;
            replacing.replace(loaded, message);
        }
    }

    private void onClose(Message<ClosePositions> message) {
        if (!isUnavailable(message)) {
            loaded.settle();
            closing.close(loaded, message);
        }
    }

    private boolean isUnavailable(Message<?> message) {
        if (loaded != null && !draining) {
            return false;
        }
        message.fail(
                Failure.UNAVAILABLE.code(),
                "partition " + partition + " is " + (draining ? "closing" : "loading") + "; nothing was done");
        return true;
    }

    private void onFind(Message<FindOrders> message) {
        if (loaded == null) {
            message.fail(Failure.UNAVAILABLE.code(), "partition " + partition + " is loading");
            return;
        }
        FindOrders query = message.body();
        Desk desk = loaded.desk();
        if (query.clientOrderId() == null) {
            message.reply(new FoundOrders(desk.openOrderIds(query.accountId())));
            return;
        }
        String id = desk.orderIdOf(query.accountId(), query.clientOrderId());
        message.reply(new FoundOrders(id == null ? List.of() : List.of(id)));
    }

    // ---- loading

    private void load() {
        earlyReports.clear();
        loader.load(partition).onSuccess(this::activate).onFailure(failure -> {
            if (!closed) {
                LOG.warn("partition {}: not loaded: {}; trying again", partition, failure.getMessage());
                vertx.setTimer(RETRY_MS, id -> load());
            }
        });
    }

    private void activate(Desk desk) {
        if (closed) {
            return;
        }
        LOG.debug("partition {}: active", partition);
        loaded = new LoadedDesk(vertx, desk, state, partition, brokerLink::bookHeard, this::reload);
        long now = clock.millis();
        accounts.forEach(account -> loaded.openAccount(account, now));
        loaded.flush();
        List<ExecutionReport> early = List.copyOf(earlyReports);
        earlyReports.clear();
        onReports(early);
        lossHalts.resume(desk);
        firstActive.tryComplete();
        onActive.run();
    }

    private void reload(String reason) {
        LOG.warn("partition {}: a commit was not done ({}); loading afresh", partition, reason);
        metrics.reloaded();
        discard();
        load();
    }

    private void discard() {
        if (loaded != null) {
            loaded.discard();
            loaded = null;
        }
    }
}
