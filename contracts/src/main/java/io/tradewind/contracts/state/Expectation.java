package io.tradewind.contracts.state;

/**
 * A condition of a transaction: the entity must be at exactly this version when the transaction is applied.
 *
 * @param version a version, or {@link #ABSENT}
 */
public record Expectation(EntityKey key, long version) {

    /** The entity must not exist. */
    public static final long ABSENT = 0;
}
