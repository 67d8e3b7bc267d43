package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.statestore.domain.Holder;
import io.tradewind.statestore.domain.LogBudget;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.endpoint.PartitionLoader.Loaded;
import io.tradewind.statestore.redis.PartitionLog;
import io.tradewind.statestore.redis.PartitionLog.Acquired;
import io.tradewind.statestore.redis.Scripts;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one {@link Partition} for a while: takes it over from the log, has it serve, finds out where the log ends when an
 * append went wrong, and gives it up. What is done with it meanwhile is done by its parts: {@link CommitIntake} takes
 * commands, {@link LogWriter} appends them to the log, {@link PendingAnswers} answers, {@link PartitionReads} reads.
 *
 * <pre>
 *           take               acquire, replay              append failed, outcome unknown
 *   RESTING ──────► LOADING ────────────────► SERVING ─────────────────────────────────► RECOVERING
 *      ▲               │                       │   ▲   the log had no other owner meanwhile   │
 *      └───────────────┴───────────────────────┘   └──────────────────────────────────────────┤
 *      ▲         another owner, release                                                       │  it had
 *      └──────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * Recovery takes a new epoch first, which makes every append that may still be on its way harmless, and then looks
 * which version the log ends with: what it holds is answered as committed, the rest was never done. It is refused when
 * another process has become the owner: then this one steps down, and {@link Ownership} decides what follows.
 *
 * <p>On the event loop of its verticle. After a crash the next owner replays the log.
 */
public final class PartitionServer implements KeptPartition {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionServer.class);

    enum State {
        RESTING,
        LOADING,
        SERVING,
        RECOVERING
    }

    private final Vertx vertx;
    private final int number;
    private final PartitionLog log;
    private final PartitionLoader loader;
    private final StoreMetrics metrics;
    private final long retryMs;
    private final PartitionDoor door;
    private final Freshness freshness;
    private final PendingAnswers answers = new PendingAnswers();
    private final LogWriter writer;
    private final CommitIntake intake;

    private Promise<Void> firstServing = Promise.promise();
    private Runnable lost = () -> {};
    private Partition partition;
    private State state = State.RESTING;
    private long restoredVersion;
    private long epoch;
    /** Grows with every attempt to become the owner again: what comes of an earlier one no longer counts. */
    private int generation;

    /** @param relaxedRefusal why relaxed writes are turned away now; {@code null} when they are not */
    PartitionServer(
            Vertx vertx,
            int number,
            PartitionLog log,
            PartitionLoader loader,
            LogBudget budget,
            PartitionDoor door,
            Consumer<Changes> onChanges,
            Clock clock,
            StoreMetrics metrics,
            int maxAppendsInFlight,
            long retryMs,
            Supplier<String> relaxedRefusal) {
        this.vertx = vertx;
        this.number = number;
        this.log = log;
        this.loader = loader;
        this.door = door;
        this.metrics = metrics;
        this.retryMs = retryMs;
        this.partition = new Partition(number);
        this.freshness = new Freshness(vertx, this::isOwner);
        this.writer = new LogWriter(vertx, this, log, freshness, answers, onChanges, metrics, maxAppendsInFlight);
        this.intake = new CommitIntake(vertx, this, writer, answers, budget, relaxedRefusal, clock, metrics);
        PartitionReads reads = new PartitionReads(this, log, freshness, clock);
        door.at(Addresses.stateCommit(number), intake::onCommit);
        door.at(Addresses.stateRead(number), reads::onRead);
        door.at(Addresses.stateLog(number), reads::onReadLog);
    }

    /** One more address that is registered while this process owns the partition. Before {@link #take}. */
    <T> void answer(String address, Handler<Message<T>> handler) {
        door.at(address, handler);
    }

    /** Called whenever another process turns out to own the partition that this one had, or wanted to have. */
    void onLost(Runnable listener) {
        lost = listener;
    }

    /**
     * Becomes the owner, unless another process does since {@code epochSeen}: registers on the event bus, acquires, loads.
     *
     * @return completes when the partition serves
     */
    Future<Void> take(long epochSeen) {
        if (state != State.RESTING) {
            return Future.failedFuture("partition " + number + " is " + state);
        }
        epoch = epochSeen;
        intake.open();
        firstServing = Promise.promise();
        Future<Void> serving = firstServing.future();
        load();
        return door.open().compose(registered -> serving);
    }

    /** Gives the partition up in order: carries out what was taken, and tells the log that anyone may take it. */
    Future<Void> release() {
        if (state == State.RESTING) {
            return Future.succeededFuture();
        }
        return drain().compose(drained -> rest(Failure.UNKNOWN, "partition " + number + " was given up"))
                .compose(shut -> log.isReachable() ? log.release(number) : Future.succeededFuture())
                .onFailure(failure -> LOG.warn(
                        "partition {}: not released, its next owner has to wait: {}", number, failure.getMessage()))
                .otherwiseEmpty();
    }

    /** Whether this process owns the partition, or is on the way to it. */
    boolean isHeld() {
        return state != State.RESTING;
    }

    State state() {
        return state;
    }

    /** Whether commands are carried out now. */
    @Override
    public boolean isServing() {
        return state == State.SERVING;
    }

    /** Whether it serves and everyone in the cluster can find it. */
    boolean isReady() {
        return isServing() && door.isOpen();
    }

    /** Whether {@link #partition} can be read; it may be behind unless it also serves. */
    boolean isReadable() {
        return state == State.SERVING || state == State.RECOVERING;
    }

    @Override
    public Partition partition() {
        return partition;
    }

    @Override
    public int number() {
        return number;
    }

    /** The epoch by which the log knows this owner. */
    long epoch() {
        return epoch;
    }

    /** What Redis said, asked at {@code askedNs}, about the owner of this partition while it serves. */
    void onChecked(Holder holder, long askedNs) {
        if (holder.epoch() == epoch) {
            freshness.confirmed(askedNs);
        } else {
            stepDown("epoch is " + holder.epoch() + " of " + holder.member());
        }
    }

    /** The version of the snapshot that the partition was loaded from; 0 when there was none. */
    @Override
    public long restoredVersion() {
        return restoredVersion;
    }

    /** Lets go of log entries up to a version, see {@link PartitionLog#trim}. */
    @Override
    public Future<Long> trim(long version) {
        return log.trim(number, epoch, version);
    }

    /** The connection to the log is back, or is gone. */
    void onLog(boolean up) {
        if (up && state == State.LOADING) {
            load();
        } else if (up && state == State.RECOVERING) {
            recover(++generation);
        } else if (!up && state == State.SERVING) {
            beginRecovery("the connection to the log is lost");
        }
    }

    /** Puts the relaxed changes that have gathered into the log. */
    void flushRelaxed() {
        intake.flushRelaxed();
    }

    /** Takes no more commands and completes when all that were taken are durable. */
    Future<Void> drain() {
        return intake.drain();
    }

    /** Stops at once; what was not durable by now is told to be unknown. */
    Future<Void> close() {
        return rest(Failure.UNKNOWN, "partition " + number + " is closed").eventually(door::close);
    }

    private Future<Void> rest(Failure failure, String why) {
        state = State.RESTING;
        generation++;
        writer.abandon();
        answers.fail(failure, why);
        firstServing.tryFail(why);
        partition = new Partition(number);
        return door.shut();
    }

    private void stepDown(String why) {
        LOG.warn("partition {}: another process owns it since epoch {}: {}; stepping down", number, epoch, why);
        rest(Failure.UNKNOWN, "another owner wrote to partition " + number + "; ask or repeat with the same id");
        lost.run();
    }

    /** Asks the log whether this is still the owner; who it is not steps down. */
    private Future<Boolean> isOwner() {
        if (state != State.SERVING) {
            return Future.succeededFuture(false);
        }
        int askedIn = generation;
        long askedNs = System.nanoTime();
        return log.holder(number).map(holder -> {
            if (askedIn != generation || state != State.SERVING) {
                return false;
            }
            onChecked(holder, askedNs);
            return state == State.SERVING;
        });
    }

    /** Nobody knows what became of the appends in flight. */
    void beginRecovery(String why) {
        if (log.isReachable()) {
            LOG.warn("partition {}: {}; finding out what the log holds", number, why);
        }
        state = State.RECOVERING;
        generation++;
        writer.abandon();
        metrics.recovery();
        if (log.isReachable()) {
            recover(generation);
        }
    }

    private void recover(int attempt) {
        long askedNs = System.nanoTime();
        log.acquire(number, epoch)
                .onSuccess(acquired -> {
                    if (attempt == generation && state == State.RECOVERING) {
                        freshness.confirmed(askedNs);
                        onReacquired(acquired);
                    }
                })
                .onFailure(failure -> {
                    if (attempt == generation && Scripts.isFenced(failure)) {
                        stepDown(failure.getMessage());
                    } else {
                        retry(attempt, failure, () -> recover(attempt));
                    }
                });
    }

    private void onReacquired(Acquired acquired) {
        epoch = acquired.epoch();
        state = State.SERVING;
        writer.onDurable(acquired.version());
        partition.discardStaged();
        answers.fail(Failure.UNAVAILABLE, "the log of partition " + number + " was away; nothing was done");
        LOG.info("partition {}: serves again at version {}, epoch {}", number, partition.durableVersion(), epoch);
    }

    private void load() {
        state = State.LOADING;
        int attempt = ++generation;
        long askedNs = System.nanoTime();
        log.acquire(number, epoch)
                .onSuccess(acquired -> {
                    if (attempt == generation && state == State.LOADING) {
                        freshness.confirmed(askedNs);
                        replay(acquired);
                    }
                })
                .onFailure(failure -> {
                    if (attempt == generation && Scripts.isFenced(failure)) {
                        stepDown(failure.getMessage());
                    } else {
                        retry(attempt, failure, this::load);
                    }
                });
    }

    private void replay(Acquired acquired) {
        state = State.LOADING;
        epoch = acquired.epoch();
        int attempt = ++generation;
        loader.load(number, acquired.version())
                .onSuccess(loaded -> {
                    if (attempt == generation) {
                        onLoaded(loaded);
                    }
                })
                .onFailure(failure -> {
                    if (isDamage(failure)) {
                        // Trying again reads the same bytes: a start must end with a reason, not hang.
                        firstServing.tryFail(new IllegalStateException(
                                "partition " + number + ": what is stored cannot be loaded: " + failure.getMessage(),
                                failure));
                    }
                    retry(attempt, failure, this::load);
                });
    }

    private void onLoaded(Loaded loaded) {
        partition = loaded.partition();
        restoredVersion = loaded.restoredVersion();
        state = State.SERVING;
        LOG.debug("partition {}: serves at version {}, epoch {}", number, partition.durableVersion(), epoch);
        firstServing.tryComplete();
    }

    static boolean isDamage(Throwable failure) {
        return failure instanceof WireFormatException || failure instanceof IllegalStateException;
    }

    private void retry(int attempt, Throwable failure, Runnable again) {
        if (attempt != generation || state == State.RESTING || !log.isReachable()) {
            return; // superseded, or tried again when the log is back
        }
        LOG.warn("partition {}: {}: {}; trying again in {} ms", number, state, failure.getMessage(), retryMs);
        vertx.setTimer(retryMs, id -> {
            if (attempt == generation && state != State.RESTING) {
                again.run();
            }
        });
    }
}
