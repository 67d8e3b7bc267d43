package io.tradewind.orderqueue;

import static io.tradewind.orderqueue.Waiting.await;
import static io.tradewind.orderqueue.Waiting.until;
import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.market;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Gauge;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.CancelOrdersReply;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.FindOrders;
import io.tradewind.contracts.orders.FoundOrders;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderEdit;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.ReplaceOrderReply;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.FakeStateStore.Fate;
import io.tradewind.orderqueue.domain.FakeState;
import io.tradewind.orderqueue.domain.Samples;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole service on one Vert.x, over a state-store that the test can make fail. */
@Timeout(300)
class OrderQueueIT extends OrderQueueBed {

    /** Orders that the broker may have unanswered, however quick it is. */
    private static final int MAX_IN_FLIGHT = 32;

    private static final int MORE_THAN_LEAVE_AT_ONCE = 45;

    private static final EntityKey ACCOUNT_KEY = new EntityKey(Domains.ACCOUNT, ACCOUNT, ACCOUNT);

    @BeforeEach
    void start() throws Exception {
        start(
                OrderQueueMain.SERVICE,
                "order-queue.max-in-flight",
                Integer.toString(MAX_IN_FLIGHT),
                "order-queue.mark-interval",
                "100ms");
    }

    @Test
    void shouldOpenItsAccountsAndClaimItsPartitions() throws Exception {
        EntityKey account = new EntityKey(Domains.ACCOUNT, "default", "default");
        until("the default account is open", () -> store.has(account));
        for (int p = 0; p < Partitions.COUNT; p++) {
            assertTrue(store.has(new EntityKey(Domains.OWNER, Partitions.pinnedKey(p), "order-queue")));
        }
    }

    @Test
    void shouldAnswerOnlyWhenTheOrderIsDurable() throws Exception {
        store.once(OrderQueueIT::placesAnOrder, Fate.HELD);
        Future<List<PlaceResult>> placed = placeAsync(limit(Side.BUY, "10", "90", "c1"));
        until("the commit is on its way", () -> store.held() == 1);
        assertFalse(placed.isComplete());
        assertEquals(List.of(), orders());
        store.release();
        Order order = accepted(await(placed).get(0));
        assertTrue(store.has(new EntityKey(Domains.ORDER, ACCOUNT, order.id())));
        untilStatus(order.id(), OrderStatus.NEW);
    }

    @Test
    void shouldFillAMarketOrderAndALimitOrderWhenAQuoteCrossesIt() throws Exception {
        Order bought = accepted(place(market(Side.BUY, "10", "c1")));
        untilStatus(bought.id(), OrderStatus.FILLED);
        Order resting = accepted(place(limit(Side.SELL, "10", "120", "c2")));
        untilStatus(resting.id(), OrderStatus.NEW);
        quotes("121", "122");
        untilStatus(resting.id(), OrderStatus.FILLED);
        assertEquals("10210", account().get("cash"));
        assertEquals("10210", account().get("buying_power"));
        assertEquals("210", account().get("realized_pl"));
        assertFalse(store.has(new EntityKey(Domains.POSITION, ACCOUNT, AAPL)));
        assertBooksBalance();
    }

    @Test
    void shouldAdmitNoNewOrderWhileTheLogIsShortOfMemoryAndGoOnWithTheOthers() throws Exception {
        Order resting = accepted(place(limit(Side.BUY, "10", "90", "c1")));
        Order filling = accepted(place(limit(Side.BUY, "10", "95", "c2")));
        untilStatus(resting.id(), OrderStatus.NEW);
        untilStatus(filling.id(), OrderStatus.NEW);
        long validMs = 60_000;
        kit.vertx()
                .eventBus()
                .publish(Addresses.STATE_PRESSURE, new LogPressure(LogPressure.Level.SLOW_DOWN, 900, 1_000, validMs));
        // A new client order id each time: one that is admitted still is no answer to the next.
        AtomicInteger tries = new AtomicInteger();
        until("new orders are denied", () -> {
            PlaceResult result = await(placeAsync(limit(Side.BUY, "1", "1", "try-" + tries.incrementAndGet())))
                    .get(0);
            return result instanceof PlaceResult.Denied denied
                    && denied.denial().code() == DenialCode.LOG_NEARLY_FULL
                    && denied.denial().retryAfterMs() > 0;
        });
        assertInstanceOf(PlaceResult.Existing.class, place(limit(Side.BUY, "10", "90", "c1")));
        quotes("94", "95");
        untilStatus(filling.id(), OrderStatus.FILLED);
        assertNull(cancel(resting.id()).results().get(0).denial());
        untilStatus(resting.id(), OrderStatus.CANCELED);

        kit.vertx()
                .eventBus()
                .publish(Addresses.STATE_PRESSURE, new LogPressure(LogPressure.Level.NORMAL, 0, 1_000, validMs));
        until(
                "new orders are admitted",
                () -> await(placeAsync(limit(Side.BUY, "1", "1", "try-" + tries.incrementAndGet())))
                                .get(0)
                        instanceof PlaceResult.Accepted);
    }

    @Test
    void shouldAnswerABatchInItsOrder() throws Exception {
        List<PlaceResult> results = await(placeAsync(
                limit(Side.BUY, "1", "90", "c1"),
                limit(Side.BUY, "1", "-1", "c2"),
                limit(Side.BUY, "1", "90", "c1"),
                limit(Side.BUY, "2", "90", "c1")));
        Order first = accepted(results.get(0));
        assertEquals(DenialCode.ORDER_PRICE_INVALID, denied(results.get(1)));
        PlaceResult.Existing existing = assertInstanceOf(PlaceResult.Existing.class, results.get(2));
        assertEquals(first.id(), Order.fromJson(existing.order()).id());
        assertEquals(DenialCode.ORDER_DUPLICATE_ID, denied(results.get(3)));
    }

    @Test
    void shouldAnswerARepetitionWithTheFirstOrder() throws Exception {
        Order first = accepted(place(market(Side.BUY, "10", "c1")));
        untilStatus(first.id(), OrderStatus.FILLED);
        PlaceResult.Existing again = assertInstanceOf(PlaceResult.Existing.class, place(market(Side.BUY, "10", "c1")));
        assertEquals(first.id(), Order.fromJson(again.order()).id());
        assertEquals(OrderStatus.FILLED, Order.fromJson(again.order()).status());
        assertEquals(DenialCode.ORDER_DUPLICATE_ID, denied(place(market(Side.BUY, "11", "c1"))));
        assertEquals(1, orders().size());
        FoundOrders found =
                request(Addresses.ordersFind(PARTITION), new FindOrders(PARTITION, ACCOUNT, "c1"), FoundOrders.class);
        assertEquals(List.of(first.id()), found.orderIds());
    }

    @Test
    void shouldKeepTheNameOfAClosedOrderTakenWhenTheStateStoreHasForgottenIt() throws Exception {
        Order first = accepted(place(market(Side.BUY, "10", "c1")));
        untilStatus(first.id(), OrderStatus.FILLED);
        EntityKey key = new EntityKey(Domains.ORDER, ACCOUNT, first.id());
        Transaction retention = new Transaction(
                "r1", new Cause("r1", null, Cause.RETENTION), List.of(new Mutation(key, null)), List.of());
        store.look(ACCOUNT, state -> state.commit(retention));

        assertEquals(DenialCode.ORDER_DUPLICATE_ID, denied(place(market(Side.BUY, "10", "c1"))));
        assertEquals(List.of(), orders(), "not executed a second time");
    }

    @Test
    void shouldGoOnAfterACommitThatWasTurnedAway() throws Exception {
        store.once(OrderQueueIT::placesAnOrder, Fate.TURNED_AWAY);
        assertEquals(DenialCode.SERVICE_UNAVAILABLE, denied(place(limit(Side.BUY, "10", "90", "c1"))));
        assertEquals(List.of(), orders());
        Order order = accepted(placeWhenLoaded(limit(Side.BUY, "10", "90", "c1")));
        untilStatus(order.id(), OrderStatus.NEW);
        assertEquals(1, orders().size());
    }

    @Test
    void shouldSayUnknownWhenTheAnswerIsLostAndFindTheOrderAgain() throws Exception {
        store.once(OrderQueueIT::placesAnOrder, Fate.ANSWER_LOST);
        assertInstanceOf(PlaceResult.Unknown.class, place(market(Side.BUY, "10", "c1")));
        PlaceResult.Existing existing =
                assertInstanceOf(PlaceResult.Existing.class, placeWhenLoaded(market(Side.BUY, "10", "c1")));
        untilStatus(Order.fromJson(existing.order()).id(), OrderStatus.FILLED);
        assertEquals(1, orders().size());
        assertBooksBalance();
    }

    @Test
    void shouldBookOnceWhenTheBookingIsTurnedAwayOrItsAnswerIsLost() throws Exception {
        for (Fate fate : List.of(Fate.TURNED_AWAY, Fate.ANSWER_LOST)) {
            store.once(commit -> puts(commit, Domains.ACTIVITY), fate);
            Order order = accepted(placeWhenLoaded(market(Side.BUY, "10", fate.name())));
            untilStatus(order.id(), OrderStatus.FILLED);
        }
        assertBooksBalance();
        assertEquals("8000", account().get("cash"));
        assertEquals("20", position().get("qty"));
    }

    /** The first of them leave at once, the others wait until the broker has room. */
    @Test
    void shouldSendOnceWhenTheDispatchIsTurnedAwayOrItsAnswerIsLost() throws Exception {
        for (Fate fate : List.of(Fate.TURNED_AWAY, Fate.ANSWER_LOST)) {
            // Until the desk was compared with the broker orders wait, and the fate would be that of this one.
            Order first = accepted(placeWhenLoaded(market(Side.BUY, "1", fate + " is first")));
            untilStatus(first.id(), OrderStatus.FILLED);
            PlaceOrder[] many = IntStream.range(0, MORE_THAN_LEAVE_AT_ONCE)
                    .mapToObj(i -> market(Side.BUY, "1", fate + " " + i))
                    .toArray(PlaceOrder[]::new);
            store.once(OrderQueueIT::sendsWaitingOrders, fate);
            for (PlaceResult result : await(placeAsync(many))) {
                untilStatus(accepted(result).id(), OrderStatus.FILLED);
            }
            assertTrue(store.hasMet(), "the dispatch had its fate");
        }
        assertBooksBalance();
        assertEquals(
                String.valueOf(2 * (MORE_THAN_LEAVE_AT_ONCE + 1)), position().get("qty"));
    }

    private Map<String, String> position() {
        return store.look(ACCOUNT, at -> at.fields(new EntityKey(Domains.POSITION, ACCOUNT, AAPL)));
    }

    @Test
    void shouldWorkABracketThroughItsStopLossAlsoAfterARestart() throws Exception {
        OrderTerms terms = OrderTerms.of(AAPL, Side.BUY)
                .qty(BigDecimal.TEN)
                .exits(new OrderExits(OrderClass.BRACKET, new BigDecimal("120"), new BigDecimal("90"), null))
                .build();
        Order entry = accepted(place(new PlaceOrder(ACCOUNT, "c1", terms, "key", "request")));
        untilStatus(entry.id(), OrderStatus.FILLED);
        String profit = order(entry.id()).links().takeProfitId();
        String loss = order(entry.id()).links().stopLossId();
        untilStatus(profit, OrderStatus.NEW);
        assertEquals(OrderStatus.HELD, order(loss).status());
        await(kit.services().restart("order-queue"));
        quotes("89", "90");
        untilStatus(profit, OrderStatus.CANCELED);
        untilStatus(loss, OrderStatus.FILLED);
        assertFalse(store.has(new EntityKey(Domains.POSITION, ACCOUNT, AAPL)));
        assertBooksBalance();
    }

    @Test
    void shouldReplaceARestingOrderOnce() throws Exception {
        Order resting = accepted(place(limit(Side.BUY, "10", "90", "c1")));
        untilStatus(resting.id(), OrderStatus.NEW);
        Order next = accepted(replace(resting.id(), "c2", "91"));
        assertEquals(resting.id(), next.links().replaces());
        untilStatus(resting.id(), OrderStatus.REPLACED);
        untilStatus(next.id(), OrderStatus.NEW);
        PlaceResult.Existing again = assertInstanceOf(PlaceResult.Existing.class, replace(resting.id(), "c2", "91"));
        assertEquals(next.id(), Order.fromJson(again.order()).id());
        assertEquals(DenialCode.ORDER_NOT_REPLACEABLE, denied(replace(resting.id(), "c3", "92")));
        assertEquals(DenialCode.ORDER_NOT_FOUND, denied(replace("nope", "c4", "92")));
        quotes("90", "91");
        untilStatus(next.id(), OrderStatus.FILLED);
        assertBooksBalance();
    }

    private PlaceResult replace(String orderId, String clientOrderId, String limitPrice) throws Exception {
        OrderEdit edit = new OrderEdit(null, null, new BigDecimal(limitPrice), null, null);
        ReplaceOrder command = new ReplaceOrder(PARTITION, ACCOUNT, orderId, clientOrderId, edit, "key", "request");
        return request(Addresses.ordersReplace(PARTITION), command, ReplaceOrderReply.class)
                .result();
    }

    @Test
    void shouldResumeAfterARestart() throws Exception {
        Order resting = accepted(place(limit(Side.BUY, "10", "90", "c1")));
        untilStatus(resting.id(), OrderStatus.NEW);
        await(kit.services().restart("order-queue"));
        quotes("99", "100");
        assertInstanceOf(PlaceResult.Existing.class, place(limit(Side.BUY, "10", "90", "c1")));
        assertEquals(DenialCode.RISK_BUYING_POWER, denied(place(limit(Side.BUY, "100", "95", "c2"))));
        quotes("88", "89");
        untilStatus(resting.id(), OrderStatus.FILLED);
        assertBooksBalance();
    }

    @Test
    void shouldCancelARestingOrderAndSayWhyOthersAreNotCanceled() throws Exception {
        Order resting = accepted(place(limit(Side.BUY, "10", "90", "c1")));
        Order filled = accepted(place(market(Side.BUY, "1", "c2")));
        untilStatus(resting.id(), OrderStatus.NEW);
        untilStatus(filled.id(), OrderStatus.FILLED);
        CancelOrdersReply reply = cancel("nope", resting.id(), filled.id());
        assertEquals(
                List.of("nope", resting.id(), filled.id()),
                reply.results().stream().map(CancelOrdersReply.Result::orderId).toList());
        assertEquals(DenialCode.ORDER_NOT_FOUND, reply.results().get(0).denial().code());
        assertNull(reply.results().get(1).denial());
        assertEquals(
                DenialCode.ORDER_NOT_CANCELABLE, reply.results().get(2).denial().code());
        untilStatus(resting.id(), OrderStatus.CANCELED);
        quotes("50", "51");
        assertEquals(OrderStatus.CANCELED, order(resting.id()).status());
        until(
                "nothing is held back",
                () -> account().get("buying_power").equals(account().get("cash")));
        assertEquals(List.of(), cancel().results());
    }

    @Test
    void shouldNotLetACancelOverwriteAFillThatCameAfterIt() throws Exception {
        Order resting = accepted(place(limit(Side.BUY, "10", "90", "c1")));
        untilStatus(resting.id(), OrderStatus.NEW);
        store.once(commit -> puts(commit, Domains.ORDER), Fate.HELD);
        Future<CancelOrdersReply> canceled = requestAsync(
                Addresses.ordersCancel(PARTITION),
                new CancelOrders(PARTITION, ACCOUNT, List.of(resting.id(), "nope"), "key", "request"),
                CancelOrdersReply.class);
        until("the cancel is on its way", () -> store.held() == 1);
        quotes("88", "89");
        store.release();
        await(canceled);
        untilStatus(resting.id(), OrderStatus.FILLED);
        assertBooksBalance();
    }

    @Test
    void shouldTakeNoOrdersWhenHaltedAndOnlyReducingOnesWhenReducing() throws Exception {
        Order bought = accepted(place(market(Side.BUY, "10", "c1")));
        untilStatus(bought.id(), OrderStatus.FILLED);
        Order resting = accepted(place(limit(Side.BUY, "1", "50", "c2")));
        untilStatus(resting.id(), OrderStatus.NEW);

        TradingStateReply halted = tradingState(null, TradingState.HALTED, true);
        assertEquals(TradingState.HALTED, halted.global());
        assertEquals(1, halted.canceling());
        assertEquals(DenialCode.RISK_TRADING_HALTED, denied(place(market(Side.BUY, "1", "c3"))));
        untilStatus(resting.id(), OrderStatus.CANCELED);

        tradingState(null, TradingState.ACTIVE, false);
        tradingState(ACCOUNT, TradingState.REDUCING, false);
        assertEquals(DenialCode.RISK_REDUCING_ONLY, denied(place(market(Side.BUY, "1", "c4"))));
        Order sold = accepted(place(market(Side.SELL, "10", "c5")));
        untilStatus(sold.id(), OrderStatus.FILLED);

        await(kit.services().restart("order-queue"));
        assertEquals(TradingState.REDUCING, tradingState(ACCOUNT, null, false).account());
    }

    @Test
    void shouldShowTheDesksOfNowAfterARestart() throws Exception {
        Gauge before = kit.meters().get("tradewind.orders.inflight").gauge();
        await(kit.services().restart("order-queue"));
        Gauge after = kit.meters().get("tradewind.orders.inflight").gauge();
        assertNotSame(before, after);
        assertEquals(0, after.value());
    }

    @Test
    void shouldMarkPositionsWhenTheMarketMoves() throws Exception {
        Order bought = accepted(place(market(Side.BUY, "10", "c1")));
        untilStatus(bought.id(), OrderStatus.FILLED);
        quotes("110", "111");
        until("the account is marked", () -> "10100".equals(account().get("equity")));
        assertBooksBalance();
    }

    @Test
    void shouldNotMarkAheadOfABookingThatIsNotDurable() throws Exception {
        EntityKey witness = new EntityKey(Domains.POSITION, "default", AAPL);
        assertNotEquals(PARTITION, witness.partition());
        PlaceOrders buys = new PlaceOrders(witness.partition(), List.of(Samples.buy("default", "1")));
        request(Addresses.ordersPlace(witness.partition()), buys, PlaceOrdersReply.class);
        until("the witness holds a position", () -> store.has(witness));
        Order resting = accepted(place(limit(Side.BUY, "10", "90", "c1")));
        untilStatus(resting.id(), OrderStatus.NEW);

        store.once(commit -> puts(commit, Domains.ACTIVITY), Fate.HELD);
        quotes("88", "89");
        until("the booking is on its way", () -> store.held() == 1);
        for (String bid : List.of("80", "81", "82")) {
            quotes(bid, "89");
            until("all accounts were to be marked", () -> store.look("default", at -> at.fields(witness))
                    .get("current_price")
                    .equals(bid));
        }
        assertEquals("10000", account().get("cash"), "what is stored does not run ahead of the booking");
        store.release();
        untilStatus(resting.id(), OrderStatus.FILLED);
        until("the account is marked", () -> "9930".equals(account().get("equity")));
        assertBooksBalance();
    }

    @Test
    void shouldFinishWhatIsDecidedWhenItStops() throws Exception {
        store.once(OrderQueueIT::placesAnOrder, Fate.HELD);
        Future<List<PlaceResult>> placed = placeAsync(limit(Side.BUY, "10", "90", "c1"));
        until("the commit is on its way", () -> store.held() == 1);
        Future<Boolean> stopped = kit.services().stopAll();
        until("intake has stopped", this::isClosing);
        store.release();
        Order order = accepted(await(placed).get(0));
        assertTrue(await(stopped));
        assertTrue(store.has(new EntityKey(Domains.ORDER, ACCOUNT, order.id())));
    }

    private boolean isClosing() {
        try {
            placeAndWait(limit(Side.BUY, "1", "-1", "probe"));
            return false;
        } catch (ReplyException refused) {
            assertEquals(Failure.UNAVAILABLE, Failure.of(refused));
            return true;
        }
    }

    // ---- what the tests do

    private PlaceResult place(PlaceOrder order) throws Exception {
        return await(placeAsync(order)).get(0);
    }

    private List<PlaceResult> placeAndWait(PlaceOrder order) {
        try {
            return await(placeAsync(order));
        } catch (ReplyException refused) {
            throw refused;
        } catch (Exception other) {
            throw new IllegalStateException(other);
        }
    }

    /** A desk that is loading turns orders away: nothing was done, so that they may be sent again. */
    private PlaceResult placeWhenLoaded(PlaceOrder order) throws Exception {
        List<PlaceResult> results = new ArrayList<>();
        until("the desk is loaded", () -> {
            try {
                results.addAll(placeAndWait(order));
            } catch (ReplyException refused) {
                assertEquals(Failure.UNAVAILABLE, Failure.of(refused));
            }
            return !results.isEmpty();
        });
        return results.get(0);
    }

    private Future<List<PlaceResult>> placeAsync(PlaceOrder... orders) {
        return requestAsync(
                        Addresses.ordersPlace(PARTITION),
                        new PlaceOrders(PARTITION, List.of(orders)),
                        PlaceOrdersReply.class)
                .map(PlaceOrdersReply::results);
    }

    private CancelOrdersReply cancel(String... ids) throws Exception {
        return request(
                Addresses.ordersCancel(PARTITION),
                new CancelOrders(PARTITION, ACCOUNT, List.of(ids), "key", "request"),
                CancelOrdersReply.class);
    }

    private TradingStateReply tradingState(String account, TradingState state, boolean cancelOpen) throws Exception {
        return request(
                Addresses.ORDERS_TRADING_STATE,
                new SetTradingState(account, state, cancelOpen, false, "drill", "key", "request"),
                TradingStateReply.class);
    }

    // ---- what they look at

    private static Order accepted(PlaceResult result) {
        return Order.fromJson(
                assertInstanceOf(PlaceResult.Accepted.class, result).order());
    }

    private static DenialCode denied(PlaceResult result) {
        return assertInstanceOf(PlaceResult.Denied.class, result).denial().code();
    }

    private Map<String, String> account() {
        return store.look(ACCOUNT, at -> at.fields(ACCOUNT_KEY));
    }

    /** Cash is what the fills made of it, and every fill is there once. */
    private void assertBooksBalance() {
        store.look(ACCOUNT, this::balance);
    }

    private Void balance(FakeState at) {
        BigDecimal cash = BigDecimal.valueOf(10_000);
        for (Order order : orders()) {
            if (order.executions() > 0) {
                BigDecimal value = order.filledQty().multiply(order.filledAvgPrice());
                cash = order.side() == Side.BUY ? cash.subtract(value) : cash.add(value);
            }
        }
        assertEquals(0, cash.compareTo(new BigDecimal(account().get("cash"))), "cash, expected " + cash);
        int executions = orders().stream().mapToInt(Order::executions).sum();
        assertEquals(executions, at.all(Domains.ACTIVITY).size());
        return null;
    }

    private static boolean placesAnOrder(Commit commit) {
        return hasOrderIn(commit, OrderStatus.ACCEPTED) || hasOrderIn(commit, OrderStatus.PENDING_NEW);
    }

    private static boolean sendsWaitingOrders(Commit commit) {
        return hasOrderIn(commit, OrderStatus.PENDING_NEW) && !hasOrderIn(commit, OrderStatus.ACCEPTED);
    }

    private static boolean hasOrderIn(Commit commit, OrderStatus status) {
        return any(
                commit,
                mutation -> mutation.key().domain().equals(Domains.ORDER)
                        && Order.fromJson(mutation.json()).status() == status);
    }

    private static boolean puts(Commit commit, String domain) {
        return any(commit, mutation -> mutation.key().domain().equals(domain));
    }

    private static boolean any(Commit commit, Predicate<Mutation> meant) {
        return commit.transactions().stream()
                .anyMatch(tx -> tx.mutations().stream().anyMatch(meant));
    }
}
