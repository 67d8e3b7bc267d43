package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.endpoint.Reconciler.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of the order-queue, and which of them has which partition. On the event loop of the order-queue, which no
 * worker can block, since each has a thread of its own; closed by {@link OrderEndpoint}. A crash forgets who had what:
 * the next start deals the partitions out evenly.
 */
final class Workers {

    /** How long a worker may take to close; one that does not is stuck, and its thread ends with the process. */
    private static final long CLOSE_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final Vertx vertx;
    private final QueueSettings settings;
    private final Supplier<BrokerSession> sessions;
    private final Supplier<Supplier<String>> ids;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Loop home;
    /** The number of the worker that has a partition. */
    private final int[] placeOf = new int[Partitions.COUNT];

    private Function<Outcome, Future<Void>> keeper;
    /** Read on any thread. */
    private volatile List<Worker> current = List.of();

    /**
     * @param sessions opens another session with the broker
     * @param ids makes makers of unique texts, each for one thread
     */
    Workers(
            Vertx vertx,
            QueueSettings settings,
            Supplier<BrokerSession> sessions,
            Supplier<Supplier<String>> ids,
            Clock clock,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.settings = settings;
        this.sessions = sessions;
        this.ids = ids;
        this.clock = clock;
        this.meters = meters;
        this.home = Loop.current(vertx);
    }

    /**
     * Starts the workers; completes when every partition takes commands.
     *
     * @param keepsOutcomes told of comparisons with the broker that orders wait for
     */
    Future<Void> open(Function<Outcome, Future<Void>> keepsOutcomes) {
        keeper = keepsOutcomes;
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < settings.workers(); i++) {
            workers.add(hire(i));
        }
        current = List.copyOf(workers);
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            placeOf[partition] = partition % workers.size();
        }
        return Future.all(workers.stream().map(this::start).toList()).mapEmpty();
    }

    private Worker hire(int place) {
        return new Worker(
                "order-worker-" + place,
                vertx,
                settings,
                sessions.get(),
                ids.get(),
                clock,
                meters,
                outcome -> home.ask(() -> keeper.apply(outcome)));
    }

    private Future<Void> start(Worker worker) {
        int place = current.indexOf(worker);
        return worker.loop().ask(worker::open).compose(opened -> {
            List<Future<Void>> taken = new ArrayList<>();
            for (int partition = 0; partition < Partitions.COUNT; partition++) {
                if (placeOf[partition] == place) {
                    int p = partition;
                    taken.add(worker.loop().ask(() -> worker.take(p)));
                }
            }
            return Future.all(taken).mapEmpty();
        });
    }

    // ---- asking them

    /** Those that are there now; any thread. */
    List<Worker> current() {
        return current;
    }

    Worker at(int partition) {
        return current.get(placeOf[partition]);
    }

    /** Asks every worker; completes when each has answered or failed. */
    <T> Future<List<Future<T>>> askAll(Function<Worker, Future<T>> question) {
        List<Future<T>> answers = current.stream()
                .map(worker -> worker.loop().ask(() -> question.apply(worker)))
                .toList();
        return Future.join(answers).transform(over -> Future.succeededFuture(answers));
    }

    /** Asks one worker after the other, until one answers. */
    <T> Future<T> askAny(Function<Worker, T> question) {
        Future<T> answer = Future.failedFuture(Failure.UNAVAILABLE.exception("no worker answers now"));
        for (Worker worker : current) {
            answer = answer.recover(failure -> worker.loop().ask(() -> Future.succeededFuture(question.apply(worker))));
        }
        return answer;
    }

    /** Asks the worker that has an account. */
    <T> Future<T> askOwner(String accountId, Function<Worker, Future<T>> question) {
        Worker owner = at(Partitions.of(accountId));
        return owner.loop().ask(() -> question.apply(owner));
    }

    // ---- stopping

    /** Takes nothing more and completes when everything decided is durable, on all workers at once. */
    Future<Void> drain() {
        return Future.join(current.stream()
                        .map(worker -> worker.loop().ask(worker::drain))
                        .toList())
                .mapEmpty();
    }

    Future<Void> close() {
        return Future.join(current.stream().map(this::close).toList()).mapEmpty();
    }

    private Future<Void> close(Worker worker) {
        return worker.loop()
                .ask(worker::close)
                .timeout(CLOSE_MS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    LOG.warn("{} did not close: {}", worker.name(), failure.getMessage());
                    return null;
                });
    }
}
