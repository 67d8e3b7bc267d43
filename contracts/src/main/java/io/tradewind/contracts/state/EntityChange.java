package io.tradewind.contracts.state;

import io.tradewind.contracts.Json;

/**
 * One change of an entity, as the log holds it. Of a transaction that changes the entity more than once, what it left.
 *
 * @param version the partition version that made it
 * @param timeMs when it was committed, milliseconds since the epoch
 * @param transactionId the transaction; {@code null} when only the state was asked for
 * @param cause why; all of its parts {@code null} when only the state was asked for
 * @param json the document from then on, in the shape of today; {@code null}: the entity was deleted
 */
public record EntityChange(long version, long timeMs, String transactionId, Cause cause, Json json) {

    public boolean isDelete() {
        return json == null;
    }
}
