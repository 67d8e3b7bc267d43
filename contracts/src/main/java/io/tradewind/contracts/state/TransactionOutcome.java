package io.tradewind.contracts.state;

/** What became of a transaction. */
public sealed interface TransactionOutcome {

    /**
     * It is applied and, for a durable write, fsynced.
     *
     * @param version the partition version it made; 0 for a relaxed write, whose version comes later
     * @param repeated whether an earlier try of the same transaction id had done it already
     */
    record Committed(long version, boolean repeated) implements TransactionOutcome {}

    /** An expectation did not hold; nothing was changed. */
    record Conflict(EntityKey key, long expected, long actual) implements TransactionOutcome {}

    /** It is not a valid transaction for this partition; nothing was changed. Trying again does not help. */
    record Refused(String reason) implements TransactionOutcome {}
}
