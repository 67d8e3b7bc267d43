package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.state.Transaction;
import java.util.List;

/**
 * What a cancel came to.
 *
 * @param transaction writes the changed orders, {@code null} when none changed
 * @param taken ids whose cancel holds once the transaction is durable
 * @param atBroker those of them that the broker has to be asked for then
 * @param notOpen ids that are not open: unknown, or over already
 */
public record CancelDecision(
        Transaction transaction, List<String> taken, List<String> atBroker, List<String> notOpen) {}
