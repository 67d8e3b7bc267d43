package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.CAUSE;
import static io.tradewind.orderqueue.domain.Samples.NEXT_DAY;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.fill;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.market;
import static io.tradewind.orderqueue.domain.Samples.order;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static io.tradewind.orderqueue.domain.Samples.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeskTest {

    private static final Expectation OWNER = new Expectation(new EntityKey(Domains.OWNER, "#0", "order-queue"), 7);
    private static final DeskLimits LIMITS = new DeskLimits(100, 100, 4, 60_000, decimal("0.01"), decimal("10000"));

    private final Prices prices = new Prices();
    private final AdmissionPause pause = new AdmissionPause();
    private final Desk desk = new Desk(LIMITS, prices, pause, ids("id"), OWNER);
    private final List<Transaction> seen = new ArrayList<>();
    private int next;

    @BeforeEach
    void openAccount() {
        prices.update(List.of(quote(AAPL, "99", "100")));
        Transaction tx = see(desk.openAccount(ACCOUNT, NOW));
        assertEquals(
                new EntityKey(Domains.ACCOUNT, ACCOUNT, ACCOUNT),
                tx.mutations().get(0).key());
        assertNull(desk.openAccount(ACCOUNT, NOW), "opened once");
    }

    /** Whatever a desk decides, it is void when the desk is no longer the owner, and has an id and a cause of its own. */
    @AfterEach
    void shouldExpectTheOwnerInEveryTransaction() {
        Set<String> ids = new HashSet<>();
        for (Transaction tx : seen) {
            assertEquals(List.of(OWNER), tx.expectations());
            assertTrue(ids.add(tx.id()), tx.id());
            assertNotNull(tx.cause());
            Set<EntityKey> keys = new HashSet<>();
            tx.mutations().forEach(mutation -> assertTrue(keys.add(mutation.key()), "one put per entity: " + tx));
        }
    }

    @Test
    void shouldAdmitWithTheOrderAsStored() {
        PlaceOrder command = limit(Side.BUY, "10", "90", "c1");
        Admission.Admitted admitted =
                assertInstanceOf(Admission.Admitted.class, desk.place(command, TradingState.ACTIVE, false, NOW));
        see(admitted.transaction());
        assertEquals(OrderStatus.ACCEPTED, admitted.order().status());
        assertEquals(1, admitted.transaction().mutations().size());
        assertEquals(admitted.json(), admitted.transaction().mutations().get(0).json());
        assertEquals(admitted.order(), Order.fromJson(admitted.json()));
        assertTrue(admitted.order().isFor(command));
        assertEquals("request-c1", admitted.transaction().cause().correlationId());
        assertEquals("alice-key", admitted.transaction().cause().actor());
        assertEquals(admitted.order().id(), desk.orderIdOf(ACCOUNT, "c1"));
        assertEquals(List.of(admitted.order().id()), desk.openOrderIds(ACCOUNT));
        assertNull(desk.dispatch(NOW), "nothing goes to the broker before it is durable");
    }

    @Test
    void shouldWriteAnOrderAsSentAtOnceWhenNothingStandsInItsWay() {
        Admission.Admitted first = leaving(limit(Side.BUY, "1", "90", "c1"));
        assertTrue(first.leaves());
        assertEquals(OrderStatus.PENDING_NEW, Order.fromJson(first.json()).status());
        assertEquals(1, desk.inFlight(), "its place with the broker is taken");
        assertNull(desk.dispatch(NOW), "it does not wait in a lane as well");
        desk.sent(List.of(first.order()), NOW);
        book(report("e1", first.order(), Kind.NEW));
        assertEquals(OrderStatus.NEW, desk.openOrder(first.order().id()).status());
    }

    @Test
    void shouldLetNoOrderPassOneThatWaitsOrIsAboutTo() {
        Order waiting = admitted(limit(Side.BUY, "1", "90", "c1"));
        assertFalse(leaving(limit(Side.BUY, "1", "90", "c2")).leaves(), "the first is not even durable");
        desk.enqueue(waiting, NOW);
        Admission.Admitted third = leaving(limit(Side.BUY, "1", "90", "c3"));
        assertFalse(third.leaves());
        desk.enqueue(desk.openOrder(desk.orderIdOf(ACCOUNT, "c2")), NOW);
        desk.enqueue(third.order(), NOW);
        assertEquals(
                List.of("c1", "c2", "c3"),
                desk.dispatch(NOW).orders().stream().map(Order::clientOrderId).toList());
        assertTrue(leaving(limit(Side.BUY, "1", "90", "c4")).leaves(), "nobody waits any more");
    }

    @Test
    void shouldLetNoMoreOrdersLeaveAtOnceThanTheBrokerMayHaveUnanswered() {
        int room = desk.inFlightLimit();
        for (int i = 0; i < room; i++) {
            assertTrue(leaving(limit(Side.BUY, "1", "90", "c" + i)).leaves());
        }
        Admission.Admitted tooMany = leaving(limit(Side.BUY, "1", "90", "late"));
        assertFalse(tooMany.leaves());
        assertEquals(OrderStatus.ACCEPTED, tooMany.order().status());
    }

    @Test
    void shouldKnowARepetitionWhateverItsContentAndAlsoAfterTheOrderIsOver() {
        Order first = working(limit(Side.BUY, "10", "90", "c1"));
        assertEquals(new Admission.Known(first.id()), place(limit(Side.BUY, "10", "90", "c1")));
        assertEquals(new Admission.Known(first.id()), place(limit(Side.SELL, "7", "1", "c1")));
        book(report("e1", first, Kind.CANCELED));
        assertEquals(new Admission.Known(first.id()), place(limit(Side.BUY, "10", "90", "c1")));
    }

    @Test
    void shouldAdmitNoNewOrderWhileTheLogIsShortOfMemoryButGoOnWithTheOthers() {
        Order first = accepted(limit(Side.BUY, "10", "90", "c1"));
        pause.heard(new LogPressure(LogPressure.Level.SLOW_DOWN, 900, 1_000, 3_000), NOW);
        Admission.Denied denied = assertInstanceOf(Admission.Denied.class, place(limit(Side.BUY, "10", "90", "c2")));
        assertEquals(DenialCode.LOG_NEARLY_FULL, denied.denial().code());
        assertEquals(3_000, denied.denial().retryAfterMs());
        assertEquals(new Admission.Known(first.id()), place(limit(Side.BUY, "10", "90", "c1")));
        see(desk.dispatch(NOW).transaction());
        book(report("e1", first, Kind.CANCELED));
        pause.heard(new LogPressure(LogPressure.Level.NORMAL, 0, 1_000, 3_000), NOW);
        accepted(limit(Side.BUY, "10", "90", "c2"));
    }

    @Test
    void shouldRefuseToDecideForAnAccountThatWasNotOpened() {
        Desk empty = new Desk(LIMITS, prices, pause, ids("id"), OWNER);
        assertThrows(
                IllegalStateException.class,
                () -> empty.place(market(Side.BUY, "1", "c1"), TradingState.ACTIVE, false, NOW));
    }

    @Test
    void shouldWritePendingNewBeforeTheBrokerSeesAnOrder() {
        Order one = accepted(limit(Side.BUY, "1", "90", "c1"));
        Order two = accepted(limit(Side.BUY, "2", "90", "c2"));
        Dispatch dispatch = desk.dispatch(NOW);
        see(dispatch.transaction());
        assertEquals(
                List.of(one.id(), two.id()),
                dispatch.orders().stream().map(Order::id).toList());
        for (int i = 0; i < 2; i++) {
            Order sent = dispatch.orders().get(i);
            assertEquals(OrderStatus.PENDING_NEW, sent.status());
            Mutation written = dispatch.transaction().mutations().get(i);
            assertEquals(Desk.orderKey(sent), written.key());
            assertEquals(sent.toJson(), written.json());
        }
        assertEquals(2, desk.inFlight());
        assertNull(desk.dispatch(NOW));
    }

    @Test
    void shouldSendByPriority() {
        for (Priority priority : List.of(Priority.LOW, Priority.CRITICAL, Priority.NORMAL, Priority.HIGH)) {
            accepted(order(Side.BUY, OrderType.MARKET, "1", null, TimeInForce.DAY, priority, priority.text()));
        }
        assertEquals(
                List.of("critical", "high", "normal", "low"),
                desk.dispatch(NOW).orders().stream().map(Order::clientOrderId).toList());
    }

    @Test
    void shouldNotSendMoreThanTheBrokerMayHaveUnanswered() {
        for (int i = 0; i < 6; i++) {
            accepted(limit(Side.BUY, "1", "90", "c" + i));
        }
        List<Order> sent = desk.dispatch(NOW).orders();
        assertEquals(4, sent.size());
        assertNull(desk.dispatch(NOW));
        book(report("e1", sent.get(0), Kind.NEW));
        assertEquals(1, desk.dispatch(NOW).orders().size());
        book(report("e2", sent.get(1), Kind.REJECTED));
        assertEquals(1, desk.dispatch(NOW).orders().size());
        assertEquals(4, desk.inFlight());
    }

    @Test
    void shouldBookNewAndFillOfOneBatchWithOnePutPerEntity() {
        Order sent = sent(market(Side.BUY, "10", "c1"));
        Transaction tx = book(
                report("e1", sent, Kind.NEW), fill("e2", sent, "4", "100", "0.4"), fill("e3", sent, "6", "101", "0.6"));
        Map<EntityKey, Json> written = written(tx);
        assertEquals(5, written.size(), "order, two activities, position, account");
        Order order = Order.fromJson(written.get(Desk.orderKey(sent)));
        assertEquals(OrderStatus.FILLED, order.status());
        assertEquals(decimal("10"), order.filledQty());
        assertEquals(decimal("100.6"), order.filledAvgPrice());
        assertEquals(2, order.executions());
        Map<String, String> account = JsonObjects.read(written.get(new EntityKey(Domains.ACCOUNT, ACCOUNT, ACCOUNT)));
        assertEquals("8993", account.get("cash"));
        assertEquals("8993", account.get("buying_power"));
        assertEquals("1", account.get("fees"));
        Map<String, String> position = JsonObjects.read(written.get(new EntityKey(Domains.POSITION, ACCOUNT, AAPL)));
        assertEquals("10", position.get("qty"));
        assertEquals("1006", position.get("cost_basis"));
        Map<String, String> activity =
                JsonObjects.read(written.get(new EntityKey(Domains.ACTIVITY, ACCOUNT, sent.id() + ":e2")));
        assertEquals("partial_fill", activity.get("type"));
        assertEquals("4", activity.get("cum_qty"));
        assertEquals("6", activity.get("leaves_qty"));
        assertEquals(0, desk.openOrders());
        assertEquals(0, desk.inFlight());
    }

    @Test
    void shouldDeleteAPositionThatBecomesFlat() {
        Order bought = sent(market(Side.BUY, "10", "c1"));
        book(fill("e1", bought, "10", "100", "0"));
        Order sold = sent(market(Side.SELL, "10", "c2"));
        Transaction tx = book(fill("e2", sold, "10", "101", "0"));
        Mutation position = tx.mutations().stream()
                .filter(mutation -> mutation.key().domain().equals(Domains.POSITION))
                .findFirst()
                .orElseThrow();
        assertTrue(position.isDelete());
    }

    @Test
    void shouldBookAnExecutionOnce() {
        Order sent = sent(market(Side.BUY, "10", "c1"));
        ExecutionReport fill = fill("e1", sent, "4", "100", "0");
        book(fill, fill);
        assertNull(desk.book(List.of(fill), NOW));
        assertEquals(decimal("4"), desk.openOrder(sent.id()).filledQty());
        book(fill("e2", sent, "6", "100", "0"));
        assertNull(desk.book(List.of(fill), NOW), "the order is over");
        assertEquals(decimal("9000"), desk.account(ACCOUNT).cash());
    }

    @Test
    void shouldIgnoreAStatusThatTheOrderHasLeftBehind() {
        Order sent = sent(market(Side.BUY, "10", "c1"));
        book(fill("e1", sent, "4", "100", "0"));
        assertNull(desk.book(List.of(report("e0", sent, Kind.NEW)), NOW));
        assertNull(desk.book(List.of(report("e2", sent, Kind.CANCEL_REJECTED)), NOW));
        assertEquals(OrderStatus.PARTIALLY_FILLED, desk.openOrder(sent.id()).status());
        book(report("e3", sent, Kind.CANCELED));
        assertNull(desk.book(List.of(report("e0", sent, Kind.NEW), report("e4", sent, Kind.REJECTED)), NOW));
    }

    @Test
    void shouldIgnoreReportsOfOrdersThatItDoesNotKnow() {
        Order stranger = Order.accepted("stranger", market(Side.BUY, "1", "c9"), NOW);
        assertNull(desk.book(List.of(fill("e1", stranger, "1", "1", "0")), NOW));
        assertNull(desk.book(List.of(), NOW));
    }

    @Test
    void shouldNameOrdersThatEndUnfilledBecauseFillsMayBeMissing() {
        Order one = sent(limit(Side.BUY, "1", "90", "c1"));
        Order two = sent(limit(Side.BUY, "1", "90", "c2"));
        Order three = sent(limit(Side.BUY, "1", "90", "c3"));
        Order over = sent(limit(Side.BUY, "1", "90", "c4"));
        book(report("e0", over, Kind.CANCELED));
        assertEquals(
                Set.of(one.id(), two.id()),
                desk.endedUnfilled(List.of(
                        report("e1", one, Kind.CANCELED),
                        report("e2", two, Kind.EXPIRED),
                        report("e3", three, Kind.REJECTED),
                        report("e4", over, Kind.CANCELED))));
    }

    @Test
    void shouldCountTheDayFromBeforeItsFirstFill() {
        Order sent = sent(limit(Side.BUY, "10", "101", "c1"));
        Transaction tx = see(desk.book(List.of(fill("e1", sent, "10", "101", "1")), NEXT_DAY));
        Map<String, String> account =
                JsonObjects.read(written(tx).get(new EntityKey(Domains.ACCOUNT, ACCOUNT, ACCOUNT)));
        assertEquals("-21", account.get("daily_pl"));
    }

    @Test
    void shouldCancelAQueuedOrderAtOnce() {
        Order order = accepted(limit(Side.BUY, "10", "90", "c1"));
        CancelDecision decision = desk.cancel(ACCOUNT, List.of(order.id()), CAUSE, NOW);
        assertEquals(List.of(order.id()), decision.taken());
        assertEquals(List.of(), decision.atBroker());
        assertEquals(
                OrderStatus.CANCELED, stored(see(decision.transaction()), order).status());
        assertEquals(CAUSE, decision.transaction().cause());
        assertNull(desk.dispatch(NOW), "it is not sent any more");
        assertEquals(0, decimal("10000").compareTo(desk.account(ACCOUNT).buyingPower(prices)));
        assertEquals(
                List.of(order.id()),
                desk.cancel(ACCOUNT, List.of(order.id()), CAUSE, NOW).notOpen());
    }

    @Test
    void shouldCancelAnOrderBeforeItIsDurable() {
        Order order = admitted(limit(Side.BUY, "10", "90", "c1"));
        see(desk.cancel(ACCOUNT, List.of(order.id()), CAUSE, NOW).transaction());
        desk.enqueue(order, NOW);
        assertNull(desk.dispatch(NOW));
    }

    @Test
    void shouldAskTheBrokerToCancelWhatItMayHave() {
        Order sent = sent(limit(Side.BUY, "10", "90", "c1"));
        Order working = working(limit(Side.BUY, "10", "90", "c2"));
        Order partly = working(limit(Side.BUY, "10", "90", "c3"));
        book(fill("e1", partly, "5", "90", "0"));
        CancelDecision all = desk.cancel(ACCOUNT, List.of(), CAUSE, NOW);
        assertEquals(List.of(sent.id(), working.id(), partly.id()), all.atBroker());
        see(all.transaction());
        for (Order order : List.of(sent, working, partly)) {
            assertEquals(
                    OrderStatus.PENDING_CANCEL, stored(all.transaction(), order).status());
            assertTrue(desk.isCanceling(order.id()));
        }
        CancelDecision again = desk.cancel(ACCOUNT, List.of(sent.id()), CAUSE, NOW);
        assertNull(again.transaction(), "nothing changed");
        assertEquals(List.of(sent.id()), again.atBroker());
    }

    @Test
    void shouldGoBackToWhatItWasWhenTheBrokerRefusesACancel() {
        Order working = working(limit(Side.BUY, "10", "90", "c1"));
        Order partly = working(limit(Side.BUY, "10", "90", "c2"));
        book(fill("e1", partly, "5", "90", "0"));
        see(desk.cancel(ACCOUNT, List.of(), CAUSE, NOW).transaction());
        book(report("e2", working, Kind.CANCEL_REJECTED), report("e3", partly, Kind.CANCEL_REJECTED));
        assertEquals(OrderStatus.NEW, desk.openOrder(working.id()).status());
        assertEquals(OrderStatus.PARTIALLY_FILLED, desk.openOrder(partly.id()).status());
    }

    @Test
    void shouldBookFillsThatOvertakeACancel() {
        Order working = working(limit(Side.BUY, "10", "90", "c1"));
        see(desk.cancel(ACCOUNT, List.of(working.id()), CAUSE, NOW).transaction());
        book(fill("e1", working, "5", "90", "0"));
        assertEquals(OrderStatus.PENDING_CANCEL, desk.openOrder(working.id()).status());
        Order over = stored(book(report("e2", working, Kind.CANCELED)), working);
        assertEquals(OrderStatus.CANCELED, over.status());
        assertEquals(decimal("5"), over.filledQty());
        assertEquals(0, decimal("9550").compareTo(desk.account(ACCOUNT).buyingPower(prices)));
    }

    @Test
    void shouldSayWhichOrdersAreNotOpen() {
        CancelDecision decision = desk.cancel(ACCOUNT, List.of("nope"), CAUSE, NOW);
        assertEquals(List.of("nope"), decision.notOpen());
        assertNull(decision.transaction());
        assertEquals(
                List.of("nope"),
                desk.cancel("nobody", List.of("nope"), CAUSE, NOW).notOpen());
        assertEquals(List.of(), desk.cancel("nobody", List.of(), CAUSE, NOW).notOpen());
    }

    @ParameterizedTest
    @EnumSource(
            value = OrderStatus.class,
            names = {"PENDING_NEW", "NEW", "PARTIALLY_FILLED"})
    void shouldQueueAgainWhatTheBrokerHasNeverSeen(OrderStatus status) {
        Desk loaded = loadedWith(status);
        String id = loaded.sentOrders().get(0);
        assertEquals(1, loaded.inFlight());
        assertNull(loaded.unseenByBroker(id, 0, NOW));
        assertNull(loaded.unseenByBroker(id, 0, NOW), "asked twice, queued once");
        assertEquals(0, loaded.inFlight());
        Dispatch dispatch = loaded.dispatch(NOW);
        assertEquals(List.of(id), dispatch.orders().stream().map(Order::id).toList());
        assertEquals(status, dispatch.orders().get(0).status());
        see(dispatch.transaction());
        see(loaded.book(List.of(fill("e9", dispatch.orders().get(0), "1", "1", "0")), NOW));
        assertEquals(0, loaded.inFlight());
    }

    @ParameterizedTest
    @EnumSource(
            value = OrderStatus.class,
            names = {"PENDING_NEW", "NEW", "PARTIALLY_FILLED"})
    void shouldCancelAtOnceWhatTheBrokerHasNeverSeenAndWaitsAgain(OrderStatus status) {
        Desk loaded = loadedWith(status);
        String id = loaded.sentOrders().get(0);
        assertNull(loaded.unseenByBroker(id, 0, NOW));
        CancelDecision decision = loaded.cancel(ACCOUNT, List.of(id), CAUSE, NOW);
        assertEquals(List.of(), decision.atBroker());
        see(decision.transaction());
        assertNull(loaded.dispatch(NOW), "a canceled order is not sent");
        assertEquals(0, loaded.openOrders());
    }

    @Test
    void shouldFinishACancelOfAnOrderThatTheBrokerHasNeverSeen() {
        Desk loaded = loadedWith(OrderStatus.PENDING_CANCEL);
        String id = loaded.sentOrders().get(0);
        ExecutionReport instead = loaded.unseenByBroker(id, 0, NOW);
        assertEquals(Kind.CANCELED, instead.kind());
        see(loaded.book(List.of(instead), NOW));
        assertEquals(0, loaded.openOrders());
        assertNull(loaded.unseenByBroker(id, 0, NOW), "over: nothing to do");
    }

    @Test
    void shouldJudgeAnUnseenOrderByWhatItIsNowAndNotByWhatItWasWhenAsked() {
        Order sent = sent(limit(Side.BUY, "10", "90", "c1"));
        see(desk.cancel(ACCOUNT, List.of(sent.id()), CAUSE, NOW).transaction());
        ExecutionReport instead = desk.unseenByBroker(sent.id(), desk.sendings(), NOW);
        assertEquals(Kind.CANCELED, instead.kind());
    }

    @Test
    void shouldNotTakeAnOrderForUnseenThatWasSentAfterTheBrokerWasAsked() {
        Order order = accepted(limit(Side.BUY, "10", "90", "c1"));
        long asked = desk.sendings();
        Dispatch dispatch = desk.dispatch(NOW);
        see(dispatch.transaction());
        assertNull(desk.unseenByBroker(order.id(), desk.sendings(), NOW), "not durable, so not sent");
        desk.sent(dispatch.orders(), NOW);
        assertNull(desk.unseenByBroker(order.id(), asked, NOW), "asked before it was sent");
        assertEquals(1, desk.inFlight());
        assertNull(desk.unseenByBroker(order.id(), desk.sendings(), NOW), "lost: queued again");
        assertEquals(0, desk.inFlight());
        assertEquals(
                List.of(order.id()),
                desk.dispatch(NOW).orders().stream().map(Order::id).toList());
    }

    @Test
    void shouldNotSendAgainWhatTheBrokerHasAfterAll() {
        Order sent = sent(limit(Side.BUY, "10", "90", "c1"));
        assertNull(desk.unseenByBroker(sent.id(), desk.sendings(), NOW));
        book(report("e1", sent, Kind.NEW));
        assertNull(desk.dispatch(NOW));
        assertEquals(0, desk.inFlight());
    }

    @Test
    void shouldSendAgainEvenWhenACancelOfTheUnknownOrderWasRefused() {
        Order sent = sent(limit(Side.BUY, "10", "90", "c1"));
        assertNull(desk.unseenByBroker(sent.id(), desk.sendings(), NOW));
        assertNull(desk.book(List.of(report("e1", sent, Kind.CANCEL_REJECTED)), NOW));
        assertEquals(List.of(sent), desk.dispatch(NOW).orders());
    }

    @Test
    void shouldCountALoadedOrderAsAnsweredWhenTheBrokerSaysNothingNew() {
        Desk loaded = loadedWith(OrderStatus.NEW);
        Order order = Order.fromJson(stored(OrderStatus.NEW));
        assertNull(loaded.book(List.of(report("e1", order, Kind.NEW)), NOW));
        assertEquals(0, loaded.inFlight());
    }

    @Test
    void shouldRememberTerminalOrdersByTheirClientOrderIdOnly() {
        Desk loaded = loadedWith(OrderStatus.CANCELED);
        assertEquals(0, loaded.openOrders());
        assertEquals(List.of(), loaded.sentOrders());
        assertEquals("stored-1", loaded.orderIdOf(ACCOUNT, "c1"));
        assertEquals(0, decimal("10000").compareTo(loaded.account(ACCOUNT).buyingPower(prices)));
    }

    @Test
    void shouldHoldBackWhatLoadedOrdersMayStillCost() {
        Desk loaded = loadedWith(OrderStatus.PARTIALLY_FILLED);
        assertTrue(loaded.hasFills("stored-1"));
        assertEquals(0, decimal("9460").compareTo(loaded.account(ACCOUNT).buyingPower(prices)));
        loaded.loadExecution("stored-1", "e1");
        Order order = Order.fromJson(stored(OrderStatus.PARTIALLY_FILLED));
        assertNull(loaded.book(List.of(fill("e1", order, "4", "90", "0")), NOW), "booked before the restart");
    }

    @Test
    void shouldMarkOnlyWhenSomethingMoved() {
        assertNull(desk.mark(NOW), "nothing is held");
        accepted(limit(Side.BUY, "10", "90", "c1"));
        assertEquals(1, see(desk.mark(NOW)).mutations().size(), "the buying power changed");
        assertNull(desk.mark(NOW));
        Order sent = sent(market(Side.BUY, "1", "c2"));
        see(desk.mark(NOW));
        book(fill("e1", sent, "1", "100", "0"));
        assertNull(desk.mark(NOW), "the booking wrote it");
        prices.update(List.of(quote(AAPL, "110", "111")));
        Map<EntityKey, Json> marked = written(see(desk.mark(NOW)));
        assertEquals(2, marked.size());
        assertEquals(
                "110",
                JsonObjects.read(marked.get(new EntityKey(Domains.POSITION, ACCOUNT, AAPL)))
                        .get("market_value"));
        assertNull(desk.mark(NOW));
    }

    private Json stored(OrderStatus status) {
        Order order = Order.accepted("stored-1", limit(Side.BUY, "10", "90", "c1"), NOW);
        if (status == OrderStatus.PARTIALLY_FILLED) {
            order = order.withFill(status, decimal("4"), decimal("90"), NOW);
        }
        return order.withStatus(status, NOW, null).toJson();
    }

    private Desk loadedWith(OrderStatus status) {
        Desk loaded = new Desk(LIMITS, prices, pause, ids("again-" + next++), OWNER);
        loaded.loadAccount(
                Account.open(ACCOUNT, AccountRules.CASH, decimal("10000"), NOW).toJson(prices, NOW));
        loaded.loadOrder(stored(status));
        return loaded;
    }

    private Admission place(PlaceOrder command) {
        return desk.place(command, TradingState.ACTIVE, false, NOW);
    }

    private Admission.Admitted leaving(PlaceOrder command) {
        Admission admission = desk.place(command, TradingState.ACTIVE, true, NOW);
        Admission.Admitted admitted = assertInstanceOf(Admission.Admitted.class, admission);
        see(admitted.transaction());
        return admitted;
    }

    private Order admitted(PlaceOrder command) {
        Admission.Admitted admitted = assertInstanceOf(Admission.Admitted.class, place(command));
        see(admitted.transaction());
        return admitted.order();
    }

    private Order accepted(PlaceOrder command) {
        Order order = admitted(command);
        desk.enqueue(order, NOW);
        return order;
    }

    private Order sent(PlaceOrder command) {
        accepted(command);
        Dispatch dispatch = desk.dispatch(NOW);
        see(dispatch.transaction());
        desk.sent(dispatch.orders(), NOW);
        return dispatch.orders().get(0);
    }

    private Order working(PlaceOrder command) {
        Order sent = sent(command);
        book(report("new-" + next++, sent, Kind.NEW));
        return desk.openOrder(sent.id());
    }

    private Transaction book(ExecutionReport... reports) {
        return see(desk.book(List.of(reports), NOW));
    }

    private Transaction see(Transaction tx) {
        assertNotNull(tx);
        seen.add(tx);
        return tx;
    }

    private static Order stored(Transaction tx, Order order) {
        return Order.fromJson(written(tx).get(Desk.orderKey(order)));
    }

    private static Map<EntityKey, Json> written(Transaction tx) {
        Map<EntityKey, Json> written = new LinkedHashMap<>();
        tx.mutations().forEach(mutation -> written.put(mutation.key(), mutation.json()));
        return written;
    }
}
