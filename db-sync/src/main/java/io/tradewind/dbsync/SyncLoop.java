package io.tradewind.dbsync;

import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.BatchAssembler;
import io.tradewind.dbsync.domain.Fault;
import io.tradewind.dbsync.domain.Held;
import io.tradewind.dbsync.domain.IntervalPolicy;
import io.tradewind.dbsync.domain.IntervalPolicy.Pause;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.ReadSize;
import io.tradewind.dbsync.postgres.BatchWriter;
import io.tradewind.dbsync.postgres.Database;
import io.tradewind.dbsync.postgres.DeadLetterTable;
import io.tradewind.dbsync.postgres.OffsetTable;
import io.tradewind.dbsync.postgres.OffsetsMovedException;
import io.tradewind.dbsync.postgres.Schema;
import io.tradewind.dbsync.postgres.WeeklyTables;
import io.tradewind.dbsync.postgres.Written;
import io.tradewind.dbsync.redis.LogReader;
import io.tradewind.servicekit.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a batch behind the offsets, writes it with the offsets, pauses, and so on for ever. While a batch of a backlog is
 * being written, the next one is read; never more than that one, so that memory stays bounded however far behind it is.
 *
 * <p>After any failure nothing is assumed: what was read ahead is let go, the offsets are read from Postgres, and from
 * there it goes on. So a commit whose answer was lost counts when it took effect, and only then.
 *
 * <p>Runs on the event loop that starts it; decoding and turning documents into rows happens on a worker. Stopped by its
 * owner. A crash at any point leaves rows and offsets of the same moment in Postgres.
 */
final class SyncLoop {

    /** Errands and waiters at the same time; each is a command of an operator. */
    private static final int MAX_ERRANDS = 64;

    private static final int MAX_WAITERS = 64;

    /** Pause while someone waits. */
    private static final long AWAITED_PAUSE_MS = 2;

    /** Failures in a row after which those who wait are told; one alone may be a connection that had grown old. */
    private static final int FAILURES_TO_TELL = 2;

    /** Times that a batch is written which Postgres rolled back for another transaction's sake. */
    private static final int MAX_ATTEMPTS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(SyncLoop.class);

    /** What the loop needs; all of it belongs to the owner of the loop. */
    record Parts(
            Vertx vertx,
            Clock clock,
            Schema schema,
            Database database,
            WeeklyTables weeks,
            BatchWriter writer,
            LogReader reader,
            BatchAssembler assembler,
            IntervalPolicy interval,
            ReadSize readSize,
            SyncStatus status,
            SyncMetrics metrics,
            Backoff redisBackoff,
            Backoff postgresBackoff) {}

    /** A batch and the offsets that it was read behind. */
    private record Prepared(Offsets behind, Batch batch, long readMs, Offsets heads, Held.Share held) {}

    /** Something that needs the connection for itself, between two batches. */
    private record Errand<T>(Supplier<Future<T>> work, Promise<T> done) {

        Future<Void> run() {
            Future<T> running;
            try {
                running = work.get();
            } catch (RuntimeException e) {
                running = Future.failedFuture(e);
            }
            return running.onComplete(done).<Void>mapEmpty().otherwiseEmpty();
        }
    }

    /** Someone who waits until Postgres has a version. */
    private static final class Waiter {

        private final int partition;
        private final Promise<Long> done = Promise.promise();
        /** Of the log: reads that were begun later tell where it ends. */
        private final long askedBehindRead;
        /** -1 until that is known. */
        private long version;

        Waiter(int partition, long version, long askedBehindRead) {
            this.partition = partition;
            this.version = version;
            this.askedBehindRead = askedBehindRead;
        }
    }

    private enum Stage {
        POSTGRES,
        REDIS
    }

    private final Parts parts;
    private final SyncStatus status;
    private boolean schemaIsRight;
    /** As committed; {@code null} when they must be read from Postgres. */
    private Offsets offsets;
    /** Read while the last batch was written; {@code null} when nothing was. */
    private Future<Prepared> ahead;

    private Stage stage = Stage.POSTGRES;
    private int failures;
    private Future<Void> cycle = Future.succeededFuture();
    private Pause pause = Pause.of(0);
    private long pauseBeganNs;
    private long timer = -1;
    private boolean hinted;
    private boolean hintedCritical;
    private boolean running;
    private boolean leading;
    private boolean stopping;
    private long reads;
    private final Deque<Errand<?>> errands = new ArrayDeque<>();
    private final List<Waiter> waiters = new ArrayList<>();

    SyncLoop(Parts parts) {
        this.parts = parts;
        this.status = parts.status();
    }

    /**
     * Prepares the schema. Postgres being away is no failure of the start: it is tried again until it is back. Nothing is
     * followed before {@link #lead}.
     *
     * @return fails when the schema in Postgres is one that this program cannot work with
     */
    Future<Void> start() {
        return parts.schema().migrate().transform(migrated -> {
            if (migrated.failed() && !Schema.mayHeal(migrated.cause())) {
                return Future.failedFuture(migrated.cause());
            }
            schemaIsRight = migrated.succeeded();
            if (migrated.failed()) {
                LOG.warn(
                        "Postgres is away, starting without it: {}",
                        migrated.cause().toString());
                status.postgresFailed(migrated.cause().toString());
            }
            return Future.succeededFuture();
        });
    }

    /**
     * Begins to follow the logs, or ceases to behind the batch in flight. What the database holds may have been changed by
     * others meanwhile, so that the offsets are read anew.
     */
    void lead(boolean leads) {
        if (leads == leading || stopping) {
            return;
        }
        leading = leads;
        status.leads(leads);
        if (leads) {
            offsetsMoved();
            failures = 0;
            if (!running) {
                run();
            }
        } else {
            LOG.info("another db-sync follows the logs from now on");
            cancelTimer();
            giveUpWaiting("another db-sync follows the logs now; ask again");
        }
    }

    /**
     * Something changed: a pause of quiet times ends early. A mere hint, it may be lost or wrong.
     *
     * @param critical whether an order or a fill did
     */
    void wake(boolean critical) {
        if (!leading) {
            return;
        }
        status.moreIsThere();
        boolean news = !hinted || (critical && !hintedCritical);
        if (!news) {
            return;
        }
        hinted = true;
        hintedCritical |= critical;
        if (timer >= 0 && failures == 0 && cancelTimer()) {
            long passedMs = (System.nanoTime() - pauseBeganNs) / 1_000_000;
            setTimer(pauseMs() - passedMs);
        }
    }

    /**
     * Runs {@code work} with the connection for itself: no batch is written meanwhile.
     *
     * @return what it gives; fails when it fails, or when Postgres cannot be reached
     */
    <T> Future<T> between(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        if (!leading || stopping) {
            return Future.failedFuture("this db-sync does not follow the logs now");
        }
        if (errands.size() >= MAX_ERRANDS) {
            return Future.failedFuture(MAX_ERRANDS + " commands are waiting for the database already; try again");
        }
        errands.add(new Errand<>(work, done));
        runSoon();
        return done.future();
    }

    /** What is known of the offsets no longer counts: an errand has moved them. */
    void offsetsMoved() {
        offsets = null;
        if (ahead != null) {
            ahead.onSuccess(unused -> unused.held().letGo());
            ahead = null;
        }
    }

    /** @return completes with the version that the log has now, when Postgres has it, too */
    Future<Long> flush(int partition) {
        return await(new Waiter(partition, -1, reads));
    }

    /** @return completes when Postgres has a version that the log has */
    Future<Long> reached(int partition, long version) {
        return offsets != null && offsets.of(partition) >= version
                ? Future.succeededFuture(version)
                : await(new Waiter(partition, version, reads));
    }

    private Future<Long> await(Waiter waiter) {
        if (!leading || stopping) {
            return Future.failedFuture("this db-sync does not follow the logs now");
        }
        if (waiters.size() >= MAX_WAITERS) {
            return Future.failedFuture(MAX_WAITERS + " commands are waiting for the database already; try again");
        }
        waiters.add(waiter);
        runSoon();
        return waiter.done.future();
    }

    boolean isLeading() {
        return leading;
    }

    /** What the database has, as committed; {@code null} while that is not known. */
    Offsets offsets() {
        return offsets;
    }

    /** @return completes when the batch in flight is done; nothing is begun after it */
    Future<Void> stop() {
        stopping = true;
        cancelTimer();
        giveUpWaiting("db-sync is stopping");
        Future<Prepared> reading = ahead == null ? Future.succeededFuture() : ahead;
        return cycle.transform(done -> reading.otherwiseEmpty()).mapEmpty();
    }

    private void run() {
        timer = -1;
        if (stopping || !leading) {
            return;
        }
        running = true;
        hinted = false;
        hintedCritical = false;
        cycle = schemaReady()
                .compose(ready -> parts.weeks().maintain())
                .compose(ready -> currentOffsets())
                .compose(ready -> errand())
                .compose(ready -> currentOffsets())
                .compose(this::prepared)
                .compose(prepared ->
                        write(prepared).onComplete(ended -> prepared.held().letGo()))
                .transform(ended -> {
                    running = false;
                    if (ended.succeeded()) {
                        failures = 0;
                        tellWaiters();
                        pause(ended.result());
                    } else {
                        failed(ended.cause());
                    }
                    if (leading && !stopping && timer < 0) {
                        // It was given up and taken back while this cycle ran.
                        setTimer(1);
                    }
                    return Future.succeededFuture();
                });
    }

    /** One at a time, so that batches and errands take turns. */
    private Future<Void> errand() {
        Errand<?> next = errands.poll();
        // It may write rows past the writer of batches.
        return next == null
                ? Future.succeededFuture()
                : next.run().onComplete(ran -> parts.writer().forget());
    }

    /** Ends a pause, whatever it is for. */
    private void runSoon() {
        if (timer >= 0 && cancelTimer()) {
            setTimer(1);
        }
    }

    private boolean cancelTimer() {
        boolean cancelled = timer >= 0 && parts.vertx().cancelTimer(timer);
        timer = -1;
        return cancelled;
    }

    private void tellWaiters() {
        Iterator<Waiter> all = waiters.iterator();
        List<Runnable> told = new ArrayList<>();
        while (all.hasNext()) {
            Waiter waiter = all.next();
            Fault fault = status.fault(waiter.partition);
            if (waiter.version >= 0 && offsets != null && offsets.of(waiter.partition) >= waiter.version) {
                all.remove();
                told.add(() -> waiter.done.complete(waiter.version));
            } else if (fault != null) {
                all.remove();
                told.add(() -> waiter.done.fail(fault.message()));
            }
        }
        // Behind the loop: who is told may ask for the next thing at once.
        told.forEach(Runnable::run);
    }

    private void giveUpWaiting(String why) {
        List<Waiter> waiting = List.copyOf(waiters);
        List<Errand<?>> left = List.copyOf(errands);
        waiters.clear();
        errands.clear();
        waiting.forEach(waiter -> waiter.done.fail(why));
        left.forEach(errand -> errand.done().fail(why));
    }

    private Future<Void> schemaReady() {
        stage = Stage.POSTGRES;
        return schemaIsRight
                ? Future.succeededFuture()
                : parts.schema().migrate().onSuccess(migrated -> schemaIsRight = true);
    }

    private Future<Offsets> currentOffsets() {
        if (offsets != null) {
            return Future.succeededFuture(offsets);
        }
        stage = Stage.POSTGRES;
        // Whatever was the reason to ask, others may have written since.
        parts.writer().forget();
        return OffsetTable.read(parts.database())
                .onSuccess(read -> {
                    offsets = read;
                    status.reached(read);
                    status.postgresWorks();
                })
                .compose(read -> countDeadLetters().map(read));
    }

    /** Counts anew what is set aside; also after a replay. */
    Future<Void> countDeadLetters() {
        return DeadLetterTable.count(parts.database())
                .onSuccess(status::deadLettersAre)
                .mapEmpty();
    }

    private Future<Prepared> prepared(Offsets from) {
        stage = Stage.REDIS;
        Future<Prepared> early = ahead;
        ahead = null;
        return early == null ? prepare(from) : early;
    }

    private Future<Prepared> prepare(Offsets from) {
        long readMs = parts.clock().millis();
        long read = ++reads;
        status.beginsToRead();
        return parts.reader().read(from, parts.readSize().count()).compose(found -> {
            status.redisWorks();
            Held.Share held = status.held().take(found);
            Offsets heads = status.read(found);
            waiters.stream()
                    .filter(waiter -> waiter.version < 0 && waiter.askedBehindRead < read)
                    .forEach(waiter -> waiter.version = heads.of(waiter.partition));
            return parts.vertx()
                    .executeBlocking(() -> parts.assembler().assemble(from, found))
                    .onSuccess(batch -> {
                        held.becomes(batch);
                        parts.readSize().learn(found, batch);
                    })
                    .compose(batch -> explain(batch.faults()).map(faults -> {
                        report(faults);
                        return new Prepared(from, batch, readMs, heads, held);
                    }))
                    .onFailure(failure -> held.letGo());
        });
    }

    private Future<Pause> write(Prepared prepared) {
        Batch batch = prepared.batch();
        if (batch.isEmpty()) {
            status.done(batch, prepared.readMs(), prepared.heads());
            parts.status().catchUp().onBatch(parts.clock().millis(), false, 0, 0);
            return Future.succeededFuture(parts.interval().afterNothing());
        }
        stage = Stage.POSTGRES;
        Offsets reached = prepared.behind().after(batch.advances());
        if (batch.backlog() && !stopping) {
            ahead = prepare(reached);
        }
        long beganNs = System.nanoTime();
        return attempt(batch, 1)
                .map(written -> {
                    Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
                    offsets = reached;
                    status.reached(reached);
                    status.postgresWorks();
                    status.done(batch, prepared.readMs(), prepared.heads());
                    status.wrote(batch, written);
                    parts.metrics().written(batch, written, took, parts.clock().millis() - batch.oldestTimeMs());
                    log(batch, written, took);
                    return written;
                })
                .compose(written -> written.deadLetters() == 0 ? Future.succeededFuture() : countDeadLetters())
                .map(counted -> parts.interval()
                        .afterBatch(
                                batch.backlog(),
                                Duration.ofNanos(System.nanoTime() - beganNs).toMillis(),
                                isCritical(batch)));
    }

    /**
     * Two transactions that cannot both be (a deadlock, a serialization failure) are no trouble of Postgres: it has rolled
     * this one back, and tried again it mostly works.
     */
    private Future<Written> attempt(Batch batch, int attempts) {
        return parts.writer().write(batch).recover(failure -> {
            if (!BatchWriter.mayWorkAgain(failure) || attempts >= MAX_ATTEMPTS || stopping) {
                return Future.failedFuture(failure);
            }
            parts.metrics().retried();
            long waitMs = parts.postgresBackoff().delay(attempts).toMillis();
            LOG.info("Postgres rolled a batch back, again in {} ms: {}", waitMs, oneLine(failure));
            return parts.vertx().timer(waitMs, TimeUnit.MILLISECONDS).compose(again -> attempt(batch, attempts + 1));
        });
    }

    private static boolean isCritical(Batch batch) {
        return batch.ops().stream().anyMatch(op -> op.rows().stream()
                .anyMatch(row -> IntervalPolicy.isCritical(row.change().key().domain())));
    }

    private void failed(Throwable failure) {
        offsetsMoved();
        failures++;
        parts.weeks().recheck();
        String why = oneLine(failure);
        long waitMs;
        if (stage == Stage.REDIS) {
            waitMs = parts.redisBackoff().delay(failures).toMillis();
            parts.metrics().redisError();
            status.redisFailed(why);
            LOG.warn("reading the logs failed, again in {} ms: {}", waitMs, why);
        } else if (failure instanceof OffsetsMovedException) {
            waitMs = parts.postgresBackoff().delay(failures).toMillis();
            parts.metrics().refused();
            LOG.warn("batch without effect, the offsets are read again in {} ms: {}", waitMs, failure.getMessage());
        } else {
            waitMs = parts.postgresBackoff().delay(failures).toMillis();
            parts.metrics().postgresError();
            status.postgresFailed(why);
            LOG.warn("writing to Postgres failed, again in {} ms: {}", waitMs, why);
        }
        if (failures >= FAILURES_TO_TELL) {
            giveUpWaiting(why);
        }
        pause(Pause.of(waitMs));
    }

    private void pause(Pause next) {
        if (stopping || !leading) {
            return;
        }
        pause = next;
        pauseBeganNs = System.nanoTime();
        status.pausing(next.latestMs());
        boolean awaited = !errands.isEmpty() || !waiters.isEmpty();
        setTimer(awaited && failures == 0 ? Math.min(AWAITED_PAUSE_MS, pauseMs()) : pauseMs());
    }

    private long pauseMs() {
        return hintedCritical ? pause.criticalMs() : hinted ? pause.ordinaryMs() : pause.latestMs();
    }

    private void setTimer(long delayMs) {
        timer = parts.vertx().setTimer(Math.max(1, delayMs), fired -> run());
    }

    /** Tells a log that was trimmed too early from one that lacks a version in its middle. */
    private Future<List<Fault>> explain(List<Fault> faults) {
        Future<List<Fault>> explained = Future.succeededFuture(new ArrayList<>());
        for (Fault fault : faults) {
            explained = explained.compose(before -> explain(fault).map(said -> {
                before.add(said);
                return before;
            }));
        }
        return explained;
    }

    private Future<Fault> explain(Fault fault) {
        return fault.kind() != Fault.Kind.GAP
                ? Future.succeededFuture(fault)
                : parts.reader()
                        .reachesBackTo(fault.partition(), fault.standsAt())
                        .map(reachesBack -> reachesBack ? fault : fault.asTrimmed());
    }

    private void report(List<Fault> faults) {
        status.faults(faults).forEach(fault -> LOG.error("{}", fault.message()));
    }

    private static String oneLine(Throwable failure) {
        return failure.toString().replaceAll("\\s*\\R\\s*", " ");
    }

    private static void log(Batch batch, Written written, Duration took) {
        LOG.debug(
                "{} transactions, {} changes, {} rows ({} in part) in {} statements, {} ms{}",
                batch.transactions(),
                batch.mutations(),
                written.rows(),
                written.partialRows(),
                written.statements(),
                took.toMillis(),
                batch.backlog() ? ", more is waiting" : "");
    }
}
