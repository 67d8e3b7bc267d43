package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.WeeklyTable;
import io.tradewind.dbsync.domain.WeeklyTable.Week;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that have one table per week, {@code log_archive} and {@code state_changes}: those of coming weeks are made
 * ahead and those beyond the retention are dropped, between batches.
 *
 * <p>On the event loop of its database. Holds nothing to close. After a crash the next start looks again.
 */
public final class WeeklyTables {

    private static final Logger LOG = LoggerFactory.getLogger(WeeklyTables.class);

    /** Between two looks for weeks to make or to drop. */
    private static final long MAINTENANCE_INTERVAL_NS = TimeUnit.HOURS.toNanos(1);

    /** When there are more weeks to drop than one pass may. */
    private static final long DROP_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    private static final String NOW = "SELECT now()";

    /** A reader of old history may hold the table; it is tried again with the next pass. */
    private static final String BRIEF_LOCKS = "SET LOCAL lock_timeout = '2s'";

    /** Wider rows than the default stay whole: an entry of some kilobytes is one row, not a row and its pieces. */
    private static final String WIDE_ROWS = " WITH (toast_tuple_target = 8160)";

    /**
     * One of the tables.
     *
     * @param retention how long a row is kept at least
     * @param storage of each week's table
     */
    private record Kept(WeeklyTable table, Duration retention, String storage) {}

    private final Database database;
    private final List<Kept> all;
    private boolean ready;
    private long nextMaintenanceNs;

    /**
     * @param archiveRetention how long an entry of the logs is kept at least
     * @param auditRetention how long a change is kept in the audit at least
     */
    public WeeklyTables(Database database, Duration archiveRetention, Duration auditRetention) {
        this.database = database;
        this.all = List.of(
                new Kept(new WeeklyTable("log_archive"), archiveRetention, WIDE_ROWS),
                new Kept(new WeeklyTable("state_changes"), auditRetention, ""));
    }

    /** Looks after the weeks, if it is time to. Fails only when a row could not be written without. */
    public Future<Void> maintain() {
        if (ready && System.nanoTime() - nextMaintenanceNs < 0) {
            return Future.succeededFuture();
        }
        Future<Boolean> pass = Future.succeededFuture(false);
        for (Kept kept : all) {
            pass = pass.compose(another -> pass(kept).map(more -> another || more));
        }
        return pass.map(another -> {
            ready = true;
            nextMaintenanceNs = System.nanoTime() + (another ? DROP_INTERVAL_NS : MAINTENANCE_INTERVAL_NS);
            return null;
        });
    }

    /** Something failed: perhaps for the want of a week, so that {@link #maintain} looks again. */
    public void recheck() {
        ready = false;
    }

    /** @return whether there may be another week to drop */
    private Future<Boolean> pass(Kept kept) {
        return database.with(session -> session.run(NOW).compose(rows -> {
                    Instant now = rows.iterator().next().getOffsetDateTime(0).toInstant();
                    return session.run(weeksOf(kept.table))
                            .map(WeeklyTables::names)
                            .compose(tables -> create(session, kept, kept.table.missing(now, tables))
                                    .map(done -> kept.table.expired(now, tables, kept.retention)));
                }))
                .compose(expired -> drop(kept, expired));
    }

    private static String weeksOf(WeeklyTable table) {
        return "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '"
                + table.name() + "'::regclass";
    }

    private static Future<Void> create(Database.Session session, Kept kept, List<Week> weeks) {
        Future<Void> done = Future.succeededFuture();
        for (Week week : weeks) {
            String sql = "CREATE TABLE IF NOT EXISTS " + week.table() + " PARTITION OF " + kept.table.name()
                    + " FOR VALUES FROM ('" + week.from() + "') TO ('" + week.until() + "')" + kept.storage;
            done = done.compose(before -> session.run(sql)
                    .onSuccess(made -> LOG.info("made the week {}", week.table()))
                    .mapEmpty());
        }
        return done;
    }

    private Future<Boolean> drop(Kept kept, Optional<Week> expired) {
        if (expired.isEmpty()) {
            return Future.succeededFuture(false);
        }
        String table = expired.get().table();
        return database.inTransaction(session ->
                        session.run(BRIEF_LOCKS).compose(set -> session.run("DROP TABLE IF EXISTS " + table)))
                .map(dropped -> {
                    LOG.info("dropped the week {}, all of it older than {}", table, kept.retention);
                    return true;
                })
                .otherwise(failure -> {
                    LOG.warn("the week {} is not dropped now: {}", table, failure.toString());
                    return false;
                });
    }

    private static Set<String> names(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
    }
}
