package io.tradewind.dbsync;

import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.dbsync.StateScan.Overview;
import io.tradewind.dbsync.domain.Fault;
import io.tradewind.dbsync.domain.StateRows;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.dbsync.postgres.StateTables;
import io.tradewind.dbsync.postgres.StateTables.Named;
import io.tradewind.dbsync.postgres.TablesAheadException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of one partition anew from the state, page by page between the batches of the others, removes rows that
 * the state does not have, and goes on from there with the log.
 *
 * <p>History that only Postgres has stays: orders and activities that have left the state, and whatever else leaves it by
 * its age. Where the log can be followed the offset stays as it is, so that archive and audit keep no gap; the log writes
 * nothing older over what is written here. Where it cannot (it was trimmed, is damaged, or ends before what Postgres
 * holds), the offset is put to the version at which the state was read: what the log had in between is missing in archive
 * and audit, and cannot be had any more.
 *
 * <p>On the event loop of db-sync, gone when done. After a crash, a part of the rows is new and the offset is as it was;
 * it can be repeated.
 */
final class Rebuild {

    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

    /** Rows of one transaction. */
    private static final int PAGE = 1_000;

    /** Times that a page is read again because Postgres was ahead of what the state-store had confirmed. */
    private static final int MAX_ATTEMPTS = 100;

    private static final long AHEAD_PAUSE_MS = 10;

    private final int partition;
    private final StateScan state;
    private final StateTables tables;
    private final SyncLoop loop;
    private final SyncStatus status;
    private final Pause pause;
    private long entities;
    private long removed;
    private long skipped;

    /** Waits a while without blocking. */
    interface Pause {
        Future<Void> ms(long ms, TimeUnit unit);
    }

    Rebuild(int partition, StateScan state, StateTables tables, SyncLoop loop, SyncStatus status, Pause pause) {
        this.partition = partition;
        this.state = state;
        this.tables = tables;
        this.loop = loop;
        this.status = status;
        this.pause = pause;
    }

    /** See {@link io.tradewind.contracts.state.SyncCommand.Verb#REBUILD}. */
    Future<JsonObject> run() {
        // Behind a read of the log, so that what is known of faults is of this moment.
        return loop.flush(partition)
                .otherwiseEmpty()
                .compose(flushed -> state.overview(partition))
                .compose(overview -> {
                    Fault fault = status.fault(partition);
                    long offset = status.offsets().of(partition);
                    LOG.info(
                            "partition {}: rebuilding {} entities at version {}, Postgres is at {}",
                            partition,
                            overview.entities(),
                            overview.version(),
                            offset);
                    return cutBack(overview, fault, offset)
                            .compose(done -> domains(overview))
                            .compose(done -> strays(overview))
                            .compose(done -> goOn(overview, fault))
                            .map(done -> answer(overview));
                });
    }

    private JsonObject answer(Overview overview) {
        return new JsonObject()
                .put("version", overview.version())
                .put("entities", entities)
                .put("removed", removed)
                .put("skipped", skipped);
    }

    /** The log ends before what Postgres holds: that is of another log. */
    private Future<Void> cutBack(Overview overview, Fault fault, long offset) {
        if (fault == null || fault.kind() != Fault.Kind.LOG_BEHIND || offset <= overview.version()) {
            return Future.succeededFuture();
        }
        LOG.warn(
                "partition {}: Postgres holds version {}, the state is at {}; rows beyond are removed",
                partition,
                offset,
                overview.version());
        return loop.between(() -> tables.cutBack(partition, offset, overview.version())
                        .onSuccess(gone -> removed += gone)
                        .onComplete(done -> loop.offsetsMoved()))
                .mapEmpty();
    }

    private Future<Void> domains(Overview overview) {
        Future<Void> done = Future.succeededFuture();
        for (String domain : overview.domains().keySet()) {
            done = done.compose(before -> pages(domain, ReadEntities.ofPartition(partition, domain)));
        }
        return done;
    }

    private Future<Void> pages(String domain, ReadEntities query) {
        // Read within the errand: nothing is written between the reading and the writing of a page.
        return steady(() -> state.read(query).compose(page -> tables.replace(
                                partition, page.version(), domain, StateRows.of(partition, domain, page.entities()))
                        .map(written -> page)))
                .compose(page -> {
                    entities += page.entities().size();
                    return page.more() && !page.entities().isEmpty()
                            ? pages(domain, query.after(last(page).key()))
                            : Future.succeededFuture();
                });
    }

    private static Entity last(EntitiesPage page) {
        return page.entities().get(page.entities().size() - 1);
    }

    private Future<Void> strays(Overview overview) {
        Future<Void> done = Future.succeededFuture();
        for (TableMapping table : TableMappings.ofEntities()) {
            if (table.onDelete() == OnDelete.REMOVE_ROW) {
                done = done.compose(before -> strays(overview, table, null));
            }
        }
        return done;
    }

    private Future<Void> strays(Overview overview, TableMapping table, EntityKey after) {
        List<Named> page = new ArrayList<>();
        return steady(() -> tables.names(table, partition, after, PAGE).compose(names -> {
                    page.clear();
                    page.addAll(names);
                    return state.strays(overview, names)
                            .compose(strays -> strays.rows().isEmpty()
                                    ? Future.succeededFuture(0L)
                                    : tables.remove(table, partition, strays.version(), strays.rows()));
                }))
                .compose(gone -> {
                    removed += gone;
                    return page.size() < PAGE
                            ? Future.succeededFuture()
                            : strays(overview, table, page.get(page.size() - 1).key());
                });
    }

    private Future<Void> goOn(Overview overview, Fault fault) {
        long offset = status.offsets().of(partition);
        if (fault == null || offset >= overview.version()) {
            return Future.succeededFuture();
        }
        skipped = overview.version() - offset;
        LOG.warn(
                "partition {}: goes on behind version {}, {} versions of the log are passed over: {}",
                partition,
                overview.version(),
                skipped,
                fault.message());
        return loop.between(
                () -> tables.skip(partition, offset, overview.version()).onComplete(done -> loop.offsetsMoved()));
    }

    /** Postgres may hear of a commit from the log a moment before its owner hears that it is durable. */
    private <T> Future<T> steady(Supplier<Future<T>> work) {
        return steady(work, 1);
    }

    private <T> Future<T> steady(Supplier<Future<T>> work, int attempts) {
        return loop.between(work).recover(failure -> {
            if (!(failure instanceof TablesAheadException) || attempts >= MAX_ATTEMPTS) {
                return Future.failedFuture(failure);
            }
            return pause.ms(AHEAD_PAUSE_MS, TimeUnit.MILLISECONDS).compose(again -> steady(work, attempts + 1));
        });
    }
}
