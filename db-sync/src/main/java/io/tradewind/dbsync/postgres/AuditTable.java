package io.tradewind.dbsync.postgres;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.domain.AuditEntry;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The table {@code state_changes}: one row per change, written in the transaction of the batch that holds it. No change
 * can be refused here, whatever its names are, so that the audit never lacks one.
 */
final class AuditTable {

    /** Of each name of an entity, so that all of them fit an index entry; longer ones are cut. */
    static final int MAX_NAME_CHARS = 200;

    private static final String INSERT = """
            INSERT INTO state_changes (partition, version, ordinal, at, domain, partition_key, entity_id, kind, status,
            bytes, transaction_id, correlation_id, causation_id, actor)
            SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::timestamptz[]),
            unnest($5::text[]), unnest($6::text[]), unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),
            unnest($10::bigint[]), unnest($11::text[]), unnest($12::text[]), unnest($13::text[]), unnest($14::text[])""";

    private AuditTable() {}

    /** Part of the transaction of a batch. */
    static Future<Long> write(Database.Session session, List<AuditEntry> entries) {
        return session.run(INSERT, parameters(entries)).map(answer -> (long) answer.rowCount());
    }

    private static Tuple parameters(List<AuditEntry> entries) {
        int size = entries.size();
        Long[] partitions = new Long[size];
        Long[] versions = new Long[size];
        Long[] ordinals = new Long[size];
        OffsetDateTime[] at = new OffsetDateTime[size];
        String[] domains = new String[size];
        String[] partitionKeys = new String[size];
        String[] ids = new String[size];
        String[] kinds = new String[size];
        String[] statuses = new String[size];
        Long[] bytes = new Long[size];
        String[] transactionIds = new String[size];
        String[] correlationIds = new String[size];
        String[] causationIds = new String[size];
        String[] actors = new String[size];
        long atMs = 0;
        OffsetDateTime time = null;
        for (int i = 0; i < size; i++) {
            AuditEntry entry = entries.get(i);
            CommittedTransaction tx = entry.tx();
            EntityKey key = entry.mutation().key();
            if (time == null || tx.timeMs() != atMs) {
                // The same for all changes of a transaction, and for many transactions.
                atMs = tx.timeMs();
                time = Instant.ofEpochMilli(atMs).atOffset(ZoneOffset.UTC);
            }
            partitions[i] = (long) entry.partition();
            versions[i] = tx.version();
            ordinals[i] = (long) entry.ordinal();
            at[i] = time;
            domains[i] = name(key.domain());
            partitionKeys[i] = name(key.partitionKey());
            ids[i] = name(key.id());
            kinds[i] = entry.kind().text();
            statuses[i] = StorableText.of(entry.status());
            bytes[i] = entry.bytes();
            transactionIds[i] = StorableText.of(tx.id());
            correlationIds[i] = StorableText.of(tx.cause().correlationId());
            causationIds[i] = StorableText.of(tx.cause().causationId());
            actors[i] = StorableText.of(tx.cause().actor());
        }
        return Tuple.tuple()
                .addValue(partitions)
                .addValue(versions)
                .addValue(ordinals)
                .addValue(at)
                .addValue(domains)
                .addValue(partitionKeys)
                .addValue(ids)
                .addValue(kinds)
                .addValue(statuses)
                .addValue(bytes)
                .addValue(transactionIds)
                .addValue(correlationIds)
                .addValue(causationIds)
                .addValue(actors);
    }

    private static String name(String text) {
        String storable = StorableText.of(text);
        return storable.length() <= MAX_NAME_CHARS ? storable : storable.substring(0, MAX_NAME_CHARS - 1) + "…";
    }
}
