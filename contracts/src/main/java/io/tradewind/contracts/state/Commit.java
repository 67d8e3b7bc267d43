package io.tradewind.contracts.state;

import java.util.List;

/**
 * Command: apply these transactions, in order, to one partition. Each stands for itself: one that conflicts changes
 * nothing and does not stop the others. At most {@link #MAX_TRANSACTIONS} of them.
 *
 * @param after the id of a transaction without which nothing of this may be done; {@code null} when there is none. So a
 *     writer can have several commits on their way that follow from each other: when one is lost or turned away, those
 *     behind it are turned away too
 */
public record Commit(int partition, Durability durability, String after, List<Transaction> transactions) {

    /** Transactions in one command. */
    public static final int MAX_TRANSACTIONS = 4096;

    /** A commit that follows from no other. */
    public Commit(int partition, Durability durability, List<Transaction> transactions) {
        this(partition, durability, null, transactions);
    }

    public Commit {
        Partitions.check(partition);
        transactions = List.copyOf(transactions);
        if (transactions.isEmpty() || transactions.size() > MAX_TRANSACTIONS) {
            throw new IllegalArgumentException(
                    "commit of " + transactions.size() + " transactions: must be within 1.." + MAX_TRANSACTIONS);
        }
    }
}
