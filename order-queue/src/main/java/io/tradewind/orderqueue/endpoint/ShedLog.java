package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Priority;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the orders that were turned away for want of room, counted by reason and lane: in a flood one line per look says
 * what a line per order would bury. On the event loop; what is not told yet is gone in a crash, and counted by the
 * metrics all the same.
 */
final class ShedLog {

    private static final Set<DenialCode> FOR_WANT_OF_ROOM = EnumSet.of(
            DenialCode.QUEUE_LANE_FULL,
            DenialCode.QUEUE_ACCOUNT_FULL,
            DenialCode.QUEUE_DELAY_EXCEEDED,
            DenialCode.LOG_NEARLY_FULL);

    private static final Logger LOG = LoggerFactory.getLogger(ShedLog.class);

    /** By reason and lane; bounded by their number. */
    private final Map<String, Integer> untold = new TreeMap<>();

    void denied(DenialCode code, Priority lane) {
        if (FOR_WANT_OF_ROOM.contains(code)) {
            untold.merge(code + " in lane " + lane.text(), 1, Integer::sum);
        }
    }

    /** Logs what came since the last time. */
    void tell() {
        if (!untold.isEmpty()) {
            LOG.warn("orders turned away, their senders told: {}", untold);
            untold.clear();
        }
    }
}
