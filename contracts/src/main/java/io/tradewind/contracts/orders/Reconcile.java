package io.tradewind.contracts.orders;

/**
 * Command: compare with the broker now. Answered with the document of the run, once it is over and durable.
 *
 * @param dryRun whether nothing may be changed: mismatches are told with what would be done about each
 */
public record Reconcile(boolean dryRun, String actor, String correlationId) {}
