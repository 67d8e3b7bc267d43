package io.tradewind.dbsync.postgres;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The table {@code dead_letters}: changes that did not fit their tables, until they are replayed. */
public final class DeadLetterTable {

    private static final String COUNT = "SELECT partition, count(*) FROM dead_letters GROUP BY partition";

    private static final String LAST = "SELECT coalesce(max(id), 0) FROM dead_letters WHERE partition = $1";

    private static final String PAGE = """
            SELECT id, version, domain, partition_key, entity_id, payload, at FROM dead_letters
            WHERE partition = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT $4""";

    private static final String REMOVE = "DELETE FROM dead_letters WHERE id = ANY($1::bigint[])";

    private static final String RESOLVE = """
            DELETE FROM dead_letters AS d USING unnest($3::text[], $4::text[]) AS b(partition_key, entity_id)
            WHERE d.partition = $1 AND d.domain = $2 AND d.partition_key = b.partition_key
            AND d.entity_id = b.entity_id""";

    private DeadLetterTable() {}

    /**
     * One of them.
     *
     * @param json {@code null} for a delete
     */
    public record Letter(long id, long version, EntityKey key, Json json, long atMs) {}

    /** How many there are, by partition. */
    public static Future<long[]> count(Database database) {
        return database.with(session -> session.run(COUNT)).map(rows -> {
            long[] counts = new long[Partitions.COUNT];
            for (Row row : rows) {
                counts[Partitions.check(row.getInteger(0))] = row.getLong(1);
            }
            return counts;
        });
    }

    /** The newest id of a partition; 0 when there is none. */
    public static Future<Long> last(Database database, int partition) {
        return database.with(session -> session.run(LAST, Tuple.of(partition)))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** In the order of their ids, behind {@code after} and up to {@code last}. */
    public static Future<List<Letter>> page(Database database, int partition, long after, long last, int limit) {
        return database.with(session -> session.run(PAGE, Tuple.of(partition, after, last, limit)))
                .map(rows -> {
                    List<Letter> letters = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        Buffer payload = row.getBuffer("payload");
                        letters.add(new Letter(
                                row.getLong("id"),
                                row.getLong("version"),
                                new EntityKey(
                                        row.getString("domain"),
                                        row.getString("partition_key"),
                                        row.getString("entity_id")),
                                payload == null ? null : Json.ofBytes(payload.getBytes()),
                                row.getOffsetDateTime("at").toInstant().toEpochMilli()));
                    }
                    return letters;
                });
    }

    static Future<Void> remove(Database.Session session, List<Letter> letters) {
        Long[] ids = letters.stream().map(Letter::id).toArray(Long[]::new);
        return session.run(REMOVE, Tuple.of((Object) ids)).mapEmpty();
    }

    /** Removes those of entities whose rows are written anew. */
    static Future<Void> resolve(Database.Session session, int partition, String domain, List<EntityKey> keys) {
        String[] partitionKeys = keys.stream().map(EntityKey::partitionKey).toArray(String[]::new);
        String[] ids = keys.stream().map(EntityKey::id).toArray(String[]::new);
        return session.run(RESOLVE, Tuple.of(partition, domain, partitionKeys, ids))
                .mapEmpty();
    }
}
