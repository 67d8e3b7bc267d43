package io.tradewind.dbsync.postgres;

/**
 * What a batch did.
 *
 * @param rows inserted, updated or removed; rows that were newer already are not counted, nor those of archive and audit
 * @param partialRows of them, those of which only the changed columns were written
 * @param auditRows changes that went to the audit
 * @param statements sent, all attempts together
 * @param deadLetters changes set aside
 */
public record Written(long rows, long partialRows, long auditRows, int statements, int deadLetters) {}
