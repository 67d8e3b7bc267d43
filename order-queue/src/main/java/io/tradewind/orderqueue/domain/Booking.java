package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderEvent;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Books a batch of execution reports as one atomic transaction: every order, position and account that it touches is
 * written once, in its last state; every fill becomes an activity.
 *
 * <p>Reports may come late, twice or out of order. A fill is known by its execution id; a status that the order has
 * left behind changes nothing.
 */
final class Booking {

    private static final Logger LOG = LoggerFactory.getLogger(Booking.class);

    private final Desk desk;
    private final long nowMs;
    private final OrderChanges changes;
    private final Map<EntityKey, Position> positions = new LinkedHashMap<>();
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final List<Mutation> activities = new ArrayList<>();

    Booking(Desk desk, long nowMs) {
        this.desk = desk;
        this.nowMs = nowMs;
        this.changes = new OrderChanges(desk, nowMs);
    }

    void add(ExecutionReport report) {
        Order order = desk.openOrder(report.orderId());
        if (order == null) {
            LOG.debug("report {} for order {}, which is not open: repeated or late", report.kind(), report.orderId());
            return;
        }
        if (report.kind() != ExecutionReport.Kind.CANCEL_REJECTED) {
            desk.answered(order.id(), nowMs); // that one may also say that the broker does not know the order
        }
        Order after =
                switch (report.kind()) {
                    case NEW -> working(order);
                    case FILL -> fill(order, report);
                    case CANCEL_REJECTED -> cancelRejected(order);
                    case CANCELED -> order.after(endOf(order), nowMs, report.reason());
                    case EXPIRED -> order.after(OrderEvent.EXPIRED, nowMs, report.reason());
                    case REJECTED -> order.after(OrderEvent.REJECTED, nowMs, report.reason());
                    case REPLACED -> order.after(OrderEvent.REPLACED, nowMs, report.reason());
                    case TRIGGERED -> order.isTriggered() ? null : order.withTrigger(nowMs);
                    case TRAILED -> trailed(order, report.price());
                };
        if (after != null) {
            changes.change(order, after);
            accounts.put(after.accountId(), desk.account(after.accountId()));
            if (after.status().isTerminal()) {
                desk.groups().ended(order, after, order.status() == OrderStatus.PENDING_CANCEL, changes);
            } else if (order.status() == OrderStatus.PENDING_REPLACE
                    && !after.status().isEnding()) {
                desk.groups().kept(after, changes);
            }
        }
    }

    /** One that is to be replaced has been, whoever ended it: what is left of it goes to the other one. */
    private static OrderEvent endOf(Order order) {
        return order.status() == OrderStatus.PENDING_REPLACE ? OrderEvent.REPLACED : OrderEvent.CANCELED;
    }

    /** @return the order as it is then, {@code null} when it does not change; so do the others */
    private Order working(Order order) {
        return order.status() == OrderStatus.PENDING_NEW ? order.after(OrderEvent.WORKING, nowMs, null) : null;
    }

    private Order trailed(Order order, BigDecimal best) {
        boolean better = order.hwm() == null
                || (order.side() == Side.SELL ? best.compareTo(order.hwm()) > 0 : best.compareTo(order.hwm()) < 0);
        return better ? order.withHwm(best, nowMs) : null;
    }

    private Order cancelRejected(Order order) {
        if (!order.status().isEnding()) {
            return null;
        }
        boolean filled = order.filledQty().signum() > 0;
        return order.after(filled ? OrderEvent.KEPT_PARTLY_FILLED : OrderEvent.KEPT, nowMs, null);
    }

    private Order fill(Order order, ExecutionReport report) {
        if (desk.isRepeated(order.id(), report.executionId())) {
            return null;
        }
        if (report.qty().compareTo(order.leavesQty()) > 0) {
            LOG.error(
                    "broker filled {} of order {}, of which only {} was open; booked as reported",
                    report.qty(),
                    order.id(),
                    order.leavesQty());
        }
        Account account = desk.account(order.accountId());
        Position position = desk.bookFill(account, order.symbol(), order.side(), report, nowMs);
        positions.put(new EntityKey(Domains.POSITION, order.accountId(), order.symbol()), position);

        boolean done = report.qty().compareTo(order.leavesQty()) >= 0;
        Order after = filled(order, done ? OrderEvent.FILLED : OrderEvent.PARTLY_FILLED, report, nowMs);
        activities.add(activity(after, report));
        return after;
    }

    /** The order with a fill more; its price is the volume-weighted average of all. */
    static Order filled(Order order, OrderEvent event, ExecutionReport report, long nowMs) {
        BigDecimal filled = Decimals.normal(order.filledQty().add(report.qty()));
        BigDecimal before = order.filledAvgPrice() == null ? BigDecimal.ZERO : order.filledAvgPrice();
        BigDecimal average = order.filledQty()
                .multiply(before)
                .add(report.qty().multiply(report.price()))
                .divide(filled, Position.SCALE, RoundingMode.HALF_EVEN);
        return order.afterFill(event, filled, Decimals.normal(average), nowMs);
    }

    private static Mutation activity(Order order, ExecutionReport report) {
        // The order id first: all fills of an order stand together and can be listed by it.
        String id = activityId(order.id(), report.executionId());
        EntityKey key = new EntityKey(Domains.ACTIVITY, order.accountId(), id);
        return new Mutation(key, JsonObjects.write(out -> out.text("id", id)
                .text("account_id", order.accountId())
                .text("activity_type", "FILL")
                .text("type", order.status() == OrderStatus.FILLED ? "fill" : "partial_fill")
                .text("order_id", order.id())
                .text("execution_id", report.executionId())
                .text("symbol", order.symbol())
                .text("side", order.side().text())
                .decimal("qty", report.qty())
                .decimal("price", report.price())
                .decimal("fee", report.fee())
                .decimal("cum_qty", order.filledQty())
                .decimal("leaves_qty", order.leavesQty())
                .text("order_status", order.status().text())
                .time("transaction_time", report.timeMs())));
    }

    static String activityId(String orderId, String executionId) {
        return orderId + ":" + executionId;
    }

    /** Every account that it touched. */
    Collection<Account> accounts() {
        return accounts.values();
    }

    List<Mutation> mutations() {
        List<Mutation> mutations = new ArrayList<>();
        mutations.addAll(changes.mutations());
        mutations.addAll(activities);
        positions.values().forEach(position -> mutations.add(desk.positionMutation(position, nowMs)));
        accounts.values().forEach(account -> mutations.add(desk.accountMutation(account, nowMs)));
        return mutations;
    }
}
