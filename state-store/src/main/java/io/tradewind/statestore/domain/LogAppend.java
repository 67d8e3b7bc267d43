package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.CommittedTransaction;
import java.util.List;

/**
 * One durable commit on its way to the log: the transactions that have gathered since the last one left.
 *
 * @param afterVersion the version that must be the last in the log for it to be appended
 */
public record LogAppend(long afterVersion, List<CommittedTransaction> transactions) {

    public LogAppend {
        transactions = List.copyOf(transactions);
    }

    /** The version that the log has behind it. */
    public long lastVersion() {
        return transactions.get(transactions.size() - 1).version();
    }
}
