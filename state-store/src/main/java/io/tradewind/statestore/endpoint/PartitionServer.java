package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.statestore.domain.Holder;
import io.tradewind.statestore.domain.LogAppend;
import io.tradewind.statestore.domain.LogBudget;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.domain.Staged;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one {@link Partition}: takes commands from the event bus, appends to the log, answers and publishes.
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

    private enum State {
        RESTING,
        LOADING,
        SERVING,
        RECOVERING
    }

    /** A command whose answer waits for a version to become durable. */
    private record Waiter(long durableAt, Message<Commit> command, CommitReply reply) {}

    private final Vertx vertx;
    private final int number;
    private final PartitionLog log;
    private final PartitionLoader loader;
    private final LogBudget budget;
    private final Consumer<Changes> onChanges;
    private final Clock clock;
    private final StoreMetrics metrics;
    private final int maxAppendsInFlight;
    private final long retryMs;
    private final Supplier<String> relaxedRefusal;
    private final PartitionDoor door;
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final Freshness freshness;

    private Promise<Void> firstServing = Promise.promise();
    private Runnable lost = () -> {};
    private Partition partition;
    private State state = State.RESTING;
    private long restoredVersion;
    private long epoch;
    private long relaxedCommits;
    private int appendsInFlight;
    /** Grows with every recovery: answers to appends of an earlier one no longer count. */
    private int generation;

    private boolean draining;

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
        this.budget = budget;
        this.door = door;
        this.onChanges = onChanges;
        this.clock = clock;
        this.metrics = metrics;
        this.maxAppendsInFlight = maxAppendsInFlight;
        this.retryMs = retryMs;
        this.relaxedRefusal = relaxedRefusal;
        this.partition = new Partition(number);
        this.freshness = new Freshness(vertx, this::isOwner);
        door.at(Addresses.stateCommit(number), this::onCommit);
        door.at(Addresses.stateRead(number), this::onRead);
        door.at(Addresses.stateLog(number), this::onReadLog);
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
        draining = false;
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
        if (state == State.SERVING) {
            partition.stageRelaxed("relaxed-" + epoch + "-" + ++relaxedCommits, clock.millis());
            pump();
        }
    }

    /** Takes no more commands and completes when all that were taken are durable. */
    Future<Void> drain() {
        draining = true;
        flushRelaxed();
        Promise<Void> drained = Promise.promise();
        awaitIdle(drained);
        return drained.future();
    }

    /** Stops at once; what was not durable by now is told to be unknown. */
    Future<Void> close() {
        return rest(Failure.UNKNOWN, "partition " + number + " is closed").eventually(door::close);
    }

    private Future<Void> rest(Failure failure, String why) {
        state = State.RESTING;
        generation++;
        appendsInFlight = 0;
        failWaiters(failure, why);
        firstServing.tryFail(why);
        partition = new Partition(number);
        return door.shut();
    }

    private void stepDown(String why) {
        LOG.warn("partition {}: another process owns it since epoch {}: {}; stepping down", number, epoch, why);
        rest(Failure.UNKNOWN, "another owner wrote to partition " + number + "; ask or repeat with the same id");
        lost.run();
    }

    private void awaitIdle(Promise<Void> drained) {
        if (state != State.SERVING || (partition.isIdle() && appendsInFlight == 0)) {
            drained.complete();
        } else {
            vertx.setTimer(1, id -> awaitIdle(drained));
        }
    }

    private void onCommit(Message<Commit> message) {
        if (state != State.SERVING || draining) {
            fail(message, Failure.UNAVAILABLE, "partition " + number + " is " + (draining ? "closing" : state));
            return;
        }
        if (partition.isFull()) {
            metrics.refused();
            fail(
                    message,
                    Failure.UNAVAILABLE,
                    "partition " + number + " has " + Partition.MAX_STAGED
                            + " transactions waiting for the log, its limit: try again");
            return;
        }
        Commit commit = message.body();
        if (!budget.takes(commit.durability())) {
            metrics.refused();
            fail(message, Failure.UNAVAILABLE, budget.sentence());
            return;
        }
        if (commit.durability() == Durability.RELAXED) {
            String refusal = relaxedRefusal.get();
            if (refusal != null) {
                fail(message, Failure.UNAVAILABLE, refusal);
                return;
            }
            message.reply(new CommitReply(partition.takeRelaxed(commit.transactions())));
            return;
        }
        Staged staged = partition.stage(commit.transactions(), clock.millis());
        CommitReply reply = new CommitReply(staged.outcomes());
        if (staged.durableAt() == 0) {
            message.reply(reply);
        } else {
            waiters.addLast(new Waiter(staged.durableAt(), message, reply));
            pump();
        }
    }

    private void onRead(Message<ReadEntities> message) {
        if (cannotRead(message)) {
            return;
        }
        freshness.whenFresh(message.body().maxAgeMs(), confirmed -> answer(message, confirmed));
    }

    private void answer(Message<ReadEntities> message, boolean confirmed) {
        if (cannotRead(message)) {
            return;
        }
        boolean stale = state != State.SERVING || !confirmed || !isConfirmed();
        EntitiesPage page = partition.read(message.body(), stale);
        message.reply(page.known(clock.millis() - freshness.ageMs(), stale));
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

    private boolean cannotRead(Message<?> message) {
        if (state == State.LOADING || state == State.RESTING) {
            fail(message, Failure.UNAVAILABLE, "partition " + number + " is " + state);
            return true;
        }
        return false;
    }

    /** A process that was paused does not know yet that it is not the owner any more; what it reads is not fresh. */
    private boolean isConfirmed() {
        return freshness.ageMs() < Ownership.LIFE_MS;
    }

    private void onReadLog(Message<ReadLog> message) {
        if (cannotRead(message)) {
            return;
        }
        ReadLog query = message.body();
        long head = partition.durableVersion();
        if (query.afterVersion() > head) {
            answerFromBehind(message, query);
            return;
        }
        List<CommittedTransaction> recent = partition.recentAfter(query.afterVersion(), query.limit());
        if (recent != null) {
            message.reply(new LogPage(head, false, recent));
            return;
        }
        log.read(number, query.afterVersion())
                .onSuccess(found -> message.reply(page(query, head, found)))
                .onFailure(failure ->
                        fail(message, Failure.UNAVAILABLE, "log of partition " + number + ": " + failure.getMessage()));
    }

    /**
     * The asker is ahead of us. Either the store was set back, or this process was paused and another one goes on: only
     * Redis can tell, and the answer decides whether the asker throws away what it knows.
     */
    private void answerFromBehind(Message<ReadLog> message, ReadLog query) {
        long asked = epoch;
        log.holder(number)
                .onSuccess(holder -> {
                    if (holder.epoch() == asked && holder.version() < query.afterVersion()) {
                        message.reply(new LogPage(holder.version(), true, List.of()));
                    } else {
                        fail(message, Failure.UNAVAILABLE, "partition " + number + " changes its owner: try again");
                    }
                })
                .onFailure(failure ->
                        fail(message, Failure.UNAVAILABLE, "log of partition " + number + ": " + failure.getMessage()));
    }

    private static LogPage page(ReadLog query, long head, List<CommittedTransaction> found) {
        if (found.isEmpty() || found.get(0).version() > query.afterVersion() + 1) {
            return new LogPage(head, true, List.of());
        }
        int end = Math.min(found.size(), query.limit());
        while (end > 0 && found.get(end - 1).version() > head) {
            // In the log, but its answer is still on the way here: not ours to tell yet.
            end--;
        }
        return new LogPage(head, false, found.subList(0, end));
    }

    /** Sends what has gathered, as long as the window of appends in flight is open. */
    private void pump() {
        while (state == State.SERVING && appendsInFlight < maxAppendsInFlight && partition.hasWaiting()) {
            LogAppend append = partition.nextAppend();
            int sentIn = generation;
            long sentNs = System.nanoTime();
            appendsInFlight++;
            log.append(number, epoch, append)
                    .onSuccess(done -> {
                        if (sentIn == generation) {
                            appendsInFlight--;
                            freshness.confirmed(sentNs);
                            metrics.appended(append.transactions().size(), System.nanoTime() - sentNs);
                            onDurable(append.lastVersion());
                            pump();
                        }
                    })
                    .onFailure(failure -> {
                        if (sentIn == generation) {
                            beginRecovery(
                                    "append behind version " + append.afterVersion() + ": " + failure.getMessage());
                        }
                    });
        }
    }

    private void onDurable(long version) {
        List<CommittedTransaction> durable = partition.onDurable(version);
        while (!waiters.isEmpty() && waiters.peekFirst().durableAt() <= partition.durableVersion()) {
            Waiter waiter = waiters.removeFirst();
            waiter.command().reply(waiter.reply());
        }
        if (!durable.isEmpty()) {
            Changes changes = new Changes(number, epoch, durable);
            vertx.eventBus().publish(Addresses.stateChanges(number), changes);
            onChanges.accept(changes);
        }
    }

    private void beginRecovery(String why) {
        if (log.isReachable()) {
            LOG.warn("partition {}: {}; finding out what the log holds", number, why);
        }
        state = State.RECOVERING;
        generation++;
        appendsInFlight = 0;
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
        onDurable(acquired.version());
        partition.discardStaged();
        failWaiters(Failure.UNAVAILABLE, "the log of partition " + number + " was away; nothing was done");
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

    private void failWaiters(Failure failure, String message) {
        while (!waiters.isEmpty()) {
            fail(waiters.removeFirst().command(), failure, message);
        }
    }

    private static void fail(Message<?> message, Failure failure, String text) {
        message.fail(failure.code(), text);
    }
}
