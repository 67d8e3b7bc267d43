package io.tradewind.contracts.state;

import java.util.List;

/** Answer to {@link Commit}: one outcome per transaction, in order. */
public record CommitReply(List<TransactionOutcome> outcomes) {

    public CommitReply {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether every transaction was applied, now or by an earlier try. */
    public boolean allCommitted() {
        for (TransactionOutcome outcome : outcomes) {
            if (!(outcome instanceof TransactionOutcome.Committed)) {
                return false;
            }
        }
        return true;
    }
}
