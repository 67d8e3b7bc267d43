package io.tradewind.contracts.state;

/**
 * Query: committed transactions of one partition behind a version.
 *
 * @param afterVersion the last version that the caller has
 * @param limit at most about so many transactions (whole commits are returned), within 1 and {@link #MAX_LIMIT}
 */
public record ReadLog(int partition, long afterVersion, int limit) {

    /** Transactions asked for at once. */
    public static final int MAX_LIMIT = 2000;

    public ReadLog {
        Partitions.check(partition);
        if (afterVersion < 0) {
            throw new IllegalArgumentException("afterVersion " + afterVersion + ": must not be negative");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + ": must be within 1.." + MAX_LIMIT);
        }
    }
}
