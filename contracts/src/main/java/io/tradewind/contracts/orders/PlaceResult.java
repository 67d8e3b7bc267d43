package io.tradewind.contracts.orders;

import io.tradewind.contracts.Json;

/** What became of an order that somebody wanted placed. */
public sealed interface PlaceResult {

    /** It is durable; this is the order as stored. */
    record Accepted(Json order) implements PlaceResult {}

    /** An earlier command with the same client order id and content placed it; this is the order as it is now. */
    record Existing(Json order) implements PlaceResult {}

    /** It was not taken, and no order exists. */
    record Denied(Denial denial) implements PlaceResult {}

    /**
     * Whether it is durable could not be found out. Sending it again with the same client order id is safe.
     *
     * @param reason what went wrong
     */
    record Unknown(String reason) implements PlaceResult {}
}
