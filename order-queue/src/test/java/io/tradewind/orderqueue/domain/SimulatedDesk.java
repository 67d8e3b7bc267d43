package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One life of a desk, from its loading to its crash, with the steps of the real driver made one by one by a
 * simulation: it loads in the same order, sends one commit at a time, tells the broker only what is durable.
 */
final class SimulatedDesk {

    private static final EntityKey OWNER = new EntityKey(Domains.OWNER, "#0", "order-queue");

    private record Entry(Transaction transaction, Runnable onDurable) {}

    private final FakeState state;
    private final SimulatedBroker broker;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    /** Questions to the broker that are still to be asked. */
    private final Deque<Runnable> questions = new ArrayDeque<>();

    /** Of this life only, as that of a process is. */
    final TradingStates tradingStates = new TradingStates();

    private final Risk risk = new Risk(tradingStates);
    final Desk desk;
    /** What was found so far. */
    final List<Mismatch> mismatches = new ArrayList<>();

    private final Set<String> finishing = new HashSet<>();
    private SimulatedReconciliation reconciliation;
    private List<Entry> inFlight = List.of();
    boolean broken;

    SimulatedDesk(FakeState state, SimulatedBroker broker, DeskLimits limits, Prices prices, Supplier<String> ids) {
        this.state = state;
        this.broker = broker;
        Expectation owner = claim(ids);
        state.all(Domains.RISK).forEach(entity -> risk.load(entity.key(), entity.json(), entity.version()));
        this.desk = new Desk(limits, prices, new AdmissionPause(), risk, ids, owner);
        state.all(Domains.ACCOUNT).forEach(entity -> desk.loadAccount(entity.json()));
        state.all(Domains.POSITION).forEach(entity -> desk.loadPosition(entity.json()));
        state.all(Domains.ORDER).forEach(entity -> desk.loadOrder(entity.json()));
        for (Entity entity : state.all(Domains.ACTIVITY)) {
            Map<String, String> fields = JsonObjects.read(entity.json());
            if (desk.hasFills(fields.get("order_id"))) {
                desk.loadExecution(fields.get("order_id"), fields.get("execution_id"));
            }
        }
        // No order leaves before it is done: all of it happens before the first step.
        reconciliation = new SimulatedReconciliation(this, state, broker, true);
        reconciliation.look();
        reconciliation.lookAgain();
        mismatches.addAll(reconciliation.mismatches());
        reconciliation = null;
    }

    /** Compares with the broker: a first look now, the second one when everything decided by now is durable. */
    void reconcile() {
        if (reconciliation == null) {
            reconciliation = new SimulatedReconciliation(this, state, broker, false);
            reconciliation.look();
        } else if (isIdle()) {
            reconciliation.lookAgain();
            mismatches.addAll(reconciliation.mismatches());
            reconciliation = null;
        }
    }

    /** Does what the kill switch can do now. */
    void kill(Supplier<String> ids) {
        for (String account : desk.accountIds()) {
            List<KillOrder> pending = tradingStates.pending(account);
            if (pending.isEmpty() || finishing.contains(account)) {
                continue;
            }
            Liquidation positions = new Liquidation(desk, account);
            List<String> toCancel = positions.toCancel();
            if (!toCancel.isEmpty()) {
                cancel(account, toCancel);
            }
            for (String symbol : positions.toClose()) {
                PlaceOrder closing = positions.order(symbol, positions.size(symbol), "close-" + ids.get(), "kill");
                Admission.Admitted admitted = desk.placeClosing(closing, Samples.NOW);
                add(admitted.transaction(), () -> desk.enqueue(admitted.order(), Samples.NOW));
            }
            if (positions.isFlat()) {
                finishing.add(account);
                Transaction done = positions.done(tradingStates, Samples.CAUSE, Samples.NOW);
                add(
                        done,
                        () -> tradingStates.loadDone(
                                account, done.mutations().get(0).json()));
            }
        }
    }

    boolean isReconciling() {
        return reconciliation != null;
    }

    private Expectation claim(Supplier<String> ids) {
        Entity owner = state.get(OWNER);
        Transaction tx = new Transaction(
                ids.get(),
                new Cause("simulation", null, "order-queue"),
                List.of(new Mutation(OWNER, JsonObjects.write(out -> out.text("service", "order-queue")))),
                List.of(new Expectation(OWNER, owner == null ? Expectation.ABSENT : owner.version())));
        return new Expectation(OWNER, ((Committed) state.commit(tx)).version());
    }

    /** @param mayLeave whether it may be sent without waiting for {@link #dispatch} */
    void place(PlaceOrder command, boolean mayLeave, Runnable onAcknowledged) {
        Transaction opening = desk.openAccount(command.accountId(), Samples.NOW);
        if (opening != null) {
            add(opening, () -> {});
        }
        if (desk.place(command, tradingStates.of(command.accountId()), mayLeave, Samples.NOW)
                instanceof Admission.Admitted admitted) {
            add(admitted.transaction(), () -> {
                if (admitted.leaves()) {
                    desk.sent(List.of(admitted.order()), Samples.NOW);
                    broker.submit(List.of(admitted.order()));
                } else {
                    desk.enqueue(admitted.order(), Samples.NOW);
                }
                onAcknowledged.run();
            });
        }
    }

    void cancel(String accountId, List<String> ids) {
        CancelDecision decision = desk.cancel(accountId, ids, Samples.CAUSE, Samples.NOW);
        if (decision.transaction() == null) {
            broker.cancel(decision.atBroker());
        } else {
            add(decision.transaction(), () -> broker.cancel(decision.atBroker()));
        }
    }

    void replace(ReplaceOrder command, Runnable onAcknowledged) {
        if (desk.replace(command, tradingStates.of(command.accountId()), Samples.NOW)
                instanceof Replacement.Taken taken) {
            add(taken.transaction(), () -> {
                onAcknowledged.run();
                if (taken.atBroker() != null) {
                    broker.cancel(List.of(taken.atBroker()));
                }
            });
        }
    }

    /** Prices have changed. */
    void trigger() {
        CancelDecision decision = desk.trigger(Samples.NOW);
        if (decision != null) {
            add(decision.transaction(), () -> broker.cancel(decision.atBroker()));
        }
    }

    void dispatch() {
        Dispatch next = desk.dispatch(Samples.NOW);
        if (next != null) {
            add(next.transaction(), () -> {
                desk.sent(next.orders(), Samples.NOW);
                broker.submit(next.orders());
            });
        }
    }

    void onReports(List<ExecutionReport> reports) {
        Set<String> ended = desk.endedUnfilled(reports);
        book(reports.stream()
                .filter(report -> !ended.contains(report.orderId()))
                .toList());
        if (!ended.isEmpty()) {
            List<ExecutionReport> heard = reports.stream()
                    .filter(report -> ended.contains(report.orderId()))
                    .toList();
            questions.addLast(() -> book(answers(List.copyOf(ended), heard)));
        }
    }

    /** The outcome of something that was sent is unknown. */
    void ask(List<String> ids) {
        questions.addLast(() -> book(answers(ids, List.of())));
    }

    boolean hasQuestions() {
        return !questions.isEmpty();
    }

    void askNext() {
        questions.removeFirst().run();
    }

    /** Halts whoever lost too much; as in the real driver, it holds for others when it is durable. */
    void haltLosers() {
        addHalting(desk.haltLosers(Samples.NOW));
    }

    private void addHalting(Transaction tx) {
        List<DailyLoss.Breach> breaches = desk.takeBreaches();
        if (tx != null) {
            add(tx, () -> breaches.forEach(desk::halted));
        }
    }

    void mark() {
        Transaction tx = desk.mark(Samples.NOW);
        if (tx == null) {
            return;
        }
        if (isIdle()) {
            state.commitRelaxed(tx);
        } else {
            add(tx, () -> {});
        }
    }

    boolean isIdle() {
        return waiting.isEmpty() && inFlight.isEmpty();
    }

    boolean canSend() {
        return !broken && inFlight.isEmpty() && !waiting.isEmpty();
    }

    void send() {
        inFlight = List.copyOf(waiting);
        waiting.clear();
    }

    boolean hasCommitInFlight() {
        return !inFlight.isEmpty();
    }

    /** The state-store takes the commit, and the answer arrives or is lost. */
    void arrive(boolean answered) {
        List<Entry> group = inFlight;
        inFlight = List.of();
        for (Entry entry : group) {
            TransactionOutcome outcome = state.commit(entry.transaction());
            if (answered && !broken && outcome instanceof Committed) {
                entry.onDurable().run();
            } else {
                broken = true;
            }
        }
    }

    /** The commit is turned away or lost on its way. */
    void fail() {
        inFlight = List.of();
        broken = true;
    }

    void book(List<ExecutionReport> reports) {
        Transaction tx = desk.book(reports, Samples.NOW);
        addHalting(tx);
    }

    private List<ExecutionReport> answers(List<String> ids, List<ExecutionReport> heard) {
        Map<String, List<ExecutionReport>> heardByOrder =
                heard.stream().collect(Collectors.groupingBy(ExecutionReport::orderId));
        List<ExecutionReport> reports = new ArrayList<>();
        long askedAfter = desk.sendings();
        for (String id : ids) {
            Optional<BrokerOrder> found = broker.find(id);
            List<ExecutionReport> before = heardByOrder.getOrDefault(id, List.of());
            found.ifPresent(order -> reports.addAll(order.reports()));
            reports.addAll(before);
            if (found.isEmpty() && before.isEmpty()) {
                ExecutionReport instead = desk.unseenByBroker(id, askedAfter, Samples.NOW);
                if (instead != null) {
                    reports.add(instead);
                }
            }
            if (found.isPresent() && found.get().open() && desk.isCanceling(id)) {
                broker.cancel(List.of(id));
            }
        }
        return reports;
    }

    void add(Transaction transaction, Runnable onDurable) {
        waiting.addLast(new Entry(transaction, onDurable));
    }

    /** Every order that is open in memory. */
    List<Order> openOrders() {
        return desk.accountIds().stream()
                .flatMap(account -> desk.openOrderIds(account).stream())
                .map(desk::openOrder)
                .toList();
    }
}
