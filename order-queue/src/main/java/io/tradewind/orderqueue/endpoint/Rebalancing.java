package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.domain.PartitionLoads;
import io.tradewind.orderqueue.domain.WorkerPlan;
import io.tradewind.orderqueue.domain.WorkerPlan.Move;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what every partition has to do, and every so often moves some of them, one after the other, to workers that
 * have less ({@link WorkerPlan}). On the event loop of the order-queue; closed by {@link OrderEndpoint}. A crash forgets
 * the loads: the next start deals the partitions out evenly.
 */
final class Rebalancing {

    /** Looks from one plan to the next. */
    private static final int LOOKS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Rebalancing.class);

    private final Vertx vertx;
    private final Workers workers;
    private final WorkforceMetrics metrics;
    private final Clock clock;
    private final long lookMs;
    private final PartitionLoads loads = new PartitionLoads(Partitions.COUNT);
    private long timer;
    private int looks;
    private long lookedAtMs;
    private boolean busy;
    private boolean closed;

    Rebalancing(Vertx vertx, Workers workers, WorkforceMetrics metrics, Clock clock, Duration interval) {
        this.vertx = vertx;
        this.workers = workers;
        this.metrics = metrics;
        this.clock = clock;
        this.lookMs = Math.max(1, interval.toMillis() / LOOKS);
    }

    void start() {
        lookedAtMs = clock.millis();
        timer = vertx.setPeriodic(lookMs, id -> look());
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    /** One look at a time: a worker that does not answer holds them up until it is replaced. */
    private void look() {
        if (busy) {
            return;
        }
        busy = true;
        workers.askAll(worker -> Future.succeededFuture(worker.takeDecisions()))
                .compose(answers -> {
                    long[] decisions = new long[Partitions.COUNT];
                    answers.stream().filter(Future::succeeded).forEach(answer -> answer.result()
                            .forEach((partition, count) -> decisions[partition] += count));
                    long now = clock.millis();
                    loads.looked(decisions, Math.max(1, now - lookedAtMs));
                    lookedAtMs = now;
                    show();
                    return ++looks % LOOKS == 0 ? rebalance() : Future.succeededFuture();
                })
                .onComplete(over -> busy = false)
                .onFailure(failure -> LOG.warn("the load of the workers could not be compared", failure));
    }

    private void show() {
        double[] perSecond = loads.perSecond();
        int[] placeOf = workers.placeOf();
        for (int worker = 0; worker < workers.current().size(); worker++) {
            int partitions = 0;
            double load = 0;
            for (int partition = 0; partition < placeOf.length; partition++) {
                if (placeOf[partition] == worker) {
                    partitions++;
                    load += perSecond[partition];
                }
            }
            metrics.share(worker, partitions, load);
        }
    }

    private Future<Void> rebalance() {
        List<Move> moves = WorkerPlan.moves(loads.perSecond(), workers.placeOf(), workers.available());
        Future<Void> done = Future.succeededFuture();
        for (Move move : moves) {
            done = done.compose(v -> closed ? Future.succeededFuture() : move(move));
        }
        return done;
    }

    private Future<Void> move(Move move) {
        LOG.info("partition {} goes from worker {} to worker {}", move.partition(), move.from(), move.to());
        return workers.move(move)
                .onSuccess(v -> {
                    metrics.moved();
                    show();
                })
                .otherwise(failure -> {
                    // One of the two is being replaced; its partitions are taken from the state-store.
                    LOG.warn("partition {} was not moved in order: {}", move.partition(), failure.getMessage());
                    return null;
                });
    }
}
