package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderEvent;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Books executions of an order that is not open here: one of ours that is over, or somebody else's. Money and position
 * have moved at the broker, so they move here; an order that is over keeps its status and is told the true quantity.
 */
final class OutsideFill {

    private final Desk desk;
    private final List<BrokerExecution> executions;
    private final Order over;
    private final long nowMs;

    /**
     * @param executions at least one, all of one order and account
     * @param over the order, {@code null} when it did not come from us
     */
    OutsideFill(Desk desk, List<BrokerExecution> executions, Order over, long nowMs) {
        this.desk = desk;
        this.executions = executions;
        this.over = over;
        this.nowMs = nowMs;
    }

    /** Where an execution is stored. */
    static EntityKey activityKey(BrokerExecution execution) {
        ExecutionReport report = execution.report();
        return new EntityKey(
                Domains.ACTIVITY, report.accountId(), Booking.activityId(report.orderId(), report.executionId()));
    }

    List<Mutation> book() {
        Account account = desk.account(executions.get(0).report().accountId());
        Order order = over;
        Map<String, Position> positions = new LinkedHashMap<>();
        List<Mutation> mutations = new ArrayList<>();
        for (BrokerExecution execution : executions) {
            ExecutionReport report = execution.report();
            positions.put(
                    execution.symbol(), desk.bookFill(account, execution.symbol(), execution.side(), report, nowMs));
            order = order == null ? null : Booking.filled(order, OrderEvent.LATE_FILL, report, nowMs);
            mutations.add(activity(execution, order));
        }
        if (order != null) {
            mutations.add(0, new Mutation(Desk.orderKey(order), order.toJson()));
        }
        positions.values().forEach(position -> mutations.add(desk.positionMutation(position, nowMs)));
        mutations.add(desk.accountMutation(account, nowMs));
        return mutations;
    }

    private static Mutation activity(BrokerExecution execution, Order after) {
        ExecutionReport report = execution.report();
        EntityKey key = activityKey(execution);
        return new Mutation(key, JsonObjects.write(out -> {
            out.text("id", key.id())
                    .text("account_id", report.accountId())
                    .text("activity_type", "FILL")
                    .text("type", "fill")
                    .text("order_id", report.orderId())
                    .text("execution_id", report.executionId())
                    .text("symbol", execution.symbol())
                    .text("side", execution.side().text())
                    .decimal("qty", report.qty())
                    .decimal("price", report.price())
                    .decimal("fee", report.fee())
                    .text("origin", after == null ? "manual" : "reconciliation");
            if (after != null) {
                out.decimal("cum_qty", after.filledQty())
                        .decimal("leaves_qty", after.leavesQty())
                        .text("order_status", after.status().text());
            }
            out.time("transaction_time", report.timeMs());
        }));
    }
}
