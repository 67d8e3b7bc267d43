package io.tradewind.dbsync.domain;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Mutation;
import java.util.ArrayList;
import java.util.List;

/**
 * One change for the audit: what coalescing merges in the tables stays apart here.
 *
 * @param ordinal which change of its transaction it is, from 1
 * @param status what the entity was from then on; {@code null} where its domain has no such thing
 */
public record AuditEntry(int partition, CommittedTransaction tx, int ordinal, Mutation mutation, String status) {

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

    /** One for each change of the transaction. */
    static List<AuditEntry> of(int partition, CommittedTransaction tx) {
        List<AuditEntry> entries = new ArrayList<>(tx.mutations().size());
        for (Mutation mutation : tx.mutations()) {
            String field = TableMappings.statusField(mutation.key().domain());
            String status = field == null || mutation.isDelete() ? null : JsonObjects.text(mutation.json(), field);
            entries.add(new AuditEntry(partition, tx, entries.size() + 1, mutation, status));
        }
        return entries;
    }

    public Kind kind() {
        if (!mutation.isDelete()) {
            return Kind.PUT;
        }
        return tx.cause().isRetention() ? Kind.FORGET : Kind.DELETE;
    }

    public boolean isOfSameTransaction(AuditEntry other) {
        return partition == other.partition && tx.version() == other.tx.version();
    }

    /** Size of the document; 0 for a delete. */
    public int bytes() {
        return mutation.isDelete() ? 0 : mutation.json().size();
    }
}
