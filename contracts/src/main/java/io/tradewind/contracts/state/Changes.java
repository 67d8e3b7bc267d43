package io.tradewind.contracts.state;

import java.util.List;

/**
 * Event: these transactions are durable. Published by the partition owner in version order, at most once: a follower
 * that sees a gap reads it from the log, see {@link ChangeFollower}.
 *
 * @param epoch the owner that published it
 */
public record Changes(int partition, long epoch, List<CommittedTransaction> transactions) {

    public Changes {
        transactions = List.copyOf(transactions);
    }

    public long firstVersion() {
        return transactions.get(0).version();
    }

    public long lastVersion() {
        return transactions.get(transactions.size() - 1).version();
    }
}
