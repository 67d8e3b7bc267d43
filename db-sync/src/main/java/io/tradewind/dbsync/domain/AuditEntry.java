package io.tradewind.dbsync.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.List;

/**
 * One change for the audit: what coalescing merges in the tables stays apart here. It holds no document, so that those that
 * a batch writes over are not kept until it is written.
 *
 * @param ordinal which change of its transaction it is, from 1
 * @param bytes size of the document; 0 for a delete
 * @param status what the entity was from then on; {@code null} where its domain has no such thing
 */
public record AuditEntry(Origin origin, int ordinal, EntityKey key, Kind kind, int bytes, String status) {

    /**
     * The transaction of a change, without its documents.
     *
     * @param timeMs when it was committed, milliseconds since the epoch
     */
    public record Origin(int partition, long version, long timeMs, String transactionId, Cause cause) {

        boolean isSameAs(Origin other) {
            return partition == other.partition && version == other.version;
        }
    }

    /** What happened to the entity. */
    public enum Kind {
        PUT("put"),
        DELETE("delete"),
        /** The state-store let go of what the tables keep. */
        FORGET("forget");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As it stands in the table. */
        public String text() {
            return text;
        }
    }

    /** Adds one for each change of the transaction. */
    static void addAll(int partition, CommittedTransaction tx, List<AuditEntry> entries) {
        Origin origin = new Origin(partition, tx.version(), tx.timeMs(), tx.id(), tx.cause());
        Kind gone = tx.cause().isRetention() ? Kind.FORGET : Kind.DELETE;
        List<Mutation> mutations = tx.mutations();
        for (int i = 0; i < mutations.size(); i++) {
            EntityKey key = mutations.get(i).key();
            Json json = mutations.get(i).json();
            if (json == null) {
                entries.add(new AuditEntry(origin, i + 1, key, gone, 0, null));
            } else {
                String field = TableMappings.statusField(key.domain());
                String status = field == null ? null : JsonObjects.text(json, field);
                entries.add(new AuditEntry(origin, i + 1, key, Kind.PUT, json.size(), status));
            }
        }
    }

    public boolean isOfSameTransaction(AuditEntry other) {
        return origin.isSameAs(other.origin);
    }
}
