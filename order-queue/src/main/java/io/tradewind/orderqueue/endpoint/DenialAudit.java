package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.OrdersRefused;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.DenialLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the denials of one partition to the log, for those who ask later who was denied what and why. Beside the
 * decisions of the desk, never before them: one transaction at a time, one every {@value #PAUSE_MS} ms, of its own commit,
 * which the state-store turns away first when the log is short of memory.
 *
 * <p>Nobody waits for it: an order is denied at once, its record follows within the pause. On the event loop of its
 * {@link DeskDriver}, which drains and closes it. A crash loses the records of the last moment, an orderly stop none.
 */
final class DenialAudit {

    /** Pause before a transaction, in which denials gather. */
    static final long PAUSE_MS = 100;

    /** Pause after one that was not taken. */
    private static final long RETRY_MS = 1_000;

    private static final String ACTOR = "order-queue";
    private static final Logger LOG = LoggerFactory.getLogger(DenialAudit.class);

    private final Vertx vertx;
    private final int partition;
    private final StateClient state;
    private final Supplier<String> ids;
    private final Clock clock;
    private final QueueMetrics metrics;
    private final DenialLog log;
    private long droppedBefore;
    private boolean scheduled;
    private boolean closed;

    DenialAudit(
            Vertx vertx, int partition, StateClient state, Supplier<String> ids, Clock clock, QueueMetrics metrics) {
        this.vertx = vertx;
        this.partition = partition;
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.metrics = metrics;
        this.log = new DenialLog(ids);
    }

    /** Something was denied. */
    void denied(DenialLog.Request request, Denial denial) {
        log.add(request, denial, clock.millis());
        if (log.dropped() > droppedBefore) {
            metrics.denialsDropped(log.dropped() - droppedBefore);
            droppedBefore = log.dropped();
        }
        writeIn(PAUSE_MS);
    }

    /** Something was denied before it came here. */
    void refused(OrdersRefused event) {
        for (OrdersRefused.Refusal each : event.refusals()) {
            denied(
                    new DenialLog.Request(
                            switch (each.request()) {
                                case ORDER -> DenialLog.Kind.ORDER;
                                case REPLACE -> DenialLog.Kind.REPLACE;
                            },
                            each.accountId(),
                            each.what(),
                            null,
                            each.actor(),
                            each.correlationId()),
                    each.denial());
        }
    }

    private void writeIn(long ms) {
        if (!scheduled && !closed) {
            scheduled = true;
            vertx.setTimer(ms, timer -> {
                scheduled = false;
                if (!closed) {
                    write();
                }
            });
        }
    }

    private void write() {
        Transaction tx = next();
        if (tx == null) {
            if (!log.isEmpty()) {
                writeIn(PAUSE_MS); // what was gathered waits for the end of its second
            }
            return;
        }
        scheduled = true; // until this one is done
        commit(tx);
    }

    private void commit(Transaction tx) {
        state.commit(new Commit(partition, Durability.DURABLE, List.of(tx)))
                .onSuccess(reply -> {
                    if (!reply.allCommitted()) {
                        LOG.error("partition {}: records of denials were turned away: {}", partition, reply);
                    }
                    scheduled = false;
                    if (!log.isEmpty()) {
                        writeIn(PAUSE_MS);
                    }
                })
                // The same transaction again: should the first try have been taken, this one changes nothing.
                .onFailure(failure -> {
                    LOG.debug("partition {}: records of denials not taken: {}", partition, failure.getMessage());
                    if (!closed) {
                        vertx.setTimer(RETRY_MS, timer -> commit(tx));
                    }
                });
    }

    private Transaction next() {
        List<Mutation> records = log.take(clock.millis());
        return records.isEmpty()
                ? null
                : new Transaction(ids.get(), new Cause(records.get(0).key().id(), null, ACTOR), records, List.of());
    }

    /** Writes what is there, as far as it is taken at once. */
    Future<Void> drain() {
        close();
        return drainOn();
    }

    /** Writes nothing more. */
    void close() {
        closed = true;
        log.close();
    }

    private Future<Void> drainOn() {
        Transaction tx = next();
        return tx == null
                ? Future.succeededFuture()
                : state.commit(new Commit(partition, Durability.DURABLE, List.of(tx)))
                        .compose(reply -> drainOn())
                        .recover(failure -> {
                            LOG.warn(
                                    "partition {}: the last records of denials are lost: {}",
                                    partition,
                                    failure.getMessage());
                            return Future.succeededFuture();
                        });
    }
}
