package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.Mismatch;
import io.tradewind.orderqueue.endpoint.Worker.Status;
import io.tradewind.servicekit.CheckResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What there is once in the order-queue, whatever the number of {@link Workers}: the workers themselves, and those who
 * take trading states, limits and comparisons for all of them. On the event loop of the verticle, which closes it. Orders
 * do not pass here: they go from the bus to the worker that has their partition.
 */
public final class OrderEndpoint {

    /** How long health waits for a worker to say how it is; a busy one answers within milliseconds. */
    private static final long STATUS_MS = 1_000;

    private final Workers workers;
    private final WorkerWatch watch;
    private final Rebalancing rebalancing;
    private final RiskEndpoint riskEndpoint;
    private final TradingStateEndpoint tradingStateEndpoint;
    private final Reconciliations reconciliations;
    private final QueueGauges gauges;

    /**
     * @param sessions opens another session with the broker
     * @param makers makes makers of unique texts, each for one thread
     */
    public OrderEndpoint(
            Vertx vertx,
            QueueSettings settings,
            Supplier<BrokerSession> sessions,
            Supplier<Supplier<String>> makers,
            Clock clock,
            MeterRegistry meters) {
        StateClient state = new StateClient(vertx.eventBus(), settings.stateTimeout());
        Supplier<String> ids = makers.get();
        WorkforceMetrics workforce =
                new WorkforceMetrics(meters, settings.workforce().workers());
        WorkerRecords records = new WorkerRecords(vertx, state, ids, clock, settings.instance());
        workers = new Workers(vertx, settings, sessions, makers, clock, meters, workforce, records);
        watch = new WorkerWatch(vertx, workers, settings.workforce());
        rebalancing = new Rebalancing(
                vertx, workers, workforce, clock, settings.workforce().rebalanceInterval());
        riskEndpoint = new RiskEndpoint(vertx, state, workers, ids, clock);
        tradingStateEndpoint = new TradingStateEndpoint(vertx, workers, new TradingStateWriter(state, ids, clock), ids);
        ReconciliationMetrics reconciliationMetrics = new ReconciliationMetrics(meters);
        reconciliationMetrics.watch(() -> workers.current().stream().allMatch(Worker::isBrokerUp));
        reconciliations = new Reconciliations(
                vertx,
                workers,
                new RunHistory(state, ids),
                reconciliationMetrics,
                ids,
                clock,
                settings.reconcileInterval());
        gauges = new QueueGauges(
                meters,
                () -> QueueView.sum(workers.current().stream().map(Worker::view).toList()));
    }

    /** Completes when every desk takes commands. */
    public Future<Void> open() {
        watch.start();
        return Future.all(tradingStateEndpoint.open(), riskEndpoint.open(), reconciliations.open())
                .compose(v -> workers.open(outcome -> reconciliations.keep(outcome, null)))
                .onSuccess(v -> rebalancing.start());
    }

    /** Takes nothing more and completes when everything decided is durable. */
    public Future<Void> drain() {
        rebalancing.close();
        return workers.drain();
    }

    public Future<Void> close() {
        watch.close();
        gauges.close();
        return tradingStateEndpoint
                .close()
                .eventually(riskEndpoint::close)
                .eventually(reconciliations::close)
                .eventually(workers::close);
    }

    // ---- health

    /** Whether all partitions take commands; any thread. */
    public Future<CheckResult> deskHealth() {
        return statuses().map(statuses -> {
            int active = statuses.stream()
                    .filter(Objects::nonNull)
                    .mapToInt(Status::active)
                    .sum();
            int symbols = statuses.stream()
                    .filter(Objects::nonNull)
                    .mapToInt(status -> status.symbols().size())
                    .max()
                    .orElse(0);
            CheckResult result = active == Partitions.COUNT
                    ? CheckResult.up()
                    : CheckResult.down(
                            (Partitions.COUNT - active) + " of " + Partitions.COUNT + " partitions are loading");
            return result.with("desks", active).with("symbols", symbols);
        });
    }

    /** Orders are taken whatever it says, so that it is never worse than degraded; any thread. */
    public Future<CheckResult> brokerHealth() {
        return statuses().map(statuses -> {
            String trouble = trouble(statuses);
            return trouble == null ? CheckResult.up() : CheckResult.degraded(trouble);
        });
    }

    /** Whether every worker answers; its partitions are served by another one soon, so that it is only degraded. */
    public Future<CheckResult> workerHealth() {
        return statuses().map(statuses -> {
            long silent = statuses.stream().filter(Objects::isNull).count();
            int hanging = workers.hanging();
            String trouble = silent > 0
                    ? silent + " of " + statuses.size() + " workers do not answer or are being replaced"
                    : hanging > 0
                            ? hanging
                                    + " replaced workers still hang; the log says where. Restart this process when it can be spared"
                            : null;
            return (trouble == null ? CheckResult.up() : CheckResult.degraded(trouble))
                    .with("workers", statuses.size())
                    .with("hanging", hanging);
        });
    }

    /** How each worker is; {@code null} for one that does not answer. */
    private Future<List<Status>> statuses() {
        List<Future<Status>> answers = workers.current().stream()
                .map(worker -> worker.loop()
                        .ask(() -> Future.succeededFuture(worker.status()))
                        .timeout(STATUS_MS, TimeUnit.MILLISECONDS)
                        .otherwise((Status) null))
                .toList();
        return Future.all(answers).map(all -> all.list());
    }

    /** Why no order leaves, or what people have to look at; {@code null} when all is well. */
    private String trouble(List<Status> statuses) {
        String failure = reconciliations.lastFailure();
        for (Status status : statuses) {
            if (status != null && status.brokerAway() != null) {
                return "orders are taken and wait: " + status.brokerAway();
            }
        }
        int held = statuses.stream()
                .filter(Objects::nonNull)
                .mapToInt(Status::held)
                .sum();
        if (held > 0) {
            return "orders of " + held + " partitions wait for the comparison with the broker"
                    + (failure == null ? "" : ": " + failure);
        }
        if (failure != null) {
            return "not compared with the broker: " + failure;
        }
        List<Mismatch> unresolved = reconciliations.unresolved();
        return unresolved.isEmpty()
                ? null
                : unresolved.size() + " mismatches with the broker need attention, the first: " + unresolved.get(0);
    }
}
