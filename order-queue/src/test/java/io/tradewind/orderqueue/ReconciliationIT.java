package io.tradewind.orderqueue;

import static io.tradewind.orderqueue.Waiting.await;
import static io.tradewind.orderqueue.Waiting.until;
import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.CancelOrdersReply;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Reconcile;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole service with a broker that can be away, silent and wrong. */
@Timeout(300)
class ReconciliationIT extends OrderQueueBed {

    private static final EntityKey POSITION = new EntityKey(Domains.POSITION, ACCOUNT, AAPL);
    private static final EntityKey LAST_RUN =
            new EntityKey(Domains.RECONCILIATION, Domains.GLOBAL_KEY, Domains.LAST_RUN);

    /** @param interval between two comparisons; "1h" for those that only compare when they are told to */
    private void start(String interval) throws Exception {
        start(stubbed, "order-queue.reconcile-interval", interval, "order-queue.reconcile-grace", "50ms");
    }

    @Test
    void shouldTakeOrdersAndSendNoneUntilTheBrokerWasReachedAndCompared() throws Exception {
        broker.reachable(false);
        start("1h");
        Order order = place(limit(Side.BUY, "10", "90", "c1"));
        assertTrue(store.has(new EntityKey(Domains.ORDER, ACCOUNT, order.id())), "it is durable");
        until("health says why", () -> health().contains("orders are taken and wait: the broker cannot be reached"));
        assertEquals(OrderStatus.ACCEPTED, order(order.id()).status());
        assertFalse(broker.has(order.id()));
        ReplyException refused = assertThrows(ReplyException.class, () -> reconcile(false));
        assertEquals(Failure.UNAVAILABLE, Failure.of(refused));

        broker.reachable(true);
        untilStatus(order.id(), OrderStatus.NEW);
        until("health is up", () -> !health().contains("the broker"));
    }

    @Test
    void shouldCancelWhatWaitsWhileTheBrokerIsAway() throws Exception {
        broker.reachable(false);
        start("1h");
        Order order = place(limit(Side.BUY, "10", "90", "c1"));
        cancel(order.id());
        untilStatus(order.id(), OrderStatus.CANCELED);
        broker.reachable(true);
        Order next = place(limit(Side.BUY, "10", "90", "c2"));
        untilStatus(next.id(), OrderStatus.NEW);
        assertFalse(broker.has(order.id()));
    }

    @Test
    void shouldHoldOrdersWhileTheLineIsDownAndCatchUpWhenItIsBack() throws Exception {
        start("1h");
        Order filled = place(limit(Side.BUY, "10", "90", "c1"));
        Order canceled = place(limit(Side.BUY, "10", "90", "c2"));
        untilStatus(filled.id(), OrderStatus.NEW);
        untilStatus(canceled.id(), OrderStatus.NEW);
        broker.reachable(false);
        until("health says why", () -> health().contains("the test pulled the plug"));
        broker.fill(filled.id(), "10", "90", false);
        cancel(canceled.id());
        Order waiting = place(limit(Side.BUY, "10", "90", "c3"));
        assertFalse(broker.has(waiting.id()));
        assertEquals(OrderStatus.PENDING_CANCEL, order(canceled.id()).status());

        broker.reachable(true);
        untilStatus(filled.id(), OrderStatus.FILLED);
        untilStatus(canceled.id(), OrderStatus.CANCELED);
        untilStatus(waiting.id(), OrderStatus.NEW);
        until("health is up", () -> !health().contains("the broker"));
    }

    @Test
    void shouldEndEveryKindOfMismatchByItsRuleAndTellIt() throws Exception {
        start("1h");
        Order forgotten = resting("c1");
        Order partly = resting("c2");
        Order ended = resting("c3");
        Order alive = resting("c4");
        broker.forget(forgotten.id());
        broker.fill(partly.id(), "4", "90", false);
        broker.endSilently(ended.id());
        broker.lieAboutACancel(alive.id());
        untilStatus(alive.id(), OrderStatus.CANCELED);
        broker.fill(alive.id(), "1", "90", false);
        broker.tradeByHand(ACCOUNT, AAPL, Side.BUY, "2", "95");

        JsonObject run = reconcile(false);
        assertEquals("resolved", run.getString("outcome"), run.encode());
        Map<String, String> found = new TreeMap<>();
        run.getJsonArray("mismatches").forEach(each -> {
            JsonObject mismatch = (JsonObject) each;
            assertEquals(ACCOUNT, mismatch.getString("account_id"));
            found.put(mismatch.getString("kind"), mismatch.getString("resolution"));
        });
        assertEquals(
                Map.of(
                        "missing_there", "sent_again",
                        "quantity_differs", "booked",
                        "status_differs", "booked",
                        "missing_here", "canceled_there",
                        "unknown_fill", "booked",
                        "manual_trade", "booked"),
                found);
        until("the forgotten one is there again", () -> broker.works(forgotten.id()));
        untilStatus(partly.id(), OrderStatus.PARTIALLY_FILLED);
        untilStatus(ended.id(), OrderStatus.CANCELED);
        until("nobody works what is over here", () -> !broker.works(alive.id()));
        until("what was executed is booked", () -> "7".equals(stored(POSITION).get("qty")));
        assertEquals("1", order(alive.id()).filledQty().toPlainString());
        assertEquals("10000", balance().toPlainString());

        until("both agree", () -> reconcile(false).getString("outcome").equals("agreed"));
        assertEquals("agreed", stored(LAST_RUN).get("outcome"));
        assertTrue(runs().contains(run.getString("id")), "the run is kept");
        assertEquals(
                1,
                kit.meters()
                        .get("tradewind.reconciliation.mismatches")
                        .tag("kind", "manual_trade")
                        .counter()
                        .count());
    }

    @Test
    void shouldChangeNothingInADryRun() throws Exception {
        start("1h");
        Order forgotten = resting("c1");
        Order partly = resting("c2");
        broker.forget(forgotten.id());
        broker.fill(partly.id(), "4", "90", false);
        broker.tradeByHand(ACCOUNT, AAPL, Side.BUY, "2", "95");
        broker.orderByHand(ACCOUNT, AAPL);
        broker.holds(new BrokerPosition(ACCOUNT, AAPL, BigDecimal.TEN));
        Map<EntityKey, Json> before = everything();

        JsonObject run = reconcile(true);
        assertTrue(run.getBoolean("dry_run"));
        assertEquals(5, run.getInteger("found"), run.encode());
        assertEquals(0, run.getInteger("resolved"));
        assertEquals(5, run.getInteger("unresolved"));
        assertEquals(before, everything());
        assertFalse(broker.has(forgotten.id()));
        assertEquals(TradingState.ACTIVE, tradingState(null).account());
    }

    @Test
    void shouldLetAnAccountOnlyReduceUntilPeopleHaveLookedAtWhatNoRuleEnds() throws Exception {
        start("1h");
        resting("c1");
        String stranger = broker.orderByHand(ACCOUNT, AAPL);
        assertEquals("unresolved", reconcile(true).getString("outcome"));
        assertEquals(TradingState.ACTIVE, tradingState(null).account(), "a dry run only looks");
        JsonObject run = reconcile(false);
        assertEquals("unresolved", run.getString("outcome"));
        assertEquals(TradingState.REDUCING, tradingState(null).account());
        String reason =
                stored(new EntityKey(Domains.RISK, ACCOUNT, "trading-state")).get("reason");
        assertTrue(reason.startsWith("reconciliation: missing_here " + stranger), reason);
        until("health says it", () -> health().contains("1 mismatches with the broker need attention"));

        // People have looked: the same mismatch does not take their decision back.
        tradingState(TradingState.ACTIVE);
        assertEquals("unresolved", reconcile(false).getString("outcome"));
        assertEquals(TradingState.ACTIVE, tradingState(null).account());

        broker.cancelByHand(stranger);
        assertEquals("agreed", reconcile(false).getString("outcome"));
        until("health is up", () -> !health().contains("attention"));
    }

    @Test
    void shouldEscalateAPositionThatNoFillExplains() throws Exception {
        start("1h");
        broker.holds(new BrokerPosition(ACCOUNT, AAPL, BigDecimal.TEN));
        place(limit(Side.BUY, "1", "90", "c1"));
        JsonObject run = reconcile(false);
        assertEquals("unresolved", run.getString("outcome"), run.encode());
        JsonObject mismatch = run.getJsonArray("mismatches").getJsonObject(0);
        assertEquals("quantity_differs", mismatch.getString("kind"));
        assertEquals(AAPL, mismatch.getString("subject"));
        assertEquals("0 held", mismatch.getString("ours"));
        assertEquals("10 held", mismatch.getString("theirs"));
        assertEquals(TradingState.REDUCING, tradingState(null).account());
    }

    @Test
    void shouldCompareByItselfEverySoOften() throws Exception {
        start("1s");
        Order order = resting("c1");
        broker.fill(order.id(), "10", "90", false);
        untilStatus(order.id(), OrderStatus.FILLED);
        broker.tradeByHand(ACCOUNT, AAPL, Side.SELL, "4", "95");
        until("the trade is booked", () -> "6".equals(stored(POSITION).get("qty")));
    }

    @Test
    void shouldFindWhatHappenedWhileItWasNotThere() throws Exception {
        start("1h");
        Order order = resting("c1");
        Order over = resting("c2");
        cancel(over.id());
        untilStatus(over.id(), OrderStatus.CANCELED);
        broker.fill(order.id(), "10", "90", false);
        broker.tradeByHand(ACCOUNT, AAPL, Side.BUY, "5", "95");
        await(kit.services().restart("order-queue"));
        untilStatus(order.id(), OrderStatus.FILLED);
        until("the trade is booked", () -> "15".equals(stored(POSITION).get("qty")));
        assertEquals("10000", balance().toPlainString());
    }

    // ---- what the tests do

    private Order resting(String clientOrderId) throws Exception {
        Order order = place(limit(Side.BUY, "10", "90", clientOrderId));
        untilStatus(order.id(), OrderStatus.NEW);
        return order;
    }

    private Order place(PlaceOrder order) throws Exception {
        until("quotes are known", () -> health().contains("\"symbols\":1"));
        PlaceOrders orders = new PlaceOrders(PARTITION, List.of(order));
        PlaceResult result = request(Addresses.ordersPlace(PARTITION), orders, PlaceOrdersReply.class)
                .results()
                .get(0);
        return Order.fromJson(
                assertInstanceOf(PlaceResult.Accepted.class, result).order());
    }

    private void cancel(String id) throws Exception {
        request(
                Addresses.ordersCancel(PARTITION),
                new CancelOrders(PARTITION, ACCOUNT, List.of(id), "key", "request"),
                CancelOrdersReply.class);
    }

    private JsonObject reconcile(boolean dryRun) throws Exception {
        return new JsonObject(
                request(Addresses.ORDERS_RECONCILE, new Reconcile(dryRun, "operator", "request"), Json.class)
                        .toString());
    }

    private TradingStateReply tradingState(TradingState state) throws Exception {
        return request(
                Addresses.ORDERS_TRADING_STATE,
                new SetTradingState(ACCOUNT, state, false, false, "looked", "operator", "request"),
                TradingStateReply.class);
    }

    // ---- what they look at

    private Map<String, String> stored(EntityKey key) {
        return store.has(key) ? store.look(key.partitionKey(), at -> at.fields(key)) : Map.of();
    }

    private List<String> runs() {
        return store.look(Domains.GLOBAL_KEY, at -> at.all(Domains.RECONCILIATION)).stream()
                .map(entity -> entity.key().id())
                .toList();
    }

    /** All of the account but its marks, which go on. */
    private Map<EntityKey, Json> everything() {
        Map<EntityKey, Json> all = new HashMap<>();
        for (String domain : List.of(Domains.ORDER, Domains.ACTIVITY, Domains.POSITION, Domains.RISK)) {
            for (Entity entity : store.look(ACCOUNT, at -> at.all(domain))) {
                all.put(entity.key(), entity.json());
            }
        }
        return all;
    }

    /** Cash and what was paid for what is held. */
    private BigDecimal balance() {
        Map<String, String> account = stored(new EntityKey(Domains.ACCOUNT, ACCOUNT, ACCOUNT));
        return new BigDecimal(account.get("cash"))
                .add(new BigDecimal(stored(POSITION).get("cost_basis")))
                .stripTrailingZeros()
                .add(BigDecimal.ZERO.setScale(0));
    }
}
