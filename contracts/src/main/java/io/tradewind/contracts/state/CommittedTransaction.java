package io.tradewind.contracts.state;

import java.util.List;

/**
 * A transaction as the log holds it.
 *
 * @param version the partition version that it made
 * @param timeMs when the state-store applied it, milliseconds since the epoch
 */
public record CommittedTransaction(long version, long timeMs, String id, Cause cause, List<Mutation> mutations) {

    public CommittedTransaction {
        mutations = List.copyOf(mutations);
    }
}
