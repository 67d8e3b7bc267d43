package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.ArchiveWeeks;
import io.tradewind.dbsync.domain.ArchiveWeeks.Week;
import io.tradewind.dbsync.domain.ArchivedEntry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code log_archive}: what has left Redis, or will. Entries are written with the batch that completes them;
 * the tables of coming weeks are made ahead and those beyond the retention are dropped, between batches.
 *
 * <p>On the event loop of its database. Holds nothing to close. After a crash, the archive ends where the offsets are;
 * an entry that the offset is within comes with the batch that goes beyond it.
 */
public final class LogArchive {

    private static final Logger LOG = LoggerFactory.getLogger(LogArchive.class);

    /** Between two looks for weeks to make or to drop. */
    private static final long MAINTENANCE_INTERVAL_NS = TimeUnit.HOURS.toNanos(1);

    /** When there are more weeks to drop than one pass may. */
    private static final long DROP_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    private static final String INSERT = """
            INSERT INTO log_archive (partition, first_version, last_version, first_at, last_at, body)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[],
            $6::bytea[])""";

    private static final String NOW = "SELECT now()";

    private static final String WEEKS = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'log_archive'::regclass""";

    /** A reader of old history may hold the table; it is tried again with the next pass. */
    private static final String BRIEF_LOCKS = "SET LOCAL lock_timeout = '2s'";

    private final Database database;
    private final Duration retention;
    private boolean ready;
    private long nextMaintenanceNs;

    /** @param retention how long an entry is kept at least */
    public LogArchive(Database database, Duration retention) {
        this.database = database;
        this.retention = retention;
    }

    /** Looks after the weeks, if it is time to. Fails only when an entry could not be written without. */
    public Future<Void> maintain() {
        if (ready && System.nanoTime() - nextMaintenanceNs < 0) {
            return Future.succeededFuture();
        }
        return pass().map(another -> {
            ready = true;
            nextMaintenanceNs = System.nanoTime() + (another ? DROP_INTERVAL_NS : MAINTENANCE_INTERVAL_NS);
            return null;
        });
    }

    /** Something failed: perhaps for the want of a week, so that {@link #maintain} looks again. */
    public void recheck() {
        ready = false;
    }

    /** Part of the transaction of a batch. */
    static Future<Long> write(Database.Session session, List<ArchivedEntry> entries) {
        int size = entries.size();
        Long[] partitions = new Long[size];
        Long[] firstVersions = new Long[size];
        Long[] lastVersions = new Long[size];
        OffsetDateTime[] firstAt = new OffsetDateTime[size];
        OffsetDateTime[] lastAt = new OffsetDateTime[size];
        Buffer[] bodies = new Buffer[size];
        for (int i = 0; i < size; i++) {
            ArchivedEntry entry = entries.get(i);
            partitions[i] = (long) entry.partition();
            firstVersions[i] = entry.firstVersion();
            lastVersions[i] = entry.lastVersion();
            firstAt[i] = time(entry.firstAtMs());
            lastAt[i] = time(entry.lastAtMs());
            bodies[i] = Buffer.buffer(entry.body());
        }
        Tuple parameters = Tuple.tuple()
                .addValue(partitions)
                .addValue(firstVersions)
                .addValue(lastVersions)
                .addValue(firstAt)
                .addValue(lastAt)
                .addValue(bodies);
        return session.run(INSERT, parameters).map(answer -> (long) answer.rowCount());
    }

    /** @return whether there may be another week to drop */
    private Future<Boolean> pass() {
        return database.with(session -> session.run(NOW).compose(rows -> {
                    Instant now = rows.iterator().next().getOffsetDateTime(0).toInstant();
                    return session.run(WEEKS).map(LogArchive::names).compose(tables -> create(
                                    session, ArchiveWeeks.missing(now, tables))
                            .map(done -> ArchiveWeeks.expired(now, tables, retention)));
                }))
                .compose(expired -> expired.isEmpty() ? Future.succeededFuture(false) : drop(expired.get()));
    }

    private static Future<Void> create(Database.Session session, List<Week> weeks) {
        Future<Void> done = Future.succeededFuture();
        for (Week week : weeks) {
            // Wider rows than the default stay whole: an entry of some kilobytes is one row, not a row and its pieces.
            String sql = "CREATE TABLE IF NOT EXISTS " + week.table() + " PARTITION OF log_archive FOR VALUES FROM ('"
                    + week.from() + "') TO ('" + week.until() + "') WITH (toast_tuple_target = 8160)";
            done = done.compose(before -> session.run(sql)
                    .onSuccess(made -> LOG.info("archive of the logs: made the week {}", week.table()))
                    .mapEmpty());
        }
        return done;
    }

    private Future<Boolean> drop(Week week) {
        return database.inTransaction(session ->
                        session.run(BRIEF_LOCKS).compose(set -> session.run("DROP TABLE IF EXISTS " + week.table())))
                .map(dropped -> {
                    LOG.info(
                            "archive of the logs: dropped the week {}, all of it older than {}",
                            week.table(),
                            retention);
                    return true;
                })
                .otherwise(failure -> {
                    LOG.warn(
                            "archive of the logs: the week {} is not dropped now: {}",
                            week.table(),
                            failure.toString());
                    return false;
                });
    }

    private static Set<String> names(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
    }

    private static OffsetDateTime time(long ms) {
        return Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC);
    }
}
