package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderEvent;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The accounts of one partition: admits orders, queues them, says what goes to the broker next, and books what comes
 * back. Pure: decisions come out as transactions; the driver makes them durable and tells the world afterwards.
 *
 * <p>A desk runs ahead of the log: a decision is in its memory before it is durable. When a transaction fails, the
 * driver throws the desk away and loads a new one from the state-store. Every transaction expects the version of the
 * owner entity that this desk wrote when it was loaded, so that nothing of a desk that has been replaced, here or in
 * another process, can still take effect.
 *
 * <p>Here is what all of them are about: the accounts and open orders, the indexes over them, which each step changes
 * several of at once, and how a decision becomes a transaction. The rules are apart: which orders are admitted
 * ({@link AdmissionChecks}), how they come to the broker ({@link Departures}), what takes their place ({@link Replaces}),
 * what is booked ({@link Booking}), how they end ({@link Cancellation}) and hang together ({@link OrderGroups}).
 *
 * <p>On the event loop of whoever drives it; there is nothing to close.
 */
public final class Desk {

    /** Orders in one dispatch transaction. */
    public static final int MAX_DISPATCH = 512;

    /** When a full queue is worth another try. */
    static final long RETRY_AFTER_MS = 1_000;

    private static final String ACTOR = "order-queue";

    private final DeskLimits limits;
    private final Prices prices;
    private final Supplier<String> ids;
    private final List<Expectation> fence;
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, Map<String, String>> orderIdsByClientId = new HashMap<>();
    private final Map<String, String> accountOfOpenOrder = new HashMap<>();
    private final Map<String, Set<String>> executionsOfOpenOrder = new HashMap<>();
    private final Risk risk;
    private final LossWatch losses;
    private final Departures departures;
    private final AdmissionChecks checks;
    private final OrderGroups groups;
    private final Replaces replaces;

    private final Set<String> changedReserves = new HashSet<>();
    private long markedRevision = -1;

    /**
     * @param pause whether new orders wait for the log
     * @param risk the limits, shared with other desks
     * @param ids makes new UUIDv7 texts
     * @param owner the version of the owner entity that every transaction expects
     */
    public Desk(
            DeskLimits limits,
            Prices prices,
            AdmissionPause pause,
            Risk risk,
            Supplier<String> ids,
            Expectation owner) {
        this.limits = limits;
        this.prices = prices;
        this.ids = ids;
        this.fence = List.of(owner);
        this.risk = risk;
        this.losses = new LossWatch(risk, prices);
        this.departures = new Departures(this, limits);
        RiskChecks riskChecks = new RiskChecks(risk, prices, limits.marketCollar());
        this.checks = new AdmissionChecks(limits, prices, pause, riskChecks, losses, departures);
        this.groups = new OrderGroups(this, prices);
        this.replaces = new Replaces(this, groups, checks, ids);
    }

    /** With the limits that hold where nobody has said anything. */
    Desk(DeskLimits limits, Prices prices, AdmissionPause pause, Supplier<String> ids, Expectation owner) {
        this(limits, prices, pause, new Risk(new TradingStates()), ids, owner);
    }

    // ---- loading

    public void loadAccount(Json json) {
        Account account = Account.fromJson(json, limits.accounts());
        accounts.put(account.id(), account);
        changedReserves.add(account.id()); // written once as it is counted now, whatever wrote it before
    }

    /** After the accounts. */
    public void loadPosition(Json json) {
        Position position = Position.fromJson(json);
        accounts.get(position.accountId()).putPosition(position);
    }

    /**
     * After the positions. Terminal orders are remembered by client order id only.
     *
     * @return whether the order is open
     */
    public boolean loadOrder(Json json) {
        // Nearly all are terminal: of those only the names are needed, and parsing times and decimals would be in vain.
        Map<String, String> fields = JsonObjects.read(json);
        clientIds(fields.get("account_id")).put(fields.get("client_order_id"), fields.get("id"));
        if (OrderStatus.parse(fields.get("status")).isTerminal()) {
            return false;
        }
        Order order = Order.fromJson(json);
        addOpen(accounts.get(order.accountId()), order);
        departures.load(order);
        return true;
    }

    /** Whether an open order is filled in part. */
    public boolean hasFills(String orderId) {
        Order order = openOrder(orderId);
        return order != null && order.executions() > 0;
    }

    /** An execution that is booked already, of an open order. */
    public void loadExecution(String orderId, String executionId) {
        executionsOfOpenOrder.computeIfAbsent(orderId, id -> new HashSet<>()).add(executionId);
    }

    /**
     * The broker has never seen an order that may have been sent: if it is still open, it is queued again as it is,
     * unless it was about to be canceled or replaced, which is then done. Says nothing about an order that was sent since the broker
     * was asked.
     *
     * @param askedAfter {@link #sendings} when the broker was asked
     * @return what to book in place of a report of the broker; {@code null} when there is nothing to book
     */
    public ExecutionReport unseenByBroker(String orderId, long askedAfter, long nowMs) {
        Order order = openOrder(orderId);
        if (order == null || !Departures.isSent(order) || departures.sentSince(orderId, askedAfter)) {
            return null;
        }
        departures.gone(orderId);
        if (!order.status().isEnding()) {
            departures.sendAgain(order, nowMs);
            return null;
        }
        return new ExecutionReport(
                ids.get(),
                order.id(),
                order.accountId(),
                ExecutionReport.Kind.CANCELED,
                null,
                null,
                null,
                "ended before the broker had it",
                nowMs);
    }

    /** The transaction that opens an account which does not exist yet; {@code null} when it does. */
    public Transaction openAccount(String accountId, long nowMs) {
        if (accounts.containsKey(accountId)) {
            return null;
        }
        Account account = Account.open(accountId, limits.accounts(), limits.initialCash(), nowMs);
        accounts.put(accountId, account);
        return transaction(
                new Cause(accountId, null, ACTOR),
                List.of(new Mutation(accountKey(accountId), account.toJson(prices, nowMs))));
    }

    // ---- admission

    /**
     * @param mayLeave whether orders go to the broker now; then one for which nothing stands in the way is written as sent
     *     at once, instead of once as accepted and once as sent
     */
    public Admission place(PlaceOrder asked, TradingState state, boolean mayLeave, long nowMs) {
        Account account = accounts.get(asked.accountId());
        if (account == null) {
            throw new IllegalStateException("account " + asked.accountId() + " was not opened");
        }
        PlaceOrder command = Notionals.sized(asked, prices.quote(asked.symbol()), lot(asked.symbol()));
        String known = clientIds(account.id()).get(command.clientOrderId());
        if (known != null) {
            return new Admission.Known(known);
        }
        BigDecimal reserve = checks.reserve(command.terms(), command.qty());
        Denial denial = checks.denial(command, state, account, reserve, null, nowMs);
        if (denial != null) {
            return new Admission.Denied(denial);
        }
        return admit(command, reserve, mayLeave, nowMs);
    }

    /** Takes an order of {@link Liquidation}, which only makes a position smaller: no limit holds it up. */
    public Admission.Admitted placeClosing(PlaceOrder command, long nowMs) {
        return admit(command, checks.reserve(command.terms(), command.qty()), false, nowMs);
    }

    private Admission.Admitted admit(PlaceOrder command, BigDecimal reserve, boolean mayLeave, long nowMs) {
        Order alone = Order.accepted(ids.get(), command, nowMs);
        List<Order> legs = OrderGroups.legsFor(alone, ids, nowMs);
        boolean leaves = mayLeave && departures.isFree();
        Order ready = leaves ? alone.after(OrderEvent.DISPATCHED, nowMs, null) : alone;
        Order order = OrderGroups.withLegs(ready, legs);
        open(order, reserve);
        legs.forEach(this::hold);
        if (leaves) {
            departures.leaves(order);
        } else {
            departures.arriving(order);
        }
        Json json = order.toJson();
        List<Mutation> mutations = new ArrayList<>(1 + legs.size());
        mutations.add(new Mutation(orderKey(order), json));
        legs.forEach(leg -> mutations.add(new Mutation(orderKey(leg), leg.toJson())));
        Cause cause = new Cause(command.correlationId(), command.clientOrderId(), command.source());
        return new Admission.Admitted(order, json, transaction(cause, mutations));
    }

    private void open(Order order, BigDecimal reserve) {
        accounts.get(order.accountId()).addOpen(order, reserve);
        changedReserves.add(order.accountId());
        accountOfOpenOrder.put(order.id(), order.accountId());
        clientIds(order.accountId()).put(order.clientOrderId(), order.id());
        groups.opened(order);
    }

    private BigDecimal lot(String symbol) {
        return risk.instruments().of(symbol).minTradeIncrement();
    }

    // ---- orders that wait for another one

    OrderGroups groups() {
        return groups;
    }

    /** A new order waits for another one. */
    void hold(Order order) {
        open(order, BigDecimal.ZERO);
    }

    /** What an order waited for has happened: it is queued, behind the transaction that says so. */
    void release(Order held, Order released, long nowMs) {
        groups.changed(held, released);
        changedReserves.add(released.accountId());
        accounts.get(released.accountId()).release(released, checks.reserve(released.terms(), released.leavesQty()));
        departures.released(released, nowMs);
    }

    /** Whether the account has what an order that waited would take. */
    boolean canAfford(Order held) {
        return checks.canAfford(held, accounts.get(held.accountId()));
    }

    /** How much of the position an exit may close. */
    BigDecimal closable(Order exit) {
        return accounts.get(exit.accountId()).closable(exit.symbol(), exit.side());
    }

    /** Whether an open order waits in its lane, so that the broker cannot have it. */
    boolean isQueued(Order order) {
        return departures.isQueued(order);
    }

    /**
     * Held stop-losses that the market has reached: the exits that work in their place are to end, at the broker or
     * here; {@code null} when there are none. To be asked after prices changed.
     */
    public CancelDecision trigger(long nowMs) {
        List<OrderGroups.Reached> reached = groups.reached();
        if (reached.isEmpty()) {
            return null;
        }
        OrderChanges changes = new OrderChanges(this, nowMs);
        Cancellation cancellation = new Cancellation(this, groups, changes, "its stop-loss was reached");
        for (OrderGroups.Reached each : reached) {
            if (!each.stop().isTriggered()) {
                changes.change(each.stop(), each.stop().withTrigger(nowMs));
            }
            cancellation.end(openOrder(each.exit().id()));
        }
        Cause cause = new Cause(reached.get(0).stop().id(), null, ACTOR);
        return new CancelDecision(
                transaction(cause, changes.mutations()), List.of(), cancellation.atBroker(), List.of());
    }

    /**
     * Puts an order in the place of an open one. One that the broker has never had is replaced at once; with another one,
     * the broker is to be asked to end it when the transaction is durable.
     */
    public Replacement replace(ReplaceOrder command, TradingState state, long nowMs) {
        return replaces.decide(command, state, nowMs);
    }

    // ---- the queue

    /** An admitted order is durable: it waits for its turn from now on. */
    public void enqueue(Order order, long nowMs) {
        departures.arrived(order, nowMs);
    }

    // ---- dispatch

    /** The next orders for the broker, as many as it may have unanswered; {@code null} when there are none. */
    public Dispatch dispatch(long nowMs) {
        List<Order> orders = departures.next(MAX_DISPATCH, nowMs);
        if (orders.isEmpty()) {
            return null;
        }
        List<Mutation> mutations = new ArrayList<>(orders.size());
        orders.forEach(order -> mutations.add(new Mutation(orderKey(order), order.toJson())));
        Cause cause = new Cause(orders.get(0).id(), null, ACTOR);
        return new Dispatch(transaction(cause, mutations), orders);
    }

    /** Their dispatch is durable, and they are sent to the broker now. */
    public void sent(List<Order> orders, long nowMs) {
        departures.sent(orders, nowMs);
    }

    /** How often orders were sent so far. */
    public long sendings() {
        return departures.sendings();
    }

    // ---- execution

    /** Books what the broker says; {@code null} when it says nothing new. */
    public Transaction book(List<ExecutionReport> reports, long nowMs) {
        Booking booking = new Booking(this, nowMs);
        reports.forEach(booking::add);
        List<Mutation> mutations = booking.mutations();
        booking.accounts().forEach(account -> halt(account, mutations, nowMs));
        return mutations.isEmpty()
                ? null
                : transaction(new Cause(reports.get(0).executionId(), null, ACTOR), mutations);
    }

    /**
     * The orders that these reports end before they are filled. Reports may be lost or overtake each other, so that
     * there may be fills that have not been heard of: ask the broker for everything about such an order and book that,
     * since nothing is booked on an order that is over.
     */
    public Set<String> endedUnfilled(List<ExecutionReport> reports) {
        return reports.stream()
                .filter(report -> report.kind() == ExecutionReport.Kind.CANCELED
                        || report.kind() == ExecutionReport.Kind.REPLACED
                        || report.kind() == ExecutionReport.Kind.EXPIRED)
                .map(ExecutionReport::orderId)
                .filter(accountOfOpenOrder::containsKey)
                .collect(Collectors.toSet());
    }

    /**
     * Books executions of an order that is not open here and that are known not to be booked.
     *
     * @param executions at least one, all of one order and account
     * @param over the order, {@code null} when it did not come from us
     */
    public Transaction bookOutside(List<BrokerExecution> executions, Order over, long nowMs) {
        Cause cause = new Cause(executions.get(0).report().executionId(), null, ACTOR);
        Transaction tx = transaction(cause, new OutsideFill(this, executions, over, nowMs).book());
        List<Expectation> once = new ArrayList<>(tx.expectations());
        executions.forEach(each -> once.add(new Expectation(OutsideFill.activityKey(each), Expectation.ABSENT)));
        return new Transaction(tx.id(), tx.cause(), tx.mutations(), once);
    }

    /** The broker has an open order, whatever it says about it. */
    void answered(String orderId, long nowMs) {
        departures.answered(orderId, nowMs);
    }

    /** How long the broker took to answer for each order sent, in milliseconds, of those that were booked since the last call. */
    public List<Long> takeLatenciesMs() {
        return departures.takeLatenciesMs();
    }

    /** Books a fill on the trading day that it is now; the position as it is then. */
    Position bookFill(Account account, String symbol, Side side, ExecutionReport fill, long nowMs) {
        account.rollDay(prices, nowMs);
        BigDecimal close = prices.closeBefore(limits.accounts().days().of(nowMs), symbol);
        return account.book(symbol, side, fill.qty(), fill.price(), fill.fee(), close);
    }

    /** Whether an execution has been booked before; remembers it when not. */
    boolean isRepeated(String orderId, String executionId) {
        return !executionsOfOpenOrder
                .computeIfAbsent(orderId, id -> new HashSet<>())
                .add(executionId);
    }

    /** The executions of an open order that are booked. */
    Set<String> executionsOf(String orderId) {
        return executionsOfOpenOrder.getOrDefault(orderId, Set.of());
    }

    boolean isBooked(String orderId, String executionId) {
        return executionsOf(orderId).contains(executionId);
    }

    /** Whether an open order is dispatched or sent since the broker was asked, or waits to be sent again. */
    boolean isOnItsWay(String orderId, long askedAfter) {
        return departures.isOnItsWay(orderId, askedAfter);
    }

    void changeOrder(Order before, Order after) {
        accounts.get(after.accountId()).changeOpen(before, after);
        groups.changed(before, after);
        if (after.status().isTerminal()) {
            departures.over(after);
            accountOfOpenOrder.remove(after.id());
            changedReserves.add(after.accountId());
            executionsOfOpenOrder.remove(after.id());
        }
    }

    // ---- cancel

    /** @param orderIds which; empty means every open order of the account */
    public CancelDecision cancel(String accountId, List<String> orderIds, Cause cause, long nowMs) {
        Account account = accounts.get(accountId);
        List<String> wanted = !orderIds.isEmpty() || account == null
                ? orderIds
                : account.openOrders().stream().map(Order::id).toList();
        List<String> taken = new ArrayList<>();
        List<String> notOpen = new ArrayList<>();
        OrderChanges changes = new OrderChanges(this, nowMs);
        Cancellation cancellation = new Cancellation(this, groups, changes, "canceled by " + cause.actor());
        for (String id : wanted) {
            Order order = account == null ? null : account.openOrder(id);
            if (order != null) {
                cancellation.cancel(order);
                taken.add(id);
            } else if (changes.latest(id) != null) {
                taken.add(id); // it ended with an order before it
            } else {
                notOpen.add(id);
            }
        }
        Transaction tx = changes.isEmpty() ? null : transaction(cause, changes.mutations());
        return new CancelDecision(tx, taken, cancellation.atBroker(), notOpen);
    }

    // ---- marks

    /**
     * The value of all accounts at the latest prices, as a relaxed write; {@code null} when nothing changed since the
     * last one.
     */
    public Transaction mark(long nowMs) {
        boolean moved = markedRevision != prices.revision();
        List<Mutation> mutations = new ArrayList<>();
        for (Account account : accounts.values()) {
            boolean changed = account.rollDay(prices, nowMs) || changedReserves.contains(account.id());
            boolean held = (moved || changed) && !account.positions().isEmpty();
            if (held) {
                account.positions().forEach(position -> mutations.add(positionMutation(position, nowMs)));
            }
            if (held || changed) {
                mutations.add(accountMutation(account, nowMs));
            }
        }
        markedRevision = prices.revision();
        changedReserves.clear();
        return mutations.isEmpty() ? null : transaction(new Cause(ids.get(), null, ACTOR), mutations);
    }

    // ---- losses

    /** Halts the accounts that have lost too much at the latest prices; {@code null} when none has. */
    public Transaction haltLosers(long nowMs) {
        List<Mutation> mutations = new ArrayList<>();
        for (Account account : accounts.values()) {
            if (account.rollDay(prices, nowMs)) {
                changedReserves.add(account.id());
            }
            halt(account, mutations, nowMs);
        }
        return mutations.isEmpty() ? null : transaction(new Cause(ids.get(), null, ACTOR), mutations);
    }

    private void halt(Account account, List<Mutation> mutations, long nowMs) {
        DailyLoss.Breach breach = losses.look(account);
        if (breach != null) {
            mutations.addAll(breach.mutations(nowMs));
        }
    }

    /** The accounts that the last decisions halt, to be told to {@link #halted} when those are durable. */
    public List<DailyLoss.Breach> takeBreaches() {
        return losses.take();
    }

    /** Accounts that a halt of today left with open orders, though it asked for their cancel. */
    public List<String> haltedWithOpenOrders() {
        return accounts.values().stream()
                .filter(account -> !account.openOrders().isEmpty() && losses.cancels(account))
                .map(Account::id)
                .toList();
    }

    /** A halt is durable: it holds for everybody. */
    public void halted(DailyLoss.Breach breach) {
        losses.durable(breach);
    }

    // ---- questions

    /** @return the id of an order, or {@code null} */
    public String orderIdOf(String accountId, String clientOrderId) {
        return clientIds(accountId).get(clientOrderId);
    }

    /** Ids of the open orders of an account, newest first. */
    public List<String> openOrderIds(String accountId) {
        Account account = accounts.get(accountId);
        if (account == null) {
            return List.of();
        }
        return account.openOrders().stream()
                .map(Order::id)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** Ids of all open orders that may be at the broker. */
    public List<String> sentOrders() {
        return accountOfOpenOrder.keySet().stream()
                .filter(id -> Departures.isSent(openOrder(id)))
                .toList();
    }

    /** Whether an open order waits for the broker to end it. */
    public boolean isCanceling(String orderId) {
        Order order = openOrder(orderId);
        return order != null && order.status().isEnding();
    }

    public int queued(Priority lane) {
        return departures.queued(lane);
    }

    /** How many orders a lane takes by now. */
    public int laneLimit(Priority lane) {
        return departures.laneLimit(lane);
    }

    /** When the order was admitted that has waited longest in a lane; {@code nowMs} when none waits. */
    public long waitingSinceMs(Priority lane, long nowMs) {
        Order oldest = openOrder(departures.oldest(lane));
        return oldest == null ? nowMs : oldest.createdAtMs();
    }

    /** Orders per second that go to the broker while some wait; 0 while that is not known. */
    public double drainPerSecond() {
        return departures.drainPerSecond();
    }

    public int inFlight() {
        return departures.inFlight();
    }

    /** How many orders the broker may have unanswered by now. */
    public int inFlightLimit() {
        return departures.inFlightLimit();
    }

    public int openOrders() {
        return accountOfOpenOrder.size();
    }

    public Set<String> accountIds() {
        return Set.copyOf(accounts.keySet());
    }

    Account account(String accountId) {
        return accounts.get(accountId);
    }

    /** Whether an order is known and something can still happen to it. */
    public boolean isOpen(String orderId) {
        return accountOfOpenOrder.containsKey(orderId);
    }

    Order openOrder(String orderId) {
        String accountId = accountOfOpenOrder.get(orderId);
        return accountId == null ? null : accounts.get(accountId).openOrder(orderId);
    }

    Mutation accountMutation(Account account, long nowMs) {
        return new Mutation(accountKey(account.id()), account.toJson(prices, nowMs));
    }

    Mutation positionMutation(Position position, long nowMs) {
        EntityKey key = new EntityKey(Domains.POSITION, position.accountId(), position.symbol());
        Json json = position.isFlat() ? null : account(position.accountId()).toJson(position, prices, nowMs);
        return new Mutation(key, json);
    }

    static EntityKey orderKey(Order order) {
        return new EntityKey(Domains.ORDER, order.accountId(), order.id());
    }

    private static EntityKey accountKey(String accountId) {
        return new EntityKey(Domains.ACCOUNT, accountId, accountId);
    }

    private void addOpen(Account account, Order order) {
        account.addOpen(order, checks.reserve(order.terms(), order.leavesQty()));
        accountOfOpenOrder.put(order.id(), account.id());
        groups.opened(order);
    }

    private Map<String, String> clientIds(String accountId) {
        return orderIdsByClientId.computeIfAbsent(accountId, id -> new HashMap<>());
    }

    Transaction transaction(Cause cause, List<Mutation> mutations) {
        return new Transaction(ids.get(), cause, mutations, fence);
    }
}
