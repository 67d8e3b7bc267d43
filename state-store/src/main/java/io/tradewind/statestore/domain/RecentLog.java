package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Mutation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The tail of the log in memory: a follower that missed a little is served without asking Redis. Bounded by
 * transactions and by bytes, whichever is reached first; short, because what is here is copied by every collection
 * that comes while it is.
 */
final class RecentLog {

    /** Transactions kept at most. */
    static final int MAX_TRANSACTIONS = 2_048;

    /** Bytes of documents kept at most. */
    static final long MAX_BYTES = 1024 * 1024;

    private final Deque<CommittedTransaction> transactions = new ArrayDeque<>();
    private long bytes;

    void add(CommittedTransaction tx) {
        transactions.addLast(tx);
        bytes += size(tx);
        while (transactions.size() > MAX_TRANSACTIONS || (bytes > MAX_BYTES && transactions.size() > 1)) {
            bytes -= size(transactions.removeFirst());
        }
    }

    /**
     * Up to {@code limit} transactions behind {@code version}.
     *
     * @return {@code null} when the tail does not reach back so far
     */
    List<CommittedTransaction> after(long version, int limit) {
        CommittedTransaction oldest = transactions.peekFirst();
        if (oldest == null || oldest.version() > version + 1) {
            return null;
        }
        List<CommittedTransaction> found = new ArrayList<>();
        // From the new end: followers that ask are mostly only a little behind.
        var newestFirst = transactions.descendingIterator();
        while (newestFirst.hasNext()) {
            CommittedTransaction tx = newestFirst.next();
            if (tx.version() <= version) {
                break;
            }
            found.add(tx);
        }
        Collections.reverse(found);
        return found.size() <= limit ? found : List.copyOf(found.subList(0, limit));
    }

    private static long size(CommittedTransaction tx) {
        long size = 0;
        for (Mutation mutation : tx.mutations()) {
            size += mutation.json() == null ? 0 : mutation.json().size();
        }
        return size;
    }
}
