package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderEdit;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Desks that crash at any step, over a state-store whose answers get lost and a broker behind a bad line. When it has
 * calmed down: no acknowledged order is lost, none is executed twice, none was sent before it was durable, and orders,
 * positions and money agree with the broker to the last digit.
 *
 * <p>A failure names its seed; {@code -Dseed=…} plays just that one again.
 */
@Timeout(600)
class DeskSimulationTest {

    private static final int SEEDS = 1_500;
    private static final int KILLED_SEEDS = 500;
    private static final int STEPS = 400;
    /** Lost easily by an account that holds a few units, and of no matter to one that holds none. */
    private static final Map<String, String> RISK_LIMITS =
            Map.of("max_daily_loss", "150", "max_open_orders", "6", "prevent_self_trades", "false");

    private static final int MAX_CALMING = 20_000;
    private static final int MAX_COMPARISONS = 20;
    private static final List<String> ACCOUNTS = List.of("alice", "bob");
    private static final List<String> SYMBOLS = List.of("AAPL", "MSFT");
    private static final DeskLimits LIMITS = new DeskLimits(5, 12, 4, 60_000, decimal("0.01"), decimal("1000000"));

    @Test
    void shouldAgreeWithTheBrokerAfterAnyMisfortune() {
        Long only = Long.getLong("seed");
        int crashes = 0;
        int executed = 0;
        int exits = 0;
        int replaced = 0;
        int halts = 0;
        Map<Mismatch.Kind, Integer> found = new EnumMap<>(Mismatch.Kind.class);
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            World world = new World(seed);
            try {
                world.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("replay with -Dseed=" + seed + ": " + failure.getMessage(), failure);
            }
            crashes += world.crashes;
            exits += world.exits;
            replaced += world.replaced();
            executed += world.state.all(Domains.ACTIVITY).size();
            halts += world.halted.size();
            world.found.forEach(mismatch -> found.merge(mismatch.kind(), 1, Integer::sum));
        }
        assertTrue(
                only != null || (crashes > SEEDS && executed > SEEDS && halts > SEEDS / 100),
                "the simulation must not be idle");
        assertTrue(only != null || (exits > SEEDS / 10 && replaced > SEEDS / 10), "too few exits or replaces");
        for (Mismatch.Kind kind : Mismatch.Kind.values()) {
            assertTrue(only != null || found.getOrDefault(kind, 0) > SEEDS / 100, "too few of a kind: " + found);
        }
    }

    @Test
    void shouldCloseEveryPositionWhateverHappensAndNeverTurnOneAround() {
        Long only = Long.getLong("seed");
        int closed = 0;
        for (long seed = only == null ? 1 : only; seed <= (only == null ? KILLED_SEEDS : only); seed++) {
            World world = new World(seed);
            try {
                closed += world.runAndKill();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("replay with -Dseed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
        assertTrue(only != null || closed > KILLED_SEEDS, "there must be something to close");
    }

    private static final class World {

        final Random random;
        final FakeState state = new FakeState();
        private final Prices prices = new Prices();
        private final Supplier<String> ids = Samples.ids("id");
        private final SimulatedBroker broker;
        private final Set<String> everDurablePending = new HashSet<>();
        private final Map<String, PlaceOrder> placed = new HashMap<>();
        private final Set<String> everStored = new HashSet<>();
        final Set<String> halted = new HashSet<>();
        private final Set<String> acknowledged = new HashSet<>();
        private int logRead;
        private SimulatedDesk desk;
        private SimulatedDesk zombie;
        private int replacements;
        final List<Mismatch> found = new ArrayList<>();
        private boolean isHonest;
        private boolean isKilled;
        int crashes;
        int exits;

        World(long seed) {
            random = new Random(seed);
            broker = new SimulatedBroker(random, this::onArrival);
            moveMarket();
            if (random.nextInt(4) == 0) {
                limitAlice();
            }
            desk = new SimulatedDesk(state, broker, LIMITS, prices, ids);
        }

        private void limitAlice() {
            Json limits = new LimitsBook().changed("alice", RISK_LIMITS, true, null, "operator", Samples.NOW);
            state.commit(new Transaction(
                    ids.get(), Samples.CAUSE, List.of(new Mutation(LimitsBook.key("alice"), limits)), List.of()));
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step(false);
            }
            calmDown();
            // What got lost on the wire is found again by the next desk.
            crash();
            calmDown();
            reconcileUntilNothingIsFound();
            checkOrders();
            checkGroups();
            checkMoney();
            checkMemory();
        }

        /** @return how many closing orders it took */
        int runAndKill() {
            isHonest = true;
            for (int i = 0; i < STEPS; i++) {
                step(false);
            }
            state.commit(new Transaction(
                    "kill",
                    null,
                    List.of(new Mutation(
                            TradingStates.key(null),
                            TradingStates.toJson(
                                    null,
                                    TradingState.HALTED,
                                    new KillOrder("kill", true),
                                    "drill",
                                    "operator",
                                    Samples.NOW))),
                    List.of()));
            isKilled = true;
            desk.tradingStates.put(TradingStates.key(null), TradingState.HALTED, new KillOrder("kill", true));
            for (int i = 0; i < STEPS; i++) {
                step(false);
                assertNoneTurnedAround();
            }
            for (int i = 0; i < MAX_CALMING && !isFlat(); i++) {
                step(true);
                assertNoneTurnedAround();
            }
            assertTrue(isFlat(), "it comes to an end");
            calmDown();
            checkOrders();
            checkMoney();
            return (int) state.all(Domains.ORDER).stream()
                    .filter(entity -> Order.fromJson(entity.json()).source().equals(Liquidation.SOURCE))
                    .count();
        }

        private boolean isFlat() {
            return !desk.broken
                    && desk.isIdle()
                    && desk.desk.accountIds().stream()
                            .allMatch(id -> desk.tradingStates.pending(id).isEmpty());
        }

        /** Nobody sells short here: what is sold too much would be owed. */
        private void assertNoneTurnedAround() {
            for (String account : ACCOUNTS) {
                for (String symbol : SYMBOLS) {
                    BigDecimal net = broker.net(account, symbol);
                    assertTrue(net.signum() >= 0, account + " owes " + net.negate() + " " + symbol);
                }
            }
        }

        private void calmDown() {
            for (int i = 0; i < MAX_CALMING; i++) {
                if (isCalm()) {
                    return;
                }
                step(true);
            }
            throw new AssertionError("it does not calm down");
        }

        /** What the broker said or did wrong is found and ended by comparing, without another start. */
        private void reconcileUntilNothingIsFound() {
            for (int i = 0; i < MAX_COMPARISONS; i++) {
                int before = desk.mismatches.size();
                desk.reconcile();
                desk.reconcile();
                assertFalse(desk.isReconciling(), "it ends when everything is durable");
                calmDown();
                if (desk.mismatches.size() == before) {
                    found.addAll(desk.mismatches);
                    Reconciliation last = new Reconciliation(desk.desk, false);
                    last.holdings(broker.positions(ACCOUNTS, SYMBOLS));
                    assertEquals(List.of(), last.positions(broker.positions(ACCOUNTS, SYMBOLS)));
                    return;
                }
            }
            throw new AssertionError("it goes on finding: " + desk.mismatches);
        }

        private void misbehave(boolean calm) {
            List<String> open = ACCOUNTS.stream()
                    .filter(account -> state.get(new EntityKey(Domains.ACCOUNT, account, account)) != null)
                    .toList();
            if (!calm && !isHonest && !open.isEmpty() && random.nextInt(3) == 0) {
                broker.misbehave(open, SYMBOLS);
            }
        }

        private boolean isCalm() {
            return !desk.broken
                    && desk.isIdle()
                    && !desk.hasQuestions()
                    && !desk.isReconciling()
                    && !broker.hasRequests()
                    && !broker.hasReports()
                    && queued() == 0;
        }

        private int queued() {
            int queued = 0;
            for (Priority lane : Priority.values()) {
                queued += desk.desk.queued(lane);
            }
            return queued;
        }

        private void step(boolean calm) {
            if (desk.broken) {
                crash();
            }
            if (isKilled) {
                desk.kill(ids);
            }
            switch (random.nextInt(17)) {
                case 0, 1 -> place(calm);
                case 2 -> cancel(calm);
                case 3 -> desk.dispatch();
                case 4, 5 -> exchange(calm);
                case 6, 7 -> talkToBroker(calm);
                case 8 -> act(calm);
                case 9, 10 -> desk.onReports(broker.deliver(calm));
                case 11 -> moveAndMark();
                case 12 -> askOrFlush();
                case 13 -> desk.reconcile();
                case 14 -> misbehave(calm);
                case 15 -> replace(calm);
                default -> maybeCrash(calm);
            }
        }

        private void place(boolean calm) {
            if (calm) {
                return;
            }
            String account = pick(ACCOUNTS);
            String clientOrderId = account + "-" + random.nextInt(60);
            PlaceOrder again = placed.get(clientOrderId);
            PlaceOrder command = again != null ? again : order(account, clientOrderId);
            placed.put(clientOrderId, command);
            desk.place(command, random.nextBoolean(), () -> acknowledged.add(clientOrderId));
        }

        private PlaceOrder order(String account, String clientOrderId) {
            Side side = random.nextInt(3) == 0 ? Side.SELL : Side.BUY;
            // Both exits of a group may fill at once, which turns a position around whoever closes it.
            OrderClass orderClass = isHonest
                    ? OrderClass.SIMPLE
                    : pick(List.of(
                            OrderClass.SIMPLE, OrderClass.SIMPLE, OrderClass.BRACKET, OrderClass.OTO, OrderClass.OCO));
            OrderType type = orderClass == OrderClass.OCO ? OrderType.LIMIT : pick(List.of(OrderType.values()));
            BigDecimal profit = price();
            OrderTerms terms = OrderTerms.of(pick(SYMBOLS), orderClass == OrderClass.OCO ? Side.SELL : side)
                    .qty(BigDecimal.valueOf(1 + random.nextInt(200), 1))
                    .type(type)
                    .limitPrice(type.hasLimit() ? profit : null)
                    .stopPrice(type.hasStop() ? price() : null)
                    .trailPercent(type == OrderType.TRAILING_STOP ? BigDecimal.ONE : null)
                    .exits(exits(orderClass, profit))
                    .priority(pick(List.of(Priority.values())))
                    .build();
            return new PlaceOrder(account, clientOrderId, terms, "key", "request");
        }

        private OrderExits exits(OrderClass orderClass, BigDecimal profit) {
            boolean one = random.nextBoolean();
            boolean other = random.nextBoolean();
            return switch (orderClass) {
                case SIMPLE -> OrderExits.NONE;
                case BRACKET, OCO -> new OrderExits(orderClass, profit, price(), one ? price() : null);
                case OTO ->
                    one
                            ? new OrderExits(orderClass, profit, null, null)
                            : new OrderExits(orderClass, null, price(), other ? price() : null);
            };
        }

        private BigDecimal price() {
            return BigDecimal.valueOf(9_000 + random.nextInt(2_000), 2);
        }

        private void replace(boolean calm) {
            String account = pick(ACCOUNTS);
            List<String> open = desk.desk.openOrderIds(account);
            if (calm || isKilled || open.isEmpty()) {
                return;
            }
            Order order = desk.desk.openOrder(pick(open));
            boolean sized = order.links().parentId() == null && random.nextBoolean();
            OrderEdit edit = new OrderEdit(
                    sized ? BigDecimal.valueOf(1 + random.nextInt(200), 1) : null,
                    null,
                    order.type().hasLimit() ? price() : null,
                    order.type().hasStop() ? price() : null,
                    null);
            String clientOrderId = "replacement-" + replacements++;
            desk.replace(
                    new ReplaceOrder(0, account, order.id(), clientOrderId, edit, "key", "request"),
                    () -> acknowledged.add(clientOrderId));
        }

        private void cancel(boolean calm) {
            if (calm) {
                return;
            }
            String account = pick(ACCOUNTS);
            List<String> open = desk.desk.openOrderIds(account);
            if (random.nextInt(8) == 0) {
                desk.cancel(account, List.of());
            } else if (!open.isEmpty()) {
                desk.cancel(account, List.of(pick(open)));
            }
        }

        /** Commits go to the state-store, and answers come back, or not. */
        private void exchange(boolean calm) {
            if (desk.canSend()) {
                desk.send();
            } else if (desk.hasCommitInFlight()) {
                int fate = calm ? 0 : random.nextInt(20);
                if (fate == 18) {
                    desk.fail();
                } else {
                    desk.arrive(fate != 19);
                }
            }
            if (zombie != null && zombie.hasCommitInFlight() && random.nextBoolean()) {
                zombie.arrive(true);
            }
            readLog();
        }

        private void talkToBroker(boolean calm) {
            if (!broker.hasRequests()) {
                return;
            }
            if (!calm && random.nextInt(12) == 0) {
                broker.loseRequest();
                desk.ask(desk.desk.sentOrders());
            } else {
                broker.takeRequest();
            }
        }

        private void act(boolean calm) {
            if (!calm || isKilled) {
                broker.act();
            }
        }

        private void moveAndMark() {
            moveMarket();
            desk.trigger();
            desk.mark();
            desk.haltLosers();
        }

        private void moveMarket() {
            for (String symbol : SYMBOLS) {
                int bid = 9_000 + random.nextInt(2_000);
                prices.update(List.of(quote(
                        symbol,
                        BigDecimal.valueOf(bid, 2).toPlainString(),
                        BigDecimal.valueOf(bid + 10, 2).toPlainString())));
            }
        }

        private void askOrFlush() {
            if (random.nextBoolean()) {
                state.flushRelaxed();
                readLog();
            } else if (desk.hasQuestions()) {
                desk.askNext();
            }
        }

        private void maybeCrash(boolean calm) {
            if (!calm && random.nextInt(3) == 0) {
                crash();
            }
        }

        /** The desk is gone; a commit of it may still be on its way, and arrives before or after the next one loads. */
        private void crash() {
            crashes++;
            found.addAll(desk.mismatches);
            if (desk.hasCommitInFlight() && random.nextBoolean()) {
                desk.arrive(false);
            }
            zombie = desk;
            readLog();
            desk = new SimulatedDesk(state, broker, LIMITS, prices, ids);
            readLog();
        }

        /** An account is halted for its loss once, and takes no order but closing ones from then on, whatever crashes. */
        private void checkHalt(Mutation mutation) {
            String account = mutation.key().partitionKey();
            if (DailyLoss.isBreach(mutation.key())) {
                assertTrue(halted.add(account), account + " is halted twice");
            } else if (mutation.key().domain().equals(Domains.ORDER)
                    && everStored.add(mutation.key().id())
                    && !Liquidation.SOURCE.equals(
                            Order.fromJson(mutation.json()).source())) {
                assertFalse(halted.contains(account), account + " is halted and places " + mutation.json());
            }
        }

        private void readLog() {
            for (; logRead < state.log().size(); logRead++) {
                Transaction tx = state.log().get(logRead);
                for (Mutation mutation : tx.mutations()) {
                    checkHalt(mutation);
                    if (mutation.key().domain().equals(Domains.ORDER)
                            && Order.fromJson(mutation.json()).status() == OrderStatus.PENDING_NEW) {
                        everDurablePending.add(mutation.key().id());
                    }
                }
            }
        }

        private void onArrival(Order order) {
            readLog();
            assertTrue(everDurablePending.contains(order.id()), order.id() + " was sent before that was durable");
        }

        private void checkOrders() {
            Map<String, String> idByClientId = new HashMap<>();
            Map<String, Integer> fills = new HashMap<>();
            state.all(Domains.ACTIVITY)
                    .forEach(entity ->
                            fills.merge(JsonObjects.read(entity.json()).get("order_id"), 1, Integer::sum));
            for (Entity entity : state.all(Domains.ORDER)) {
                Order order = Order.fromJson(entity.json());
                String before = idByClientId.put(order.clientOrderId(), order.id());
                assertEquals(null, before, "two orders for " + order.clientOrderId());
                PlaceOrder command = placed.get(order.clientOrderId());
                boolean made = order.links().parentId() != null
                        || order.links().replaces() != null
                        || order.source().equals(Liquidation.SOURCE);
                assertTrue(made || order.isFor(command), order.toString());
                assertEquals(fills.getOrDefault(order.id(), 0), order.executions(), "fills of " + order);
                SimulatedBroker.Working at = broker.orders.get(order.id());
                BigDecimal executed = at == null ? BigDecimal.ZERO : at.executed;
                assertEquals(0, executed.compareTo(order.filledQty()), "executed " + executed + " of " + order);
                assertTrue(executed.compareTo(order.qty()) <= 0, "executed " + executed + " of " + order);
                boolean held = order.status() == OrderStatus.HELD;
                assertEquals(at != null && at.open, !held && !order.status().isTerminal(), "at the broker: " + order);
                assertTrue(!held || isWaiting(order), "waits for nothing: " + order);
                assertTrue(
                        held
                                || order.status().isTerminal()
                                || order.status() == OrderStatus.NEW
                                || order.status() == OrderStatus.PARTIALLY_FILLED,
                        "neither over nor resting: " + order);
            }
            acknowledged.forEach(clientId -> assertNotNull(idByClientId.get(clientId), clientId + " is lost"));
        }

        int replaced() {
            return (int) state.all(Domains.ORDER).stream()
                    .map(entity -> Order.fromJson(entity.json()))
                    .filter(order -> order.status() == OrderStatus.REPLACED && order.executions() > 0)
                    .count();
        }

        /** Whether its parent is open, or the exit beside it is. */
        private boolean isWaiting(Order leg) {
            return desk.openOrders().stream()
                    .filter(other -> other.status() != OrderStatus.HELD)
                    .anyMatch(other -> other.id().equals(leg.links().parentId())
                            || (leg.links().parentId().equals(other.links().parentId())
                                    && other.type() == OrderType.LIMIT));
        }

        /**
         * What exits execute was entered before: of all orders that stand in the place of one parent, and of all that
         * stand in the places of its legs, without what the broker executed of orders that were over. Of an OCO order, what
         * it and its stop-loss execute together is at most what it was for.
         */
        private void checkGroups() {
            Map<String, Order> all = new HashMap<>();
            state.all(Domains.ORDER).forEach(entity -> {
                Order order = Order.fromJson(entity.json());
                all.put(order.id(), order);
            });
            Map<String, BigDecimal> entered = new HashMap<>();
            Map<String, BigDecimal> exited = new HashMap<>();
            for (Order order : all.values()) {
                String group = root(
                                order.links().parentId() == null
                                        ? order
                                        : all.get(order.links().parentId()),
                                all)
                        .id();
                boolean oco = order.orderClass() == OrderClass.OCO;
                if (order.links().parentId() != null || oco) {
                    exited.merge(group, inTime(order), BigDecimal::add);
                } else {
                    entered.merge(group, order.filledQty(), BigDecimal::add);
                }
                if (oco) {
                    entered.merge(
                            group,
                            order.qty()
                                    .add(
                                            order.links().replaces() == null
                                                    ? BigDecimal.ZERO
                                                    : all.get(order.links().replaces())
                                                            .filledQty()),
                            BigDecimal::max);
                }
            }
            exited.forEach((group, qty) -> {
                exits += qty.signum() > 0 ? 1 : 0;
                assertTrue(
                        qty.compareTo(entered.getOrDefault(group, BigDecimal.ZERO)) <= 0,
                        "exits of " + all.get(group) + " executed " + qty + ", entered " + entered.get(group));
            });
        }

        private Order root(Order order, Map<String, Order> all) {
            Order root = order;
            while (root.links().replaces() != null
                    && all.containsKey(root.links().replaces())) {
                root = all.get(root.links().replaces());
            }
            return root;
        }

        private BigDecimal inTime(Order order) {
            return state.all(Domains.ACTIVITY).stream()
                    .map(entity -> JsonObjects.read(entity.json()))
                    .filter(fill -> order.id().equals(fill.get("order_id")) && fill.get("origin") == null)
                    .map(fill -> new BigDecimal(fill.get("qty")))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        private void checkMoney() {
            for (String account : desk.desk.accountIds()) {
                BigDecimal cash = LIMITS.initialCash();
                for (Entity entity : state.all(Domains.ACTIVITY)) {
                    Map<String, String> fill = JsonObjects.read(entity.json());
                    if (fill.get("account_id").equals(account)) {
                        BigDecimal value = new BigDecimal(fill.get("qty")).multiply(new BigDecimal(fill.get("price")));
                        cash = fill.get("side").equals("buy") ? cash.subtract(value) : cash.add(value);
                        cash = cash.subtract(new BigDecimal(fill.get("fee")));
                    }
                }
                BigDecimal cost = BigDecimal.ZERO;
                for (String symbol : SYMBOLS) {
                    Entity stored = state.get(new EntityKey(Domains.POSITION, account, symbol));
                    Position position =
                            stored == null ? Position.flat(account, symbol) : Position.fromJson(stored.json());
                    assertEquals(0, broker.net(account, symbol).compareTo(position.qty()), position.toString());
                    cost = cost.add(position.costBasis());
                }
                Map<String, String> money = state.fields(new EntityKey(Domains.ACCOUNT, account, account));
                assertEquals(0, cash.compareTo(new BigDecimal(money.get("cash"))), "cash of " + account);
                BigDecimal balance = cash.add(cost)
                        .add(new BigDecimal(money.get("fees")))
                        .subtract(new BigDecimal(money.get("realized_pl")));
                assertEquals(0, balance.compareTo(LIMITS.initialCash()), "balance of " + account);
            }
        }

        /** What the desk remembers is what one that is loaded now would know. */
        private void checkMemory() {
            assertEquals(0, desk.desk.inFlight(), "the broker has answered about every order");
            List<Order> stored = new ArrayList<>();
            state.all(Domains.ORDER).forEach(entity -> stored.add(Order.fromJson(entity.json())));
            stored.removeIf(order -> order.status().isTerminal());
            assertEquals(new HashSet<>(stored), new HashSet<>(desk.openOrders()));
            for (String id : desk.desk.accountIds()) {
                Account account = desk.desk.account(id);
                boolean buying = account.openOrders().stream().anyMatch(order -> order.side() == Side.BUY);
                // Somebody may have sold by hand what the account did not hold: that takes collateral.
                boolean isShort = account.positions().stream()
                        .anyMatch(position -> position.qty().signum() < 0);
                assertTrue(
                        buying || isShort || account.buyingPower(prices).compareTo(account.cash()) == 0,
                        "held back: " + id);
            }
        }

        private <T> T pick(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }
    }
}
