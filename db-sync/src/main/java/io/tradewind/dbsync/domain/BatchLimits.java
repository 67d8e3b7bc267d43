package io.tradewind.dbsync.domain;

/**
 * How large a batch may grow. It always takes at least one transaction, however large that is.
 *
 * @param maxTransactions of the log
 * @param maxBytes of JSON
 */
public record BatchLimits(int maxTransactions, long maxBytes) {

    public BatchLimits {
        if (maxTransactions < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("limits must be at least 1: " + maxTransactions + ", " + maxBytes);
        }
    }
}
