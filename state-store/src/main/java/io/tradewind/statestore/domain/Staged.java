package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.TransactionOutcome;
import java.util.List;

/**
 * What a batch of transactions came to.
 *
 * @param outcomes one per transaction; those that are committed hold only once {@code durableAt} is reached
 * @param durableAt the version that has to be durable before the outcomes may be told; 0 when they may be at once
 */
public record Staged(List<TransactionOutcome> outcomes, long durableAt) {

    public Staged {
        outcomes = List.copyOf(outcomes);
    }
}
