package io.tradewind.orderqueue.endpoint;

import io.tradewind.orderqueue.endpoint.QueueSettings.Workforce;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Asks every worker every so often whether its event loop turns, and has one replaced that does not answer in time. It
 * looks several times until the time is over, and counts the looks, not the clock: when the whole process stood still,
 * that is one look, and nobody is blamed for it.
 *
 * <p>On the event loop of the order-queue; closed by {@link OrderEndpoint}.
 */
final class WorkerWatch {

    /** Looks at a worker that was asked, until it counts as stuck. */
    static final int LOOKS = 10;

    private final Vertx vertx;
    private final Workers workers;
    private final long intervalMs;
    private final long lookMs;
    private long timer;
    private long number;
    private boolean closed;

    WorkerWatch(Vertx vertx, Workers workers, Workforce workforce) {
        this.vertx = vertx;
        this.workers = workers;
        this.intervalMs = workforce.checkInterval().toMillis();
        this.lookMs = Math.max(1, workforce.timeout().toMillis() / LOOKS);
    }

    void start() {
        timer = vertx.setPeriodic(intervalMs, id -> check());
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    private void check() {
        List<Worker> all = workers.current();
        long asked = ++number;
        for (Worker worker : all) {
            worker.check(asked);
            lookLater(worker, asked, LOOKS);
        }
    }

    private void lookLater(Worker worker, long asked, int looks) {
        vertx.setTimer(lookMs, id -> {
            if (closed || worker.lastShown() >= asked || !workers.current().contains(worker)) {
                return;
            }
            if (looks > 1) {
                lookLater(worker, asked, looks - 1);
            } else {
                workers.replace(worker, "it has not answered for " + lookMs * LOOKS + " ms");
            }
        });
    }
}
