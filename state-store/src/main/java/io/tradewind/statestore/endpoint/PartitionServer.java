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
import io.tradewind.statestore.domain.LogAppend;
import io.tradewind.statestore.domain.LogBudget;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.domain.Staged;
import io.tradewind.statestore.endpoint.PartitionLoader.Loaded;
import io.tradewind.statestore.redis.PartitionLog;
import io.tradewind.statestore.redis.PartitionLog.Acquired;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one {@link Partition}: takes commands from the event bus, appends to the log, answers and publishes.
 *
 * <pre>
 *            acquire, replay              append failed, outcome unknown
 *   LOADING ────────────────► SERVING ─────────────────────────────────► RECOVERING
 *      ▲                         ▲   the log had no other owner meanwhile     │
 *      │                         └────────────────────────────────────────────┤
 *      └──────────────────────────────────────────────────────────────────────┘  it had
 * </pre>
 *
 * Recovery takes a new epoch first, which makes every append that may still be on its way harmless, and then looks
 * which version the log ends with: what it holds is answered as committed, the rest was never done.
 *
 * <p>On the event loop of its verticle, which closes it. After a crash the next owner replays the log.
 */
public final class PartitionServer {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionServer.class);

    private enum State {
        LOADING,
        SERVING,
        RECOVERING,
        CLOSED
    }

    /** A command whose answer waits for a version to become durable. */
    private record Waiter(long durableAt, Message<Commit> command, CommitReply reply) {}

    private final Vertx vertx;
    private final int number;
    private final PartitionLog log;
    private final PartitionLoader loader;
    private final LogBudget budget;
    private final Clock clock;
    private final StoreMetrics metrics;
    private final int maxAppendsInFlight;
    private final long retryMs;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final Promise<Void> firstServing = Promise.promise();

    private Partition partition;
    private State state = State.LOADING;
    private long restoredVersion;
    private long epoch;
    private long relaxedCommits;
    private int appendsInFlight;
    /** Grows with every recovery: answers to appends of an earlier one no longer count. */
    private int generation;

    private boolean draining;

    PartitionServer(
            Vertx vertx,
            int number,
            PartitionLog log,
            PartitionLoader loader,
            LogBudget budget,
            Clock clock,
            StoreMetrics metrics,
            int maxAppendsInFlight,
            long retryMs) {
        this.vertx = vertx;
        this.number = number;
        this.log = log;
        this.loader = loader;
        this.budget = budget;
        this.clock = clock;
        this.metrics = metrics;
        this.maxAppendsInFlight = maxAppendsInFlight;
        this.retryMs = retryMs;
        this.partition = new Partition(number);
    }

    /**
     * Registers on the event bus; loading begins when {@link #onLog} says that the log can be reached.
     *
     * @return completes when the partition serves for the first time
     */
    Future<Void> open() {
        consumers.add(vertx.eventBus().<Commit>consumer(Addresses.stateCommit(number), this::onCommit));
        consumers.add(vertx.eventBus().<ReadEntities>consumer(Addresses.stateRead(number), this::onRead));
        consumers.add(vertx.eventBus().<ReadLog>consumer(Addresses.stateLog(number), this::onReadLog));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .compose(registered -> firstServing.future());
    }

    /** Whether commands are carried out now. */
    boolean isServing() {
        return state == State.SERVING;
    }

    Partition partition() {
        return partition;
    }

    int number() {
        return number;
    }

    /** The version of the snapshot that the partition was loaded from; 0 when there was none. */
    long restoredVersion() {
        return restoredVersion;
    }

    /** Lets go of log entries up to a version, see {@link PartitionLog#trim}. */
    Future<Long> trim(long version) {
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

    Future<Void> close() {
        state = State.CLOSED;
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .mapEmpty();
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
        if (state == State.LOADING) {
            fail(message, Failure.UNAVAILABLE, "partition " + number + " is loading");
            return;
        }
        EntitiesPage page = partition.read(message.body(), state != State.SERVING);
        message.reply(page);
    }

    private void onReadLog(Message<ReadLog> message) {
        if (state == State.LOADING) {
            fail(message, Failure.UNAVAILABLE, "partition " + number + " is loading");
            return;
        }
        ReadLog query = message.body();
        long head = partition.durableVersion();
        if (query.afterVersion() > head) {
            message.reply(new LogPage(head, true, List.of()));
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
            vertx.eventBus().publish(Addresses.stateChanges(number), new Changes(number, epoch, durable));
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
        log.acquire(number)
                .onSuccess(acquired -> {
                    if (attempt == generation && state == State.RECOVERING) {
                        onReacquired(acquired);
                    }
                })
                .onFailure(failure -> retry(attempt, failure, () -> recover(attempt)));
    }

    private void onReacquired(Acquired acquired) {
        if (acquired.epochBefore() != epoch) {
            LOG.warn(
                    "partition {}: another owner (epoch {}) wrote since epoch {}; loading afresh",
                    number,
                    acquired.epochBefore(),
                    epoch);
            failWaiters(
                    Failure.UNKNOWN, "another owner wrote to partition " + number + "; ask or repeat with the same id");
            replay(acquired);
            return;
        }
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
        log.acquire(number)
                .onSuccess(acquired -> {
                    if (attempt == generation && state == State.LOADING) {
                        replay(acquired);
                    }
                })
                .onFailure(failure -> retry(attempt, failure, this::load));
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
                        firstServing.tryFail(
                                "partition " + number + ": what is stored cannot be loaded: " + failure.getMessage());
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

    private static boolean isDamage(Throwable failure) {
        return failure instanceof WireFormatException || failure instanceof IllegalStateException;
    }

    private void retry(int attempt, Throwable failure, Runnable again) {
        if (attempt != generation || state == State.CLOSED || !log.isReachable()) {
            return; // superseded, or tried again when the log is back
        }
        LOG.warn("partition {}: {}: {}; trying again in {} ms", number, state, failure.getMessage(), retryMs);
        vertx.setTimer(retryMs, id -> {
            if (attempt == generation && state != State.CLOSED) {
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
