package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.ArchivedEntry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The table {@code log_archive}: what has left Redis, or will. An entry is written with the batch that completes it; so
 * the archive ends where the offsets are.
 */
final class LogArchive {

    private static final String INSERT = """
            INSERT INTO log_archive (partition, first_version, last_version, first_at, last_at, body)
            SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::timestamptz[]),
            unnest($5::timestamptz[]), unnest($6::bytea[])""";

    private LogArchive() {}

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

    private static OffsetDateTime time(long ms) {
        return Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC);
    }
}
