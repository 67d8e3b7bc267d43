package io.tradewind.dbsync.postgres;

import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.domain.AuditEntry;
import io.tradewind.dbsync.domain.AuditEntry.Origin;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The table {@code state_changes}: one row per change, written in the transaction of the batch that holds it. No change
 * can be refused here, whatever its names are, so that the audit never lacks one.
 *
 * <p>Every array that is sent costs for each row, on both sides: what is the same for most rows of a statement (the domain,
 * what happened, the status) is sent once, and each row says which of them it has; what no row has is not sent at all.
 */
final class AuditTable {

    /** Of each name of an entity, so that all of them fit an index entry; longer ones are cut. */
    static final int MAX_NAME_CHARS = 200;

    /** Kinds of changes in a statement; Postgres goes through them from the first for each row. */
    static final int MAX_SORTS = 64;

    private static final String INSERT = """
            INSERT INTO state_changes (partition, version, ordinal, at, domain, partition_key, entity_id, kind, status,
            bytes, transaction_id, correlation_id, causation_id, actor)
            SELECT partition, version, ordinal, at, ($12::text[])[sort], partition_key, entity_id, ($13::text[])[sort],
            ($14::text[])[sort], bytes, transaction_id, correlation_id, causation_id, actor
            FROM (SELECT unnest($1::smallint[]) AS partition, unnest($2::bigint[]) AS version,
            unnest($3::integer[]) AS ordinal, unnest($4::timestamptz[]) AS at, unnest($5::smallint[]) AS sort,
            unnest($6::text[]) AS partition_key, unnest($7::text[]) AS entity_id, unnest($8::integer[]) AS bytes,
            unnest($9::text[]) AS transaction_id, unnest($10::text[]) AS correlation_id,
            unnest($11::text[]) AS causation_id, unnest($15::text[]) AS actor) AS b""";

    private static final String[] NONE = {};

    private AuditTable() {}

    /** What many changes have in common. */
    private record Sort(String domain, AuditEntry.Kind kind, String status) {

        static Sort of(AuditEntry entry) {
            return new Sort(entry.key().domain(), entry.kind(), entry.status());
        }
    }

    /**
     * Part of the transaction of a batch.
     *
     * @return how many rows that made
     */
    static Future<Long> write(Database.Session session, List<AuditEntry> entries) {
        Map<Sort, Short> sorts = new LinkedHashMap<>();
        Short[] sortOf = new Short[entries.size()];
        int size = 0;
        while (size < sortOf.length) {
            Sort sort = Sort.of(entries.get(size));
            Short known = sorts.get(sort);
            if (known == null) {
                if (sorts.size() == MAX_SORTS) {
                    break;
                }
                known = (short) (sorts.size() + 1);
                sorts.put(sort, known);
            }
            sortOf[size++] = known;
        }
        Future<Long> written = session.run(INSERT, parameters(entries.subList(0, size), sorts.keySet(), sortOf))
                .map(answer -> (long) answer.rowCount());
        List<AuditEntry> rest = entries.subList(size, entries.size());
        return rest.isEmpty()
                ? written
                : written.compose(before -> write(session, rest).map(more -> before + more));
    }

    private static Tuple parameters(List<AuditEntry> entries, Collection<Sort> sorts, Short[] sortOf) {
        int size = entries.size();
        Short[] partitions = new Short[size];
        Long[] versions = new Long[size];
        Integer[] ordinals = new Integer[size];
        OffsetDateTime[] at = new OffsetDateTime[size];
        String[] partitionKeys = new String[size];
        String[] ids = new String[size];
        Integer[] bytes = new Integer[size];
        String[] transactionIds = new String[size];
        String[] correlationIds = new String[size];
        String[] causationIds = new String[size];
        String[] actors = new String[size];
        long atMs = 0;
        OffsetDateTime time = null;
        for (int i = 0; i < size; i++) {
            AuditEntry entry = entries.get(i);
            Origin tx = entry.origin();
            EntityKey key = entry.key();
            partitions[i] = (short) tx.partition();
            versions[i] = tx.version();
            ordinals[i] = entry.ordinal();
            partitionKeys[i] = name(key.partitionKey());
            ids[i] = name(key.id());
            bytes[i] = entry.bytes();
            if (i > 0 && entry.isOfSameTransaction(entries.get(i - 1))) {
                at[i] = time;
                transactionIds[i] = transactionIds[i - 1];
                correlationIds[i] = correlationIds[i - 1];
                causationIds[i] = causationIds[i - 1];
                actors[i] = actors[i - 1];
                continue;
            }
            if (time == null || tx.timeMs() != atMs) {
                // The same for many transactions.
                atMs = tx.timeMs();
                time = Instant.ofEpochMilli(atMs).atOffset(ZoneOffset.UTC);
            }
            at[i] = time;
            transactionIds[i] = StorableText.of(tx.transactionId());
            correlationIds[i] = StorableText.of(tx.cause().correlationId());
            causationIds[i] = StorableText.of(tx.cause().causationId());
            actors[i] = StorableText.of(tx.cause().actor());
        }
        return Tuple.tuple()
                .addValue(partitions)
                .addValue(versions)
                .addValue(ordinals)
                .addValue(at)
                .addValue(sortOf.length == size ? sortOf : Arrays.copyOf(sortOf, size))
                .addValue(partitionKeys)
                .addValue(ids)
                .addValue(bytes)
                .addValue(transactionIds)
                .addValue(someOf(correlationIds))
                .addValue(someOf(causationIds))
                .addValue(texts(sorts, sort -> name(sort.domain())))
                .addValue(texts(sorts, sort -> sort.kind().text()))
                .addValue(texts(sorts, sort -> StorableText.of(sort.status())))
                .addValue(someOf(actors));
    }

    private static String[] texts(Collection<Sort> sorts, Function<Sort, String> text) {
        return sorts.stream().map(text).toArray(String[]::new);
    }

    /** Postgres fills shorter arrays up with NULL. */
    private static String[] someOf(String[] texts) {
        for (String text : texts) {
            if (text != null) {
                return texts;
            }
        }
        return NONE;
    }

    private static String name(String text) {
        String storable = StorableText.of(text);
        return storable.length() <= MAX_NAME_CHARS ? storable : storable.substring(0, MAX_NAME_CHARS - 1) + "…";
    }
}
