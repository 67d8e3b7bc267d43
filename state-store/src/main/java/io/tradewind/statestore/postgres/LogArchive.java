package io.tradewind.statestore.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresReader;
import io.tradewind.statestore.domain.StoredEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the entries that db-sync has put into the table {@code log_archive}, see docs/STORAGE.md, over connections of
 * its own. Postgres may be away: then a read fails within a bound, and the next one connects anew.
 *
 * <p>On the event loop that it was made on; closed by whoever made it.
 */
public final class LogArchive {

    private static final int MAX_WAITING = 64;
    private static final long DEADLINE_MS = 3_000;

    private static final String READ_BACK = """
            (SELECT last_version, body FROM log_archive
             WHERE partition = $1 AND last_version >= $2 ORDER BY last_version LIMIT 1)
            UNION ALL
            (SELECT last_version, body FROM log_archive
             WHERE partition = $1 AND last_version < $2 ORDER BY last_version DESC LIMIT $3)""";

    private final PostgresReader reader;

    public LogArchive(Vertx vertx, PostgresConfig config) {
        this.reader = new PostgresReader(vertx, config, "tradewind-state-store-history", MAX_WAITING, DEADLINE_MS);
    }

    /**
     * The entry that holds {@code version}, if the archive has it, and those before it, newest first. When it does not,
     * the first one is newer, older, or missing.
     *
     * @param count entries before that one, at most
     */
    public Future<List<StoredEntry>> readBack(int partition, long version, int count) {
        return reader.ask(READ_BACK, Tuple.of((short) partition, version, (long) count))
                .map(rows -> {
                    List<StoredEntry> entries = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        entries.add(
                                new StoredEntry(row.getLong(0), row.getBuffer(1).getBytes()));
                    }
                    return entries;
                });
    }

    public Future<Void> close() {
        return reader.close();
    }
}
