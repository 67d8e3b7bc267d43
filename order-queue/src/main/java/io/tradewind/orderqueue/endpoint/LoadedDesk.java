package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.Desk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that lives as long as one loaded {@link Desk}: the desk, the {@link Outbox} that makes its decisions
 * durable, and the orders admitted that are not durable yet. Thrown away as a whole when a commit fails: the desk is
 * then ahead of the log, and nothing here can be mended one by one.
 *
 * <p>What is decided by a desk may become durable after that desk was thrown away. Whoever waits for it asks
 * {@link #isDiscarded} before the desk is touched or the broker is told.
 *
 * <p>On the event loop of its {@link DeskDriver}, which makes and discards it. A crash loses nothing that was answered:
 * all of it was read from the state-store, or is durable there.
 */
final class LoadedDesk {

    /** Reports booked, or orders canceled, in one transaction. */
    static final int MAX_PER_TRANSACTION = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(LoadedDesk.class);

    private final Desk desk;
    private final StateClient state;
    private final int partition;
    private final Consumer<LoadedDesk> booking;
    private final Outbox outbox;
    /** Orders admitted whose transaction is on its way; a repetition of one waits for it. */
    private final Map<String, Promise<Void>> undurable = new HashMap<>();

    /** Orders that were admitted as sent and are durable; they go to the broker at the end of this turn. */
    private List<Order> leaving = new ArrayList<>();

    /** Reports of the broker that are not booked yet: the next commit holds all that came while one was on its way. */
    private List<ExecutionReport> heard = new ArrayList<>();

    private boolean discarded;
    private boolean mayDispatch;

    /**
     * @param booking books what was {@link #hear heard}
     * @param onBroken told once, with the reason, when a commit was not wholly done; not after {@link #discard}
     */
    LoadedDesk(
            Vertx vertx,
            Desk desk,
            StateClient state,
            int partition,
            Consumer<LoadedDesk> booking,
            Consumer<String> onBroken) {
        this.desk = desk;
        this.state = state;
        this.partition = partition;
        this.booking = booking;
        this.outbox = new Outbox(vertx, state, partition, this::settle, reason -> {
            if (!discarded) {
                onBroken.accept(reason);
            }
        });
    }

    Desk desk() {
        return desk;
    }

    /** From now on nothing that this desk decided may change it or reach the broker. */
    void discard() {
        discarded = true;
    }

    boolean isDiscarded() {
        return discarded;
    }

    /** Whether orders may leave: not before the desk was compared with the broker, nor while that cannot be reached. */
    boolean mayDispatch() {
        return mayDispatch;
    }

    void mayDispatch(boolean allowed) {
        mayDispatch = allowed;
    }

    // ---- writing

    /** Takes a decision that nobody waits for; call {@link #flush} when all of a turn are in. */
    void write(Transaction tx) {
        outbox.add(tx, () -> {}, failure -> {});
    }

    /**
     * Takes a decision; call {@link #flush} when all of a turn are in.
     *
     * @param onFailure told whether it was not done, or may have been
     */
    void write(Transaction tx, Runnable onDurable, Consumer<Failure> onFailure) {
        outbox.add(tx, onDurable, onFailure);
    }

    void flush() {
        outbox.flush();
    }

    /** Completes when everything heard and decided is durable, or is known not to be. */
    Future<Void> whenIdle() {
        settle();
        return outbox.whenIdle();
    }

    /** Completes when everything heard and decided so far is durable, whatever follows; fails when it may not be. */
    Future<Void> whenDurable() {
        settle();
        return outbox.whenDurable();
    }

    /** Opens an account if it does not exist; {@link #flush} is left to the caller. */
    void openAccount(String accountId, long nowMs) {
        Transaction opening = desk.openAccount(accountId, nowMs);
        if (opening != null) {
            write(opening);
        }
    }

    /** Writes the accounts at the latest prices. */
    void mark(long nowMs) {
        Transaction tx = desk.mark(nowMs);
        if (tx == null) {
            return;
        }
        if (!outbox.isIdle()) {
            // The desk is ahead of the log: what it holds must not be stored before that from which it follows.
            write(tx);
            flush();
        } else {
            // Relaxed, and made good by the next one: a failure needs no answer.
            state.commit(new Commit(partition, Durability.RELAXED, List.of(tx)))
                    .onFailure(
                            failure -> LOG.debug("partition {}: mark not taken: {}", partition, failure.getMessage()));
        }
    }

    // ---- orders admitted and not durable yet

    /** An order was admitted, and is about to be written. */
    void admitted(String orderId) {
        undurable.put(orderId, Promise.promise());
    }

    /** The outcome of writing an admitted order is there: the promise to complete or fail with it. */
    Promise<Void> settled(String orderId) {
        return undurable.remove(orderId);
    }

    /** Completes when an order that was admitted before is durable, fails when its first try was not acknowledged. */
    Future<Void> durable(String orderId) {
        Promise<Void> pending = undurable.get(orderId);
        return pending == null ? Future.succeededFuture() : pending.future();
    }

    // ---- orders admitted as sent

    /** @return whether it is the first since {@link #takeLeaving} */
    boolean leaves(Order order) {
        leaving.add(order);
        return leaving.size() == 1;
    }

    List<Order> takeLeaving() {
        List<Order> taken = leaving;
        leaving = new ArrayList<>();
        return taken;
    }

    // ---- reports

    /** Takes reports of the broker, to be booked with the next commit; call {@link #flush} when all of a turn are in. */
    void hear(List<ExecutionReport> reports) {
        heard.addAll(reports);
        if (heard.size() >= MAX_PER_TRANSACTION) {
            settle();
        }
    }

    /** Books what was heard, for whoever decides about orders that it may have changed. */
    void settle() {
        if (!heard.isEmpty() && !discarded) {
            booking.accept(this);
        }
    }

    List<ExecutionReport> takeHeard() {
        List<ExecutionReport> taken = heard;
        heard = new ArrayList<>();
        return taken;
    }
}
