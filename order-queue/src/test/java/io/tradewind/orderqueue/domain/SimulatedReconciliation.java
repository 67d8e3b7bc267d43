package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.orderqueue.domain.Reconciliation.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A comparison with the broker, with the steps of the real one made by a simulation. */
final class SimulatedReconciliation {

    private final SimulatedDesk owner;
    private final FakeState state;
    private final SimulatedBroker broker;
    private final boolean starting;
    private final Reconciliation run;
    private final Set<String> suspects = new LinkedHashSet<>();
    private final Set<String> strangers = new LinkedHashSet<>();
    private final List<BrokerExecution> toLookUp = new ArrayList<>();
    private final List<Mismatch> mismatches = new ArrayList<>();

    SimulatedReconciliation(SimulatedDesk owner, FakeState state, SimulatedBroker broker, boolean starting) {
        this.owner = owner;
        this.state = state;
        this.broker = broker;
        this.starting = starting;
        this.run = new Reconciliation(owner.desk, starting);
    }

    void look() {
        suspects.addAll(run.suspects(broker.openOrders()));
        strangers.addAll(run.strangers());
        run.toLookUp(broker.executions(), suspects).stream()
                .filter(this::isUnbooked)
                .forEach(toLookUp::add);
    }

    void lookAgain() {
        suspects.forEach(this::order);
        for (String id : strangers) {
            BrokerOrder found = broker.find(id).orElse(null);
            Found stranger = found == null || !found.open() ? null : run.stranger(id, stored(found, id) != null);
            if (stranger != null) {
                mismatches.add(stranger.mismatch());
                if (stranger.mismatch().rule() == Mismatch.Rule.CANCELED_THERE) {
                    broker.cancel(List.of(id));
                }
            }
        }
        executions();
    }

    List<Mismatch> mismatches() {
        return mismatches;
    }

    private void order(String id) {
        BrokerOrder theirs = broker.find(id).orElse(null);
        Found found = run.order(id, theirs);
        if (found == null) {
            if (starting && theirs != null) {
                owner.book(theirs.reports());
            }
            return;
        }
        List<ExecutionReport> reports = run.settle(found, Samples.NOW);
        owner.book(reports);
        if (theirs != null && theirs.open() && owner.desk.isCanceling(id)) {
            broker.cancel(List.of(id));
        }
        mismatches.add(run.settled(found, theirs));
    }

    private void executions() {
        Map<String, List<BrokerExecution>> byOrder = new LinkedHashMap<>();
        for (BrokerExecution execution : toLookUp) {
            if (isUnbooked(execution)) {
                byOrder.computeIfAbsent(execution.report().orderId(), id -> new ArrayList<>())
                        .add(execution);
            }
        }
        byOrder.forEach((orderId, executions) -> {
            Entity order = state.get(
                    new EntityKey(Domains.ORDER, executions.get(0).report().accountId(), orderId));
            List<BrokerExecution> bookable = new ArrayList<>();
            for (BrokerExecution execution : executions) {
                Found found = run.execution(execution, order != null);
                if (found != null) {
                    mismatches.add(found.mismatch());
                    if (!found.mismatch().isEscalated()) {
                        bookable.add(execution);
                    }
                }
            }
            if (!bookable.isEmpty()) {
                owner.add(
                        owner.desk.bookOutside(
                                bookable, order == null ? null : Order.fromJson(order.json()), Samples.NOW),
                        () -> {});
            }
        });
    }

    private boolean isUnbooked(BrokerExecution execution) {
        return state.get(OutsideFill.activityKey(execution)) == null;
    }

    private Entity stored(BrokerOrder found, String id) {
        String account = found.reports().get(0).accountId();
        return state.get(new EntityKey(Domains.ORDER, account, id));
    }
}
