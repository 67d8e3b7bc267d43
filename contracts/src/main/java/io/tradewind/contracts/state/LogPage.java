package io.tradewind.contracts.state;

import java.util.List;

/**
 * Answer to {@link ReadLog}.
 *
 * @param headVersion the durable version of the partition when this was read
 * @param reset whether the version asked for is older than the log keeps, or newer than it has: the follower cannot be
 *     brought up to date by changes and has to read the entities afresh
 */
public record LogPage(long headVersion, boolean reset, List<CommittedTransaction> transactions) {

    public LogPage {
        transactions = List.copyOf(transactions);
    }
}
