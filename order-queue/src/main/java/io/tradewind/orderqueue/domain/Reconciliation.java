package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.orderqueue.domain.Mismatch.Rule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One comparison of a desk with the broker: our side is looked at when this is made, then the broker is asked for its
 * lists, and what differs is a suspect. A suspect is a mismatch only if it stands still: after a while the broker is
 * asked about it once more, and our side has not moved since the first look. What is on its way, in either direction,
 * moves one of the two, and is left to the next comparison.
 *
 * <p>At the start of a desk nothing of it moves, and nothing is known to have arrived: there every order that may have
 * been sent is a suspect, and counts at once.
 *
 * <p>Pure, on the thread of the desk. Finding changes nothing; {@link #settle} does.
 */
public final class Reconciliation {

    /** A mismatch, and what is needed to end it. */
    public record Found(Mismatch mismatch, List<ExecutionReport> reports) {}

    private record Holding(BigDecimal ours, BigDecimal theirs) {}

    private final Desk desk;
    private final boolean starting;
    private final long askedAfter;
    private final Map<String, Order> before = new LinkedHashMap<>();
    private final Map<String, BrokerOpenOrder> listed = new HashMap<>();
    private final Map<String, Holding> holdings = new HashMap<>();

    /** @param starting whether nothing has left this desk yet */
    public Reconciliation(Desk desk, boolean starting) {
        this.desk = desk;
        this.starting = starting;
        this.askedAfter = desk.sendings();
        desk.sentOrders().forEach(id -> before.put(id, desk.openOrder(id)));
    }

    /** How many orders of ours are compared. */
    public int orders() {
        return before.size();
    }

    // ---- first look

    /** Our orders to ask the broker about, given all that it works for the accounts of this desk. */
    public Set<String> suspects(List<BrokerOpenOrder> theirs) {
        theirs.forEach(order -> listed.put(order.orderId(), order));
        if (starting) {
            return Set.copyOf(before.keySet());
        }
        Set<String> suspects = new LinkedHashSet<>();
        before.forEach((id, order) -> {
            if (standsStill(id) && !desk.isOnItsWay(id, askedAfter) && !agrees(order, listed.get(id))) {
                suspects.add(id);
            }
        });
        return suspects;
    }

    private static boolean agrees(Order ours, BrokerOpenOrder theirs) {
        return theirs != null
                && ours.filledQty().compareTo(theirs.filledQty()) == 0
                && (ours.status() == OrderStatus.NEW || ours.status() == OrderStatus.PARTIALLY_FILLED);
    }

    /** Orders that the broker works and that are not open here. One that was, a moment ago, is on its way. */
    public Set<String> strangers() {
        Set<String> strangers = new LinkedHashSet<>(listed.keySet());
        strangers.removeIf(id -> desk.isOpen(id) || before.containsKey(id));
        return strangers;
    }

    /**
     * Executions that may not be booked. Those of orders that are open here make the order a suspect; the others have to
     * be looked up.
     *
     * @param suspects is added to
     */
    public List<BrokerExecution> toLookUp(List<BrokerExecution> executions, Set<String> suspects) {
        List<BrokerExecution> others = new ArrayList<>();
        for (BrokerExecution execution : executions) {
            ExecutionReport report = execution.report();
            if (!desk.isOpen(report.orderId())) {
                others.add(execution);
            } else if (before.containsKey(report.orderId()) && !desk.isBooked(report.orderId(), report.executionId())) {
                suspects.add(report.orderId());
            }
        }
        return others;
    }

    // ---- second look

    /** @return {@code null} when there is nothing wrong with a suspect, or it is on its way */
    public Found order(String orderId, BrokerOrder found) {
        Order ours = desk.openOrder(orderId);
        if (ours == null
                || ours.status() == OrderStatus.ACCEPTED
                || desk.isOnItsWay(orderId, askedAfter)
                || !(starting || standsStill(orderId))) {
            return null;
        }
        Mismatch mismatch = compare(ours, desk.executionsOf(orderId), listed.get(orderId), found);
        return mismatch == null ? null : new Found(mismatch, found == null ? List.of() : found.reports());
    }

    /**
     * The rules about an order that is open here and may be at the broker.
     *
     * @param booked executions of it that we know
     * @param listed as the list of working orders has it; {@code null} when it is not there
     * @param found as the broker knows it; {@code null} when it has never seen it
     * @return {@code null} when both agree
     */
    static Mismatch compare(Order ours, Set<String> booked, BrokerOpenOrder listed, BrokerOrder found) {
        boolean canceling = ours.status().isEnding();
        if (found == null) {
            return of(
                    Mismatch.Kind.MISSING_THERE,
                    canceling ? Rule.CANCELED_HERE : Rule.SENT_AGAIN,
                    ours,
                    "never seen there");
        }
        BigDecimal unbooked = found.reports().stream()
                .filter(report -> report.kind() == Kind.FILL && !booked.contains(report.executionId()))
                .map(ExecutionReport::qty)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (!found.open()) {
            boolean explained = unbooked.compareTo(ours.leavesQty()) >= 0
                    || found.reports().stream().anyMatch(report -> isLast(report.kind()));
            return of(Mismatch.Kind.STATUS_DIFFERS, explained ? Rule.BOOKED : Rule.ESCALATED, ours, "over there");
        }
        if (unbooked.signum() > 0) {
            return of(
                    Mismatch.Kind.QUANTITY_DIFFERS,
                    Rule.BOOKED,
                    ours,
                    plain(unbooked) + " more of it executed, open for the rest");
        }
        if (listed != null && listed.filledQty().compareTo(ours.filledQty()) < 0) {
            return of(
                    Mismatch.Kind.QUANTITY_DIFFERS,
                    Rule.ESCALATED,
                    ours,
                    "only " + plain(listed.filledQty()) + " of it executed");
        }
        if (canceling) {
            return of(Mismatch.Kind.STATUS_DIFFERS, Rule.CANCELED_THERE, ours, "open there");
        }
        if (ours.status() == OrderStatus.NEW || ours.status() == OrderStatus.PARTIALLY_FILLED) {
            return null;
        }
        boolean explained = found.reports().stream().anyMatch(report -> report.kind() == Kind.NEW);
        return of(Mismatch.Kind.STATUS_DIFFERS, explained ? Rule.BOOKED : Rule.ESCALATED, ours, "open there");
    }

    private static boolean isLast(Kind kind) {
        return kind == Kind.CANCELED || kind == Kind.REPLACED || kind == Kind.EXPIRED || kind == Kind.REJECTED;
    }

    /**
     * An order that the broker still works, and that is not open here.
     *
     * @param known whether it is one of ours that is over
     * @return {@code null} when it came to be open here meanwhile
     */
    public Found stranger(String orderId, boolean known) {
        if (desk.isOpen(orderId)) {
            return null;
        }
        BrokerOpenOrder theirs = listed.get(orderId);
        return new Found(
                new Mismatch(
                        Mismatch.Kind.MISSING_HERE,
                        known ? Rule.CANCELED_THERE : Rule.ESCALATED,
                        theirs.accountId(),
                        orderId,
                        known ? "over" : "never seen",
                        "open there, " + theirs.side().text() + " " + plain(theirs.qty()) + " " + theirs.symbol()),
                List.of());
    }

    /**
     * An execution that is not booked, of an order that is not open here.
     *
     * @param known whether the order is one of ours that is over
     * @return {@code null} when the order came to be open here meanwhile
     */
    public Found execution(BrokerExecution execution, boolean known) {
        ExecutionReport report = execution.report();
        if (desk.isOpen(report.orderId())) {
            return null;
        }
        boolean bookable = desk.accountIds().contains(report.accountId());
        return new Found(
                new Mismatch(
                        known ? Mismatch.Kind.UNKNOWN_FILL : Mismatch.Kind.MANUAL_TRADE,
                        bookable ? Rule.BOOKED : Rule.ESCALATED,
                        report.accountId(),
                        report.orderId(),
                        bookable ? "not booked" : "there is no such account",
                        execution.side().text() + " " + plain(report.qty()) + " " + execution.symbol() + " at "
                                + plain(report.price()) + ", execution " + report.executionId()),
                List.of(report));
    }

    /** The id of the activity by which an execution is known to be booked. */
    public static String activityId(BrokerExecution execution) {
        return OutsideFill.activityKey(execution).id();
    }

    // ---- positions

    /** First look at what is held. @return whether there is anything to look at again */
    public boolean holdings(List<BrokerPosition> theirs) {
        holdings.clear();
        holdings.putAll(differences(theirs));
        return !holdings.isEmpty();
    }

    /** Second look: what differs still, by the same amounts on both sides. */
    public List<Found> positions(List<BrokerPosition> theirs) {
        List<Found> found = new ArrayList<>();
        differences(theirs).forEach((name, now) -> {
            if (now.equals(holdings.get(name))) {
                String accountId = name.substring(0, name.indexOf('/'));
                String symbol = name.substring(name.indexOf('/') + 1);
                found.add(new Found(
                        new Mismatch(
                                Mismatch.Kind.QUANTITY_DIFFERS,
                                Rule.ESCALATED,
                                accountId,
                                symbol,
                                plain(now.ours()) + " held",
                                plain(now.theirs()) + " held"),
                        List.of()));
            }
        });
        return found;
    }

    private Map<String, Holding> differences(List<BrokerPosition> theirs) {
        // Account ids have no slash in them; symbols may.
        Map<String, BigDecimal> there = new HashMap<>();
        theirs.forEach(position ->
                there.merge(position.accountId() + "/" + position.symbol(), position.qty(), BigDecimal::add));
        Map<String, BigDecimal> here = new HashMap<>();
        for (String accountId : desk.accountIds()) {
            desk.account(accountId)
                    .positions()
                    .forEach(position -> here.put(accountId + "/" + position.symbol(), position.qty()));
        }
        Set<String> names = new HashSet<>(there.keySet());
        names.addAll(here.keySet());
        Map<String, Holding> differences = new HashMap<>();
        for (String name : names) {
            BigDecimal ours = here.getOrDefault(name, BigDecimal.ZERO).stripTrailingZeros();
            BigDecimal held = there.getOrDefault(name, BigDecimal.ZERO).stripTrailingZeros();
            if (ours.compareTo(held) != 0) {
                differences.put(name, new Holding(ours, held));
            }
        }
        return differences;
    }

    // ---- what to do

    /**
     * What to book to end a mismatch about an order that is open here. The order is queued again when the broker has
     * never seen it.
     */
    public List<ExecutionReport> settle(Found found, long nowMs) {
        if (found.mismatch().kind() != Mismatch.Kind.MISSING_THERE) {
            return found.reports();
        }
        ExecutionReport instead = desk.unseenByBroker(found.mismatch().subject(), askedAfter, nowMs);
        return instead == null ? List.of() : List.of(instead);
    }

    /**
     * After it was booked: the mismatch as it is to be told. What booking has not ended is left to people.
     *
     * @param found what the broker had said
     */
    public Mismatch settled(Found mismatch, BrokerOrder found) {
        Order ours = desk.openOrder(mismatch.mismatch().subject());
        boolean done = mismatch.mismatch().rule() != Rule.BOOKED
                || ours == null
                || compare(ours, desk.executionsOf(ours.id()), null, found) == null
                || (ours.status().isEnding() && found.open());
        return done ? mismatch.mismatch() : mismatch.mismatch().escalated();
    }

    private boolean standsStill(String orderId) {
        Order then = before.get(orderId);
        return then != null && then.equals(desk.openOrder(orderId));
    }

    private static Mismatch of(Mismatch.Kind kind, Rule rule, Order ours, String theirs) {
        String here = ours.status().text() + ", " + plain(ours.filledQty()) + " of " + plain(ours.qty()) + " executed";
        return new Mismatch(kind, rule, ours.accountId(), ours.id(), here, theirs);
    }

    private static String plain(BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }
}
