package io.tradewind.orderqueue;

import static io.tradewind.orderqueue.Waiting.await;
import static io.tradewind.orderqueue.Waiting.until;
import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.market.Quotes;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.endpoint.BrokerSession;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that hang and are replaced, and partitions that move, under orders of many accounts. */
@Timeout(600)
class WorkersIT {

    /** After so long a client asks again; what a stuck worker was sent is never answered. */
    private static final long PATIENCE_MS = 2_000;

    private static final int WORKERS = 4;
    private static final BigDecimal CASH = BigDecimal.valueOf(10_000_000);
    private static final List<String> ACCOUNTS = accounts(Partitions.COUNT);

    private final FakeStateStore store = new FakeStateStore();
    private final StubBroker broker = new StubBroker();
    private ServiceKit kit;
    private int orders;

    private void start(Supplier<BrokerSession> sessions, String... overrides) throws Exception {
        Settings.Builder settings = Settings.builder()
                .section("order-queue", OrderQueueConfig.class)
                .override("order-queue.paper.cash", CASH.toPlainString())
                .override("order-queue.workers", Integer.toString(WORKERS))
                .override("order-queue.reconcile-interval", "1s")
                .override("order-queue.reconcile-grace", "50ms")
                .override("order-queue.mark-interval", "100ms");
        for (int i = 0; i < overrides.length; i += 2) {
            settings.override(overrides[i], overrides[i + 1]);
        }
        ServiceDefinition<OrderQueueConfig> service = sessions == null
                ? OrderQueueMain.SERVICE
                : new ServiceDefinition<>(
                        "order-queue",
                        OrderQueueConfig.class,
                        (k, config) -> OrderQueueVerticle.assemble(k, config, sessions));
        kit = await(ServiceKit.open(settings.build(), KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        await(store.open(kit.vertx()));
        storeQuote();
        await(kit.services().deploy(service));
        quotes("99", "100");
    }

    @AfterEach
    void stop() throws Exception {
        broker.release();
        await(kit.services().stopAll());
        await(kit.close());
    }

    @Test
    void shouldReplaceAWorkerThatHangsBeforeTheBrokerHasItsOrders() throws Exception {
        replacesAWorkerThatHangs(false);
    }

    @Test
    void shouldReplaceAWorkerThatHangsWhenTheBrokerHasItsOrders() throws Exception {
        replacesAWorkerThatHangs(true);
    }

    private void replacesAWorkerThatHangs(boolean afterwards) throws Exception {
        broker.fillAtOnce("100");
        start(broker::session, "order-queue.worker-check-interval", "100ms", "order-queue.worker-timeout", "3s");
        Set<String> acknowledged = new HashSet<>();
        for (String account : ACCOUNTS) {
            acknowledged.add(placed(account));
        }
        broker.blockOnce(afterwards);
        List<Future<List<PlaceResult>>> unanswered = new ArrayList<>();
        until("a worker hangs", () -> {
            for (String account : ACCOUNTS) {
                unanswered.add(placeAsync(order(account, "burst-" + ++orders, OrderType.MARKET, null)));
            }
            return broker.isBlocking();
        });
        until("it is replaced", () -> counter("tradewind.workers.replaced") >= 1);
        for (String account : ACCOUNTS) {
            acknowledged.add(placed(account));
        }
        for (Future<List<PlaceResult>> each : unanswered) {
            until("answered, or given up", each::isComplete);
            if (each.succeeded() && each.result().get(0) instanceof PlaceResult.Accepted accepted) {
                acknowledged.add(Order.fromJson(accepted.order()).id());
            }
        }
        assertEverythingFilledOnce(acknowledged);
        until("health tells of it", () -> hanging() == 1);
        until("subscribers are told that it was replaced, and that its successor is at work", this::isRecorded);

        Map<EntityKey, Json> before = everything();
        int executed = broker.executions();
        broker.release();
        until("the stuck one has woken up and closed", () -> hanging() == 0);
        assertEquals(before, everything(), "nothing changes when it wakes up");
        assertEquals(executed, broker.executions());
        assertEverythingFilledOnce(acknowledged);
        acknowledged.add(placed(ACCOUNTS.get(0)));
        assertEverythingFilledOnce(acknowledged);
    }

    @Test
    void shouldReplaceAWorkerAgainAndAgain() throws Exception {
        broker.fillAtOnce("100");
        start(broker::session, "order-queue.worker-check-interval", "100ms", "order-queue.worker-timeout", "1s");
        Set<String> acknowledged = new HashSet<>();
        for (int times = 1; times <= 3; times++) {
            broker.blockOnce(times % 2 == 0);
            Future<List<PlaceResult>> lost =
                    placeAsync(order(ACCOUNTS.get(0), "burst-" + ++orders, OrderType.MARKET, null));
            until("a worker hangs", broker::isBlocking);
            int replaced = times;
            until("it is replaced", () -> counter("tradewind.workers.replaced") >= replaced);
            acknowledged.add(placed(ACCOUNTS.get(0)));
            until("answered, or given up", lost::isComplete);
            broker.release();
            // Else it would run into what the next round has in store.
            until("it has woken up and closed", () -> hanging() == 0);
        }
        assertEverythingFilledOnce(acknowledged);
    }

    @Test
    void shouldMovePartitionsUnderLoadAndLoseNothing() throws Exception {
        broker.fillAtOnce("100");
        start(broker::session, "order-queue.rebalance-interval", "300ms");
        assertEquals(0, counter("tradewind.workers.moved.partitions"));
        // All of these are on one worker at first.
        List<String> busy = ACCOUNTS.stream()
                .filter(account -> Partitions.of(account) % WORKERS == 0)
                .toList();
        Set<String> acknowledged = new HashSet<>();
        until("partitions have moved", () -> {
            acknowledged.addAll(burst(busy));
            return counter("tradewind.workers.moved.partitions") >= 2;
        });
        acknowledged.addAll(burst(ACCOUNTS));
        assertEverythingFilledOnce(acknowledged);
    }

    @Test
    void shouldKeepWhatRestsAtThePaperBrokerWhenItsPartitionMoves() throws Exception {
        start(null, "order-queue.rebalance-interval", "300ms");
        List<String> busy = ACCOUNTS.stream()
                .filter(account -> Partitions.of(account) % WORKERS == 0)
                .toList();
        List<String> resting = new ArrayList<>();
        for (String account : busy) {
            resting.add(placed(order(account, "resting", OrderType.LIMIT, "90")));
        }
        Set<String> acknowledged = new HashSet<>();
        until("partitions have moved", () -> {
            acknowledged.addAll(burst(busy));
            return counter("tradewind.workers.moved.partitions") >= 2;
        });
        for (String id : resting) {
            until("it rests again", () -> order(id).status() == OrderStatus.NEW);
        }
        quotes("88", "89");
        acknowledged.addAll(resting);
        assertEverythingFilledOnce(acknowledged);
        quotes("99", "100");
        acknowledged.addAll(burst(ACCOUNTS));
        assertEverythingFilledOnce(acknowledged);
    }

    @Test
    void shouldKeepAHaltWhenThePartitionMovesOrItsWorkerIsReplaced() throws Exception {
        broker.fillAtOnce("100");
        start(
                broker::session,
                "order-queue.rebalance-interval",
                "300ms",
                "order-queue.worker-check-interval",
                "100ms",
                "order-queue.worker-timeout",
                "1s");
        List<String> busy = ACCOUNTS.stream()
                .filter(account -> Partitions.of(account) % WORKERS == 0)
                .toList();
        String halted = busy.get(0);
        placed(halted);
        await(kit.vertx()
                .eventBus()
                .<TradingStateReply>request(
                        Addresses.ORDERS_TRADING_STATE,
                        new SetTradingState(halted, TradingState.HALTED, false, false, "drill", "key", "request")));
        List<String> others = busy.subList(1, busy.size());
        until("partitions have moved", () -> {
            burst(others);
            assertHalted(halted);
            return counter("tradewind.workers.moved.partitions") >= 2;
        });
        broker.blockOnce(false);
        until("a worker hangs", () -> {
            others.forEach(account -> placeAsync(order(account, "burst-" + ++orders, OrderType.MARKET, null)));
            return broker.isBlocking();
        });
        until("it is replaced", () -> counter("tradewind.workers.replaced") >= 1);
        for (String account : others) {
            placed(account);
        }
        assertHalted(halted);
    }

    // ---- what the tests do

    private void assertHalted(String account) throws Exception {
        PlaceResult result = settled(order(account, "never-" + ++orders, OrderType.MARKET, null));
        assertEquals(
                DenialCode.RISK_TRADING_HALTED,
                ((PlaceResult.Denied) result).denial().code());
    }

    /** An order of each account, all at once; the ids of those that were acknowledged. */
    private Set<String> burst(List<String> accounts) throws Exception {
        List<Future<List<PlaceResult>>> answers = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            for (String account : accounts) {
                answers.add(placeAsync(order(account, "burst-" + ++orders, OrderType.MARKET, null)));
            }
        }
        Set<String> acknowledged = new HashSet<>();
        for (Future<List<PlaceResult>> each : answers) {
            until("answered, or given up", each::isComplete);
            if (each.failed()) {
                Failure failure = Failure.of(each.cause());
                assertTrue(failure == Failure.UNAVAILABLE || failure == Failure.UNKNOWN, each.cause()::toString);
            } else if (each.result().get(0) instanceof PlaceResult.Accepted accepted) {
                acknowledged.add(Order.fromJson(accepted.order()).id());
            }
        }
        return acknowledged;
    }

    /** Places an order as clients do: under the same id until there is an answer. */
    private String placed(String account) throws Exception {
        return placed(order(account, "order-" + ++orders, OrderType.MARKET, null));
    }

    private String placed(PlaceOrder order) throws Exception {
        PlaceResult result = settled(order);
        if (result instanceof PlaceResult.Accepted accepted) {
            return Order.fromJson(accepted.order()).id();
        }
        return Order.fromJson(((PlaceResult.Existing) result).order()).id();
    }

    private PlaceResult settled(PlaceOrder order) throws Exception {
        List<PlaceResult> results = new ArrayList<>();
        until("answered", () -> {
            Future<List<PlaceResult>> answer = placeAsync(order);
            until("answered, or given up", answer::isComplete);
            if (answer.failed()) {
                assertTrue(answer.cause() instanceof ReplyException, () -> "" + answer.cause());
                return false;
            }
            boolean isUnavailable = answer.result().get(0) instanceof PlaceResult.Denied denied
                    && denied.denial().code() == DenialCode.SERVICE_UNAVAILABLE;
            if (answer.result().get(0) instanceof PlaceResult.Unknown || isUnavailable) {
                return false;
            }
            results.addAll(answer.result());
            return true;
        });
        return results.get(0);
    }

    private Future<List<PlaceResult>> placeAsync(PlaceOrder order) {
        int partition = Partitions.of(order.accountId());
        return kit.vertx()
                .eventBus()
                .<PlaceOrdersReply>request(
                        Addresses.ordersPlace(partition),
                        new PlaceOrders(partition, List.of(order)),
                        new DeliveryOptions().setSendTimeout(PATIENCE_MS))
                .map(answer -> answer.body().results());
    }

    private static PlaceOrder order(String account, String clientOrderId, OrderType type, String price) {
        return new PlaceOrder(
                account,
                clientOrderId,
                AAPL,
                BigDecimal.ONE,
                Side.BUY,
                type,
                TimeInForce.DAY,
                price == null ? null : new BigDecimal(price),
                Priority.NORMAL,
                "key",
                "request");
    }

    /** As many accounts, each in a partition of its own. */
    private static List<String> accounts(int count) {
        Map<Integer, String> found = new TreeMap<>();
        for (int i = 0; found.size() < count; i++) {
            found.putIfAbsent(Partitions.of("account-" + i), "account-" + i);
        }
        return List.copyOf(found.values());
    }

    /** As the feed does: a worker that is new knows the last prices. */
    private void storeQuote() {
        EntityKey key = new EntityKey(Domains.MARKET, Domains.MARKET_KEY, AAPL);
        Transaction tx = new Transaction(
                "quote",
                new Cause("quote", null, "feed"),
                List.of(new Mutation(key, quote(AAPL, "99", "100").toJson())),
                List.of());
        store.look(Domains.MARKET_KEY, at -> at.commit(tx));
    }

    private void quotes(String bid, String ask) {
        kit.vertx().eventBus().publish(Addresses.MARKET_QUOTES, new Quotes(List.of(quote(AAPL, bid, ask))));
    }

    // ---- what they look at

    /** Each acknowledged order, and each other one that is stored, is filled once; money and holdings say the same. */
    private void assertEverythingFilledOnce(Set<String> acknowledged) throws Exception {
        for (String account : ACCOUNTS) {
            until("all orders of " + account + " are over", () -> all(account, Domains.ORDER).stream()
                    .map(entity -> Order.fromJson(entity.json()))
                    .allMatch(order -> order.status().isTerminal()));
        }
        Set<String> stored = new HashSet<>();
        for (String account : ACCOUNTS) {
            BigDecimal held = BigDecimal.ZERO;
            BigDecimal cash = CASH;
            int fills = 0;
            for (Entity entity : all(account, Domains.ORDER)) {
                Order order = Order.fromJson(entity.json());
                if (!order.accountId().equals(account)) {
                    continue;
                }
                stored.add(order.id());
                assertEquals(OrderStatus.FILLED, order.status(), order.id());
                assertEquals(1, order.executions(), order.id());
                held = held.add(order.filledQty());
                cash = cash.subtract(order.filledQty().multiply(order.filledAvgPrice()));
                fills++;
            }
            if (fills == 0) {
                continue;
            }
            EntityKey position = new EntityKey(Domains.POSITION, account, AAPL);
            EntityKey money = new EntityKey(Domains.ACCOUNT, account, account);
            assertEquals(
                    0,
                    held.compareTo(new BigDecimal(
                            store.look(account, at -> at.fields(position)).get("qty"))));
            assertEquals(
                    0,
                    cash.compareTo(new BigDecimal(
                            store.look(account, at -> at.fields(money)).get("cash"))));
            assertEquals(fills, all(account, Domains.ACTIVITY).size(), "every fill is booked once: " + account);
        }
        assertTrue(stored.containsAll(acknowledged), "an acknowledged order is missing");
        assertEquals(0, broker.executedTwice().size(), "executed twice: " + broker.executedTwice());
    }

    private List<Entity> all(String account, String domain) {
        return store.look(account, at -> at.all(domain)).stream()
                .filter(entity -> entity.key().partitionKey().equals(account))
                .toList();
    }

    /** All that does not change by itself, and who owns it. */
    private Map<EntityKey, Json> everything() {
        Map<EntityKey, Json> all = new HashMap<>();
        for (String account : ACCOUNTS) {
            for (String domain : List.of(Domains.ORDER, Domains.ACTIVITY, Domains.RISK, Domains.OWNER)) {
                for (Entity entity : store.look(account, at -> at.all(domain))) {
                    all.put(entity.key(), entity.json());
                }
            }
        }
        assertNotEquals(0, all.size());
        return all;
    }

    private boolean isRecorded() {
        return store.look(Domains.GLOBAL_KEY, at -> at.all(Domains.WORKER)).stream()
                .map(entity -> JsonObjects.read(entity.json()))
                .anyMatch(record -> record.get("status").equals("working")
                        && record.get("replacements").equals("1")
                        && record.get("doing").startsWith(record.get("worker") + " "));
    }

    private Order order(String id) {
        return ACCOUNTS.stream()
                .flatMap(account -> all(account, Domains.ORDER).stream())
                .map(entity -> Order.fromJson(entity.json()))
                .filter(order -> order.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private double counter(String name) {
        return kit.meters().get(name).counter().count();
    }

    /** Threads that hang, as health says; −1 when it does not know now. */
    private int hanging() throws Exception {
        String health = await(kit.health().snapshot()).toJson().encode();
        Matcher told = Pattern.compile("\"hanging\":(\\d+)").matcher(health);
        return told.find() ? Integer.parseInt(told.group(1)) : -1;
    }
}
