package io.tradewind.contracts.orders;

import java.util.List;

/** Answer to {@link ClosePositions}: a result per position; none when nothing is held. */
public record ClosePositionsReply(List<Result> results) {

    public ClosePositionsReply {
        results = List.copyOf(results);
    }

    /** @param order what became of the closing order */
    public record Result(String symbol, PlaceResult order) {}
}
