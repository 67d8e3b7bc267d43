package io.tradewind.contracts.state;

/**
 * Why a transaction happened; kept in the log for the audit trail.
 *
 * @param correlationId the request or event at the beginning of the chain
 * @param causationId the direct cause: a command, a transaction, an execution report
 * @param actor who: an API key id, a strategy, a service
 */
public record Cause(String correlationId, String causationId, String actor) {

    /** Actor of deletes by which the state-store forgets what the database keeps: the thing itself did not end. */
    public static final String RETENTION = "retention";

    /** Whether a delete of this cause says no more than that the state-store need not remember. */
    public boolean isRetention() {
        return RETENTION.equals(actor);
    }
}
