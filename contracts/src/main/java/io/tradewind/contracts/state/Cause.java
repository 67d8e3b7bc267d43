package io.tradewind.contracts.state;

/**
 * Why a transaction happened; kept in the log for the audit trail.
 *
 * @param correlationId the request or event at the beginning of the chain
 * @param causationId the direct cause: a command, a transaction, an execution report
 * @param actor who: an API key id, a strategy, a service
 */
public record Cause(String correlationId, String causationId, String actor) {}
