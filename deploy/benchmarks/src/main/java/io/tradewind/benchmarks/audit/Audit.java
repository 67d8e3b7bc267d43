package io.tradewind.benchmarks.audit;

import io.tradewind.benchmarks.load.Outcomes;
import io.tradewind.contracts.orders.OrderStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what the clients were told with what the log and the tables hold, order by order.
 *
 * <ul>
 *   <li>An acknowledged order is in the log once: accepted once, filled once, with fills that add up to its quantity.
 *   <li>An order that was denied, or never sent, is nowhere.
 *   <li>An order of unknown outcome is either in the log like an acknowledged one, or nowhere.
 *   <li>The tables hold just the orders of the log, with the same status, quantities and fills.
 * </ul>
 *
 * <p>Pure.
 */
public final class Audit {

    /** Differences that are listed one by one; the others are only counted. */
    public static final int LISTED = 10;

    /** How an order can differ. */
    public enum Kind {
        MISSING_IN_LOG,
        EXTRA_IN_LOG,
        ACCEPTED_TWICE,
        NOT_FILLED,
        FILLED_TWICE,
        FILLS_DO_NOT_ADD_UP,
        MISSING_IN_POSTGRES,
        EXTRA_IN_POSTGRES,
        DOUBLE_IN_POSTGRES,
        DIFFERENT_IN_POSTGRES,
        LOG_DAMAGED
    }

    public record Difference(Kind kind, String clientOrderId, String detail) {}

    private final Outcomes outcomes;
    private final OrderTrails trails;
    private final boolean withPostgres;
    private final Map<Kind, Integer> counts = new TreeMap<>();
    private final List<Difference> listed = new ArrayList<>();
    private int inLog;
    private int inPostgres;
    private int unknownInLog;

    private Audit(Outcomes outcomes, OrderTrails trails, boolean withPostgres) {
        this.outcomes = outcomes;
        this.trails = trails;
        this.withPostgres = withPostgres;
    }

    /**
     * @param logProblems what was wrong with the log itself, such as a gap between versions
     * @param withPostgres whether the rows of the tables were collected too
     */
    public static AuditResult judge(
            Outcomes outcomes, OrderTrails trails, List<String> logProblems, boolean withPostgres) {
        return new Audit(outcomes, trails, withPostgres).judge(logProblems);
    }

    private AuditResult judge(List<String> logProblems) {
        logProblems.forEach(problem -> differs(Kind.LOG_DAMAGED, "-", problem));
        trails.strangers().forEach(id -> differs(Kind.EXTRA_IN_LOG, id, "this run made no such id"));
        int orders = Math.max(outcomes.sentCount(), trails.highestSeq() + 1);
        for (int seq = 0; seq < orders; seq++) {
            OrderTrail trail = trails.bySeq(seq);
            if (trail == null) {
                if (outcomes.isAcknowledged(seq)) {
                    differs(Kind.MISSING_IN_LOG, trails.clientOrderId(seq), "acknowledged, but nowhere in the log");
                }
            } else {
                checkLog(seq, trail);
                if (withPostgres) {
                    checkPostgres(trail);
                }
            }
        }
        return new AuditResult(
                outcomes.acknowledgedCount(),
                outcomes.unknownCount(),
                outcomes.deniedCount(),
                inLog,
                unknownInLog,
                trails.filled(),
                withPostgres ? inPostgres : -1,
                counts,
                listed);
    }

    private void checkLog(int seq, OrderTrail trail) {
        if (!trail.isInLog()) {
            if (outcomes.isAcknowledged(seq)) {
                differs(Kind.MISSING_IN_LOG, trail.clientOrderId, "acknowledged, but nowhere in the log");
            }
            return;
        }
        inLog++;
        if (outcomes.isUnknown(seq)) {
            unknownInLog++;
        } else if (!outcomes.isAcknowledged(seq)) {
            String told = outcomes.isDenied(seq) ? "denied" : "never sent";
            differs(Kind.EXTRA_IN_LOG, trail.clientOrderId, told + ", but in the log as " + trail.status.text());
        }
        if (trail.accepted != 1) {
            Kind kind = trail.accepted == 0 ? Kind.MISSING_IN_LOG : Kind.ACCEPTED_TWICE;
            differs(kind, trail.clientOrderId, "accepted " + trail.accepted + " times in the log");
        }
        if (trail.status != OrderStatus.FILLED) {
            differs(Kind.NOT_FILLED, trail.clientOrderId, "its last status in the log is " + trail.status.text());
        } else if (trail.filledTransitions != 1) {
            differs(Kind.FILLED_TWICE, trail.clientOrderId, "became filled " + trail.filledTransitions + " times");
        }
        if (trail.status == OrderStatus.FILLED) {
            checkFills(trail);
        }
    }

    private void checkFills(OrderTrail trail) {
        boolean adds = trail.filledQty.compareTo(trail.qty) == 0
                && trail.activityQty.compareTo(trail.qty) == 0
                && trail.activities == trail.executions;
        if (!adds) {
            differs(
                    Kind.FILLS_DO_NOT_ADD_UP,
                    trail.clientOrderId,
                    "qty " + trail.qty.toPlainString() + ", filled_qty " + trail.filledQty.toPlainString() + " in "
                            + trail.executions + " executions, but " + trail.activities + " activities of "
                            + trail.activityQty.toPlainString());
        }
    }

    private void checkPostgres(OrderTrail trail) {
        if (trail.rows > 0) {
            inPostgres++;
        }
        if (trail.rows > 1) {
            differs(Kind.DOUBLE_IN_POSTGRES, trail.clientOrderId, trail.rows + " rows");
        } else if (trail.rows == 0 && trail.isInLog()) {
            differs(Kind.MISSING_IN_POSTGRES, trail.clientOrderId, trail.status.text() + " in the log, no row");
        } else if (trail.rows == 1 && !trail.isInLog()) {
            differs(Kind.EXTRA_IN_POSTGRES, trail.clientOrderId, "a row (" + trail.rowStatus + "), but not in the log");
        } else if (trail.rows == 1 && !rowIsLikeLog(trail)) {
            differs(
                    Kind.DIFFERENT_IN_POSTGRES,
                    trail.clientOrderId,
                    "log: " + trail.status.text() + " " + trail.filledQty.toPlainString() + ", " + trail.activities
                            + " activities of " + trail.activityQty.toPlainString() + "; Postgres: " + trail.rowStatus
                            + " " + trail.rowFilledQty.toPlainString() + ", " + trail.rowActivities
                            + " activities of " + trail.rowActivityQty.toPlainString());
        }
    }

    private static boolean rowIsLikeLog(OrderTrail trail) {
        return trail.status.text().equals(trail.rowStatus)
                && trail.filledQty.compareTo(trail.rowFilledQty) == 0
                && trail.activities == trail.rowActivities
                && trail.activityQty.compareTo(trail.rowActivityQty) == 0;
    }

    private void differs(Kind kind, String clientOrderId, String detail) {
        counts.merge(kind, 1, Integer::sum);
        if (listed.size() < LISTED) {
            listed.add(new Difference(kind, clientOrderId, detail));
        }
    }
}
