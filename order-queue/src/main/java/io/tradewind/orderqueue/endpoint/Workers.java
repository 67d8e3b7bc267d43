package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.domain.WorkerPlan.Move;
import io.tradewind.orderqueue.endpoint.Reconciler.Outcome;
import io.tradewind.orderqueue.endpoint.WorkerRecords.Incident;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of the order-queue, and which of them has which partition. A worker that is stuck is replaced: it is
 * abandoned, and another one with a thread of its own loads its partitions from the state-store, as after a crash. What
 * the abandoned one may still do is refused there by the owner entities of the desks, and at the broker by the ids of the
 * orders.
 *
 * <p>On the event loop of the order-queue, which no worker can block, since each has a thread of its own; closed by {@link
 * OrderEndpoint}. A crash forgets who had what: the next start deals the partitions out evenly.
 */
final class Workers {

    /** Threads that hang; with more of them no worker is replaced any longer: the process wants to be restarted. */
    static final int MAX_HANGING = 16;

    /** How long a worker may take to close; one that does not is stuck, and its thread ends with the process. */
    private static final long CLOSE_MS = 2_000;

    /** Pauses before a worker is replaced that was replaced not long ago: the first, and the longest. */
    private static final long FIRST_PAUSE_MS = 1_000;

    private static final long LONGEST_PAUSE_MS = 300_000;

    /** A worker that was well for so long has nothing to do with what happened before. */
    private static final long WELL_MS = 600_000;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    /** Where a worker stands; its successor stands there too. */
    private static final class Place {
        /** Since its worker was abandoned, until there is another one. */
        boolean isVacant;
        /** Its worker has taken, or been told to take, the partitions of this place. */
        boolean isStarted;

        long since;
        /** The pause before the next replacement. */
        long pauseMs;

        int replacements;
        /** The last one; {@code null} when there was none. */
        Incident incident;
    }

    private final Vertx vertx;
    private final QueueSettings settings;
    private final Supplier<BrokerSession> sessions;
    private final Supplier<Supplier<String>> ids;
    private final Clock clock;
    private final MeterRegistry meters;
    private final WorkforceMetrics metrics;
    private final WorkerRecords records;
    private final Loop home;
    private final List<Place> places = new ArrayList<>();
    /** The place that has a partition. */
    private final int[] placeOf = new int[Partitions.COUNT];
    /** What is done about a partition as a whole, one thing after the other. */
    private final List<Future<?>> lastOf = new ArrayList<>();

    private Function<Outcome, Future<Void>> keeper;
    private boolean stopping;
    /** Read on any thread. */
    private volatile List<Worker> current = List.of();

    private final AtomicInteger hanging = new AtomicInteger();

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
            MeterRegistry meters,
            WorkforceMetrics metrics,
            WorkerRecords records) {
        this.vertx = vertx;
        this.settings = settings;
        this.sessions = sessions;
        this.ids = ids;
        this.clock = clock;
        this.meters = meters;
        this.metrics = metrics;
        this.records = records;
        this.home = Loop.current(vertx);
    }

    /**
     * Starts the workers; completes when every partition takes commands.
     *
     * @param keepsOutcomes told of comparisons with the broker that orders wait for
     */
    Future<Void> open(Function<Outcome, Future<Void>> keepsOutcomes) {
        keeper = keepsOutcomes;
        int count = settings.workforce().workers();
        List<Worker> workers = new ArrayList<>();
        for (int place = 0; place < count; place++) {
            places.add(new Place());
            workers.add(hire(place));
        }
        current = List.copyOf(workers);
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            placeOf[partition] = partition % count;
            lastOf.add(Future.succeededFuture());
        }
        metrics.atWork(count);
        List<Future<Void>> started = new ArrayList<>();
        for (int place = 0; place < count; place++) {
            started.add(start(place));
        }
        return Future.all(started).mapEmpty();
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
                (worker, outcome) -> home.ask(() -> worker.isAbandoned()
                        ? Future.failedFuture(worker.name() + " was replaced")
                        : keeper.apply(outcome)));
    }

    /** Completes when every partition of the place takes commands. */
    private Future<Void> start(int place) {
        Worker worker = current.get(place);
        places.get(place).since = clock.millis();
        return worker.loop().ask(worker::open).compose(opened -> {
            places.get(place).isStarted = true;
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

    // ---- replacing them

    /** Gives a worker up that is stuck, and has another one take its place. */
    void replace(Worker stuck, String why) {
        int index = current.indexOf(stuck);
        if (stopping || index < 0 || places.get(index).isVacant) {
            return;
        }
        String doing = stuck.dump();
        LOG.error("{} is stuck: {}; another one takes its partitions. What it does: {}", stuck.name(), why, doing);
        Place place = places.get(index);
        place.isVacant = true;
        place.isStarted = false;
        hanging.incrementAndGet();
        metrics.replaced();
        showAtWork();
        place.incident = records.replaced(index, stuck.name(), why, doing, ++place.replacements);
        stuck.abandon(stuck.name() + " is stuck and was replaced", hanging::decrementAndGet);
        place.pauseMs = clock.millis() - place.since > WELL_MS ? 0 : place.pauseMs;
        fillLater(index, place.pauseMs);
        place.pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * place.pauseMs));
    }

    private void fillLater(int place, long pauseMs) {
        if (pauseMs == 0) {
            fill(place);
        } else {
            LOG.warn("worker {} is replaced in {} ms, because it was replaced not long ago", place, pauseMs);
            vertx.setTimer(pauseMs, id -> fill(place));
        }
    }

    private void fill(int place) {
        if (stopping) {
            return;
        }
        if (hanging.get() > MAX_HANGING) {
            LOG.error("{} threads hang: worker {} is not replaced; restart this process", hanging, place);
            vertx.setTimer(LONGEST_PAUSE_MS, id -> fill(place));
            return;
        }
        Worker fresh;
        try {
            fresh = hire(place);
        } catch (RuntimeException e) {
            LOG.error("worker {} cannot be replaced now; trying again", place, e);
            vertx.setTimer(FIRST_PAUSE_MS, id -> fill(place));
            return;
        }
        List<Worker> next = new ArrayList<>(current);
        next.set(place, fresh);
        current = List.copyOf(next);
        places.get(place).isVacant = false;
        showAtWork();
        start(place)
                .onSuccess(v -> onWorkAgain(place, fresh))
                .onFailure(failure -> LOG.warn("worker {} did not start: {}", place, failure.getMessage()));
    }

    private void onWorkAgain(int place, Worker fresh) {
        LOG.info("worker {} is at work again", place);
        // Unless it was replaced itself meanwhile.
        if (current.get(place) == fresh && !places.get(place).isVacant) {
            records.atWorkAgain(places.get(place).incident);
        }
    }

    private void showAtWork() {
        metrics.atWork((int) places.stream().filter(place -> !place.isVacant).count());
    }

    /** Threads that hang in what a worker did when it was replaced; any thread. */
    int hanging() {
        return hanging.get();
    }

    // ---- moving partitions

    /** The number of the worker that has each partition. */
    int[] placeOf() {
        return placeOf.clone();
    }

    /** Whether each worker can take and give partitions. */
    boolean[] available() {
        boolean[] available = new boolean[places.size()];
        for (int place = 0; place < available.length; place++) {
            available[place] = places.get(place).isStarted;
        }
        return available;
    }

    /**
     * Has one worker give a partition to another; completes when it takes commands there. Fails when one of the two is
     * replaced meanwhile: who comes after it takes what belongs to its place.
     */
    Future<Void> move(Move move) {
        int partition = move.partition();
        return oneAfterTheOther(partition, () -> {
            if (stopping || placeOf[partition] != move.from()) {
                return Future.succeededFuture();
            }
            Worker from = current.get(move.from());
            return from.loop().ask(() -> from.give(partition)).compose(rates -> {
                placeOf[partition] = move.to();
                Worker to = current.get(move.to());
                return places.get(move.to()).isStarted && !stopping
                        ? to.loop().ask(() -> to.take(partition, rates))
                        : Future.succeededFuture();
            });
        });
    }

    private <T> Future<T> oneAfterTheOther(int partition, Supplier<Future<T>> step) {
        Future<T> done = lastOf.get(partition).transform(before -> step.get());
        lastOf.set(partition, done);
        return done;
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

    /** Asks the worker that has an account, while it stays there. */
    <T> Future<T> askOwner(String accountId, Function<Worker, Future<T>> question) {
        int partition = Partitions.of(accountId);
        return oneAfterTheOther(partition, () -> {
            Worker owner = at(partition);
            return owner.loop().ask(() -> question.apply(owner));
        });
    }

    // ---- stopping

    /** Takes nothing more and completes when everything decided is durable, on all workers at once. */
    Future<Void> drain() {
        stopping = true;
        return Future.join(current.stream()
                        .map(worker -> worker.loop().ask(worker::drain))
                        .toList())
                .mapEmpty();
    }

    Future<Void> close() {
        stopping = true;
        metrics.close();
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
