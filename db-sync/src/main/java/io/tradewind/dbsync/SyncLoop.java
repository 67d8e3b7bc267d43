package io.tradewind.dbsync;

import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.BatchAssembler;
import io.tradewind.dbsync.domain.Fault;
import io.tradewind.dbsync.domain.IntervalPolicy;
import io.tradewind.dbsync.domain.IntervalPolicy.Pause;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.ReadSize;
import io.tradewind.dbsync.postgres.BatchWriter;
import io.tradewind.dbsync.postgres.Database;
import io.tradewind.dbsync.postgres.LogArchive;
import io.tradewind.dbsync.postgres.OffsetTable;
import io.tradewind.dbsync.postgres.OffsetsMovedException;
import io.tradewind.dbsync.postgres.Schema;
import io.tradewind.dbsync.postgres.Written;
import io.tradewind.dbsync.redis.LogReader;
import io.tradewind.servicekit.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private static final Logger LOG = LoggerFactory.getLogger(SyncLoop.class);

    /** What the loop needs; all of it belongs to the owner of the loop. */
    record Parts(
            Vertx vertx,
            Clock clock,
            Schema schema,
            Database database,
            LogArchive archive,
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
    private record Prepared(Offsets behind, Batch batch, long readMs) {}

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
    private Pause pause = new Pause(0, 0);
    private long pauseBeganNs;
    private long timer = -1;
    private boolean hinted;
    private boolean stopping;

    SyncLoop(Parts parts) {
        this.parts = parts;
        this.status = parts.status();
    }

    /**
     * Prepares the schema, then begins. Postgres being away is no failure of the start: it is tried again until it is back.
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
            run();
            return Future.succeededFuture();
        });
    }

    /** Something changed: a pause of quiet times ends early. A mere hint, it may be lost or wrong. */
    void wake() {
        if (hinted) {
            return;
        }
        hinted = true;
        status.moreIsThere();
        if (timer >= 0 && failures == 0 && parts.vertx().cancelTimer(timer)) {
            long passedMs = (System.nanoTime() - pauseBeganNs) / 1_000_000;
            setTimer(pause.earliestMs() - passedMs);
        }
    }

    /** What the database has, as committed; {@code null} while that is not known. */
    Offsets offsets() {
        return offsets;
    }

    /** @return completes when the batch in flight is done; nothing is begun after it */
    Future<Void> stop() {
        stopping = true;
        if (timer >= 0) {
            parts.vertx().cancelTimer(timer);
            timer = -1;
        }
        Future<Prepared> reading = ahead == null ? Future.succeededFuture() : ahead;
        return cycle.transform(done -> reading.otherwiseEmpty()).mapEmpty();
    }

    private void run() {
        timer = -1;
        if (stopping) {
            return;
        }
        hinted = false;
        cycle = schemaReady()
                .compose(ready -> parts.archive().maintain())
                .compose(ready -> currentOffsets())
                .compose(this::prepared)
                .compose(this::write)
                .transform(ended -> {
                    if (ended.succeeded()) {
                        failures = 0;
                        pause(ended.result());
                    } else {
                        failed(ended.cause());
                    }
                    return Future.succeededFuture();
                });
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
        return OffsetTable.read(parts.database()).onSuccess(read -> {
            offsets = read;
            status.reached(read);
            status.postgresWorks();
        });
    }

    private Future<Prepared> prepared(Offsets from) {
        stage = Stage.REDIS;
        Future<Prepared> early = ahead;
        ahead = null;
        return early == null ? prepare(from) : early;
    }

    private Future<Prepared> prepare(Offsets from) {
        long readMs = parts.clock().millis();
        return parts.reader().read(from, parts.readSize().count()).compose(reads -> {
            status.redisWorks();
            status.read(reads);
            return parts.vertx()
                    .executeBlocking(() -> parts.assembler().assemble(from, reads))
                    .onSuccess(batch -> parts.readSize().learn(reads, batch))
                    .compose(batch -> explain(batch.faults()).map(faults -> {
                        report(faults);
                        return new Prepared(from, batch, readMs);
                    }));
        });
    }

    private Future<Pause> write(Prepared prepared) {
        Batch batch = prepared.batch();
        if (batch.isEmpty()) {
            status.done(batch, 0, prepared.readMs());
            return Future.succeededFuture(parts.interval().afterNothing());
        }
        stage = Stage.POSTGRES;
        Offsets reached = prepared.behind().after(batch.advances());
        if (batch.backlog() && !stopping) {
            ahead = prepare(reached);
        }
        long beganNs = System.nanoTime();
        return parts.writer().write(batch).map(written -> {
            Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
            offsets = reached;
            status.reached(reached);
            status.postgresWorks();
            status.done(batch, written.deadLetters(), prepared.readMs());
            parts.metrics().written(batch, written, took, parts.clock().millis() - batch.oldestTimeMs());
            log(batch, written, took);
            return parts.interval().afterBatch(batch.backlog(), took.toMillis());
        });
    }

    private void failed(Throwable failure) {
        offsets = null;
        ahead = null;
        failures++;
        parts.archive().recheck();
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
        pause(new Pause(waitMs, waitMs));
    }

    private void pause(Pause next) {
        if (stopping) {
            return;
        }
        pause = next;
        pauseBeganNs = System.nanoTime();
        status.pausing(next.latestMs());
        setTimer(hinted ? next.earliestMs() : next.latestMs());
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
                "{} transactions, {} changes, {} rows in {} statements, {} ms{}",
                batch.transactions(),
                batch.mutations(),
                written.rows(),
                written.statements(),
                took.toMillis(),
                batch.backlog() ? ", more is waiting" : "");
    }
}
