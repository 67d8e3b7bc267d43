package io.tradewind.statestore.endpoint;

/**
 * When snapshots are due and what may leave the log.
 *
 * @param everyChanges transactions of a partition after which it gets a new snapshot, from 1
 * @param everyMs time after which a partition that has changed gets one, in milliseconds
 * @param keep snapshots kept per partition, from 2
 * @param keepTransactions latest transactions that stay in the log in any case
 * @param keepMs time that every transaction stays in the log at least, in milliseconds
 * @param awaitSync whether a transaction stays until the database has it
 */
public record LogPolicy(
        long everyChanges, long everyMs, int keep, long keepTransactions, long keepMs, boolean awaitSync) {}
