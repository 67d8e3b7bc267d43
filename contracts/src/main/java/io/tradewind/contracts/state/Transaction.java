package io.tradewind.contracts.state;

import java.util.List;

/**
 * An atomic set of puts and deletes in one partition.
 *
 * @param id names the transaction: a retry with the same id returns the first answer and changes nothing
 * @param expectations conditions that must all hold, else nothing happens; may be empty
 */
public record Transaction(String id, Cause cause, List<Mutation> mutations, List<Expectation> expectations) {

    public Transaction {
        mutations = List.copyOf(mutations);
        expectations = List.copyOf(expectations);
    }
}
