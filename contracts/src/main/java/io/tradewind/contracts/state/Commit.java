package io.tradewind.contracts.state;

import java.util.List;

/**
 * Command: apply these transactions, in order, to one partition. Each stands for itself: one that conflicts changes
 * nothing and does not stop the others. At most {@link #MAX_TRANSACTIONS} of them.
 */
public record Commit(int partition, Durability durability, List<Transaction> transactions) {

    /** Transactions in one command. */
    public static final int MAX_TRANSACTIONS = 4096;

    public Commit {
        Partitions.check(partition);
        transactions = List.copyOf(transactions);
        if (transactions.isEmpty() || transactions.size() > MAX_TRANSACTIONS) {
            throw new IllegalArgumentException(
                    "commit of " + transactions.size() + " transactions: must be within 1.." + MAX_TRANSACTIONS);
        }
    }
}
