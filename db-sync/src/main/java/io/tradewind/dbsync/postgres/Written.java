package io.tradewind.dbsync.postgres;

/**
 * What a batch did.
 *
 * @param rows inserted, updated or removed; rows that were newer already are not counted
 * @param statements sent, all attempts together
 * @param deadLetters changes set aside
 */
public record Written(long rows, int statements, int deadLetters) {}
