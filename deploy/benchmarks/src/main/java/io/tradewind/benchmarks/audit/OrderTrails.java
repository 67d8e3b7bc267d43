package io.tradewind.benchmarks.audit;

import io.tradewind.benchmarks.load.OrderRequests;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Mutation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Collects what the log and the tables hold about the orders of one run: those whose client order id is the run's
 * prefix and a number. Pure; one thread. Takes about 300 bytes per order.
 */
public final class OrderTrails {

    private static final long HIGHEST_FILL_MS = TimeUnit.HOURS.toMillis(1);

    private final String idPrefix;
    private final Map<Integer, OrderTrail> bySeq = new HashMap<>();
    private final Map<String, OrderTrail> byOrderId = new HashMap<>();
    private final List<String> strangers = new ArrayList<>();
    private final Histogram fillMs = new Histogram(HIGHEST_FILL_MS, 3);
    private long firstAcceptedMs;
    private long lastFilledMs;
    private int filled;

    public OrderTrails(String idPrefix) {
        this.idPrefix = idPrefix;
    }

    /** Notes a transaction of the log; to be called in the order of the versions of a partition. */
    public void logged(CommittedTransaction transaction) {
        for (Mutation mutation : transaction.mutations()) {
            if (mutation.isDelete()) {
                continue;
            }
            if (mutation.key().domain().equals(Domains.ORDER)) {
                order(JsonObjects.read(mutation.json()), transaction.timeMs());
            } else if (mutation.key().domain().equals(Domains.ACTIVITY)) {
                activity(JsonObjects.read(mutation.json()));
            }
        }
    }

    /** Notes a row of the tables. */
    public void row(OrderRow row) {
        OrderTrail trail = trail(row.clientOrderId());
        if (trail != null) {
            trail.rows++;
            trail.rowStatus = row.status();
            trail.rowFilledQty = row.filledQty();
            trail.rowActivities = row.activities();
            trail.rowActivityQty = row.activityQty();
        }
    }

    private void order(Map<String, String> order, long timeMs) {
        String clientOrderId = order.get("client_order_id");
        OrderTrail trail = clientOrderId == null ? null : trail(clientOrderId);
        if (trail == null) {
            return;
        }
        boolean first = byOrderId.putIfAbsent(order.get("id"), trail) == null;
        OrderStatus before = trail.status;
        trail.status = OrderStatus.parse(order.get("status"));
        trail.qty = decimal(order.get("qty"));
        trail.filledQty = decimal(order.get("filled_qty"));
        trail.executions = Integer.parseInt(order.getOrDefault("executions", "0"));
        if (first || trail.status == OrderStatus.ACCEPTED) {
            // Written as sent at once when its way was free, else as accepted first: once in either case.
            trail.accepted++;
            trail.acceptedAtMs = timeMs;
            firstAcceptedMs = firstAcceptedMs == 0 ? timeMs : Math.min(firstAcceptedMs, timeMs);
        }
        if (trail.status == OrderStatus.FILLED && before != OrderStatus.FILLED) {
            trail.filledTransitions++;
            filled++;
            lastFilledMs = Math.max(lastFilledMs, timeMs);
            fillMs.recordValue(Math.max(0, Math.min(HIGHEST_FILL_MS, timeMs - trail.acceptedAtMs)));
        }
    }

    private void activity(Map<String, String> activity) {
        OrderTrail trail = byOrderId.get(activity.get("order_id"));
        if (trail != null) {
            trail.activities++;
            trail.activityQty = trail.activityQty.add(decimal(activity.get("qty")));
        }
    }

    /** The trail of an order of this run, or {@code null} when it belongs to somebody else. */
    private OrderTrail trail(String clientOrderId) {
        if (!clientOrderId.startsWith(idPrefix)) {
            return null;
        }
        int seq = seq(clientOrderId);
        if (seq < 0) {
            if (strangers.size() < Audit.LISTED) {
                strangers.add(clientOrderId);
            }
            return null;
        }
        return bySeq.computeIfAbsent(seq, missing -> new OrderTrail(clientOrderId));
    }

    private int seq(String clientOrderId) {
        try {
            return Integer.parseInt(clientOrderId, idPrefix.length(), clientOrderId.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    OrderTrail bySeq(int seq) {
        return bySeq.get(seq);
    }

    /** What order {@code seq} of the run is called. */
    String clientOrderId(int seq) {
        return idPrefix + OrderRequests.digits(seq);
    }

    int highestSeq() {
        return bySeq.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    /** Client order ids that begin like those of this run, but that it never made. */
    List<String> strangers() {
        return strangers;
    }

    /** Orders that the log holds as filled. */
    public int filled() {
        return filled;
    }

    /** When the log took the first order, milliseconds since the epoch; 0 for never. */
    public long firstAcceptedMs() {
        return firstAcceptedMs;
    }

    /** When the log took the last fill, milliseconds since the epoch; 0 for never. */
    public long lastFilledMs() {
        return lastFilledMs;
    }

    /** From the transaction that accepted an order to the one that filled it, milliseconds. */
    public Histogram fillMs() {
        return fillMs;
    }

    private static BigDecimal decimal(String text) {
        return text == null || text.equals("0")
                ? BigDecimal.ZERO
                : text.equals("1") ? BigDecimal.ONE : new BigDecimal(text);
    }
}
