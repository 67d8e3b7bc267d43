package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.CAUSE;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.fill;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static io.tradewind.orderqueue.domain.Samples.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.orders.DenialCode;
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
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders that wait for others, step by step; {@code DeskSimulationTest} plays the same under misfortune. */
class OrderGroupsTest {

    private static final Expectation OWNER =
            new Expectation(new EntityKey(Domains.OWNER, "#0", "order-queue"), Expectation.ABSENT);

    private final Prices prices = new Prices();
    private final Map<String, Order> stored = new HashMap<>();
    private int executions;
    private Desk desk;

    @BeforeEach
    void open() {
        prices.update(List.of(quote(AAPL, "99", "100")));
        DeskLimits limits = new DeskLimits(100, 100, 100, 60_000, decimal("0.01"), decimal("1000000"));
        desk = new Desk(limits, prices, new AdmissionPause(), Samples.ids("id"), OWNER);
        desk.openAccount(ACCOUNT, NOW);
    }

    @Test
    void shouldHoldExitsUntilTheEntryIsFilledAndThenWorkTheTakeProfitOnly() {
        Order entry = sent(bracket("10"));
        Order profit = now(entry.links().takeProfitId());
        Order loss = now(entry.links().stopLossId());
        assertEquals(OrderStatus.HELD, profit.status());
        assertEquals(Side.SELL, profit.side());
        assertEquals(OrderType.STOP, loss.type());
        assertEquals(Priority.CRITICAL, loss.priority());
        book(fill("1", entry, "4", "100", "0"));
        assertEquals(OrderStatus.HELD, now(profit.id()).status());
        book(fill("2", entry, "6", "100", "0"));
        assertEquals(OrderStatus.ACCEPTED, now(profit.id()).status());
        assertEquals(decimal("10"), now(profit.id()).qty());
        assertEquals(OrderStatus.HELD, now(loss.id()).status());
    }

    @Test
    void shouldSizeTheExitsToWhatAnEntryThatEndsHasFilled() {
        Order entry = sent(bracket("10"));
        book(fill("1", entry, "4", "100", "0"), report("2", entry, Kind.CANCELED));
        assertEquals(decimal("4"), now(entry.links().takeProfitId()).qty());
        assertEquals(OrderStatus.ACCEPTED, now(entry.links().takeProfitId()).status());
        assertEquals(decimal("4"), now(entry.links().stopLossId()).qty());
        assertEquals(OrderStatus.HELD, now(entry.links().stopLossId()).status());
    }

    @Test
    void shouldEndTheExitsWithAnEntryOfWhichNothingWasFilled() {
        Order entry = sent(bracket("10"));
        book(report("1", entry, Kind.REJECTED));
        assertEquals(OrderStatus.CANCELED, now(entry.links().takeProfitId()).status());
        assertEquals(OrderStatus.CANCELED, now(entry.links().stopLossId()).status());
        Order queued = placed(bracket("10"));
        see(desk.cancel(ACCOUNT, List.of(queued.id()), CAUSE, NOW).transaction());
        assertEquals(OrderStatus.CANCELED, now(queued.links().takeProfitId()).status());
    }

    @Test
    void shouldCancelTheOtherExitWhenOneIsFilled() {
        Order profit = workingProfit("10");
        book(fill("8", profit, "10", "120", "0"));
        assertEquals(OrderStatus.CANCELED, loss(profit).status());
        assertEquals(0, desk.openOrders());
    }

    @Test
    void shouldWorkTheStopLossForTheRestOnlyAfterTheTakeProfitHasEnded() {
        Order profit = workingProfit("10");
        book(fill("8", profit, "3", "120", "0"));
        assertNull(desk.trigger(NOW));
        prices.update(List.of(quote(AAPL, "89", "90")));
        CancelDecision decision = desk.trigger(NOW);
        see(decision.transaction());
        assertEquals(List.of(profit.id()), decision.atBroker());
        assertEquals(OrderStatus.PENDING_CANCEL, now(profit.id()).status());
        assertEquals(OrderStatus.HELD, loss(profit).status());
        assertNull(desk.trigger(NOW), "it is on its way");
        book(fill("9", profit, "2", "120", "0"), report("10", profit, Kind.CANCELED));
        assertEquals(OrderStatus.ACCEPTED, loss(profit).status());
        assertEquals(decimal("5"), loss(profit).qty());
        assertEquals(OrderType.MARKET, loss(profit).workingType());
    }

    @Test
    void shouldAskAgainWhenTheBrokerKeepsTheTakeProfit() {
        Order profit = workingProfit("10");
        prices.update(List.of(quote(AAPL, "89", "90")));
        see(desk.trigger(NOW).transaction());
        book(report("9", profit, Kind.CANCEL_REJECTED));
        assertEquals(OrderStatus.NEW, now(profit.id()).status());
        assertEquals(List.of(profit.id()), desk.trigger(NOW).atBroker());
    }

    @Test
    void shouldEndTheWholeGroupWithALegThatIsCanceled() {
        Order entry = sent(bracket("10"));
        CancelDecision decision = desk.cancel(ACCOUNT, List.of(entry.links().stopLossId()), CAUSE, NOW);
        see(decision.transaction());
        assertEquals(List.of(entry.id()), decision.atBroker());
        assertEquals(OrderStatus.CANCELED, now(entry.links().takeProfitId()).status());
        assertEquals(OrderStatus.CANCELED, now(entry.links().stopLossId()).status());
        assertEquals(OrderStatus.PENDING_CANCEL, now(entry.id()).status());
    }

    @Test
    void shouldReplaceAnOrderThatWasNotSentAtOnce() {
        Order order = placed(limit("10", "90"));
        Replacement.Taken taken = replaced(order, new OrderEdit(decimal("7"), null, decimal("91"), null, null));
        assertNull(taken.atBroker());
        assertEquals(OrderStatus.REPLACED, now(order.id()).status());
        assertEquals(taken.replacement().id(), now(order.id()).links().replacedBy());
        assertEquals(order.id(), taken.replacement().links().replaces());
        assertEquals(OrderStatus.ACCEPTED, taken.replacement().status());
        assertEquals(decimal("7"), taken.replacement().qty());
        assertEquals(decimal("91"), taken.replacement().limitPrice());
    }

    @Test
    void shouldSendOnlyWhatTheReplacedOrderHasNotFilledMeanwhile() {
        Order order = sent(limit("10", "90"));
        book(report("1", order, Kind.NEW), fill("2", order, "1", "90", "0"));
        Replacement.Taken taken = replaced(order, new OrderEdit(decimal("8"), null, null, null, null));
        assertEquals(order.id(), taken.atBroker());
        assertEquals(OrderStatus.PENDING_REPLACE, now(order.id()).status());
        assertEquals(OrderStatus.HELD, taken.replacement().status());
        book(fill("3", order, "2", "90", "0"), report("4", order, Kind.CANCELED));
        assertEquals(OrderStatus.REPLACED, now(order.id()).status());
        assertEquals(OrderStatus.ACCEPTED, now(taken.replacement().id()).status());
        assertEquals(decimal("5"), now(taken.replacement().id()).qty());
    }

    @Test
    void shouldLetAFillWinTheRaceWithAReplace() {
        Order order = sent(limit("10", "90"));
        Order next = replaced(order, new OrderEdit(null, null, decimal("91"), null, null))
                .replacement();
        book(fill("1", order, "10", "90", "0"));
        assertEquals(OrderStatus.FILLED, now(order.id()).status());
        assertEquals(OrderStatus.CANCELED, now(next.id()).status());
    }

    @Test
    void shouldRefuseToReplaceWhatIsEnding() {
        Order order = sent(limit("10", "90"));
        see(desk.cancel(ACCOUNT, List.of(order.id()), CAUSE, NOW).transaction());
        OrderEdit edit = new OrderEdit(null, null, decimal("91"), null, null);
        assertEquals(DenialCode.ORDER_NOT_REPLACEABLE, refused(order, edit));
        Order other = sent(limit("10", "90"));
        Order next = replaced(other, edit).replacement();
        assertEquals(DenialCode.ORDER_NOT_REPLACEABLE, refused(other, edit));
        assertEquals(DenialCode.ORDER_NOT_REPLACEABLE, refused(next, edit));
        Order third = sent(limit("10", "90"));
        assertEquals(
                DenialCode.REQUEST_FIELD_INVALID, refused(third, new OrderEdit(null, null, null, decimal("91"), null)));
        assertInstanceOf(
                Replacement.NotOpen.class,
                desk.replace(
                        new ReplaceOrder(0, ACCOUNT, "nope", "c-" + ++executions, edit, "key", "r"),
                        TradingState.ACTIVE,
                        NOW));
    }

    @Test
    void shouldTurnANotionalIntoUnitsAtTheFarSideOfTheQuote() {
        OrderTerms buy =
                OrderTerms.of(AAPL, Side.BUY).notional(decimal("250.55")).build();
        assertEquals(decimal("2.5055"), placed(command(buy)).qty().stripTrailingZeros());
        OrderTerms little =
                OrderTerms.of(AAPL, Side.BUY).notional(decimal("0.00000001")).build();
        Admission.Denied denied =
                assertInstanceOf(Admission.Denied.class, desk.place(command(little), TradingState.ACTIVE, false, NOW));
        assertEquals(DenialCode.ORDER_NOTIONAL_MIN, denied.denial().code());
        assertEquals("notional", denied.denial().field());
    }

    // ---- helpers

    private PlaceOrder command(OrderTerms terms) {
        return new PlaceOrder(ACCOUNT, "c-" + ++executions, terms, "key", "request");
    }

    private PlaceOrder limit(String qty, String price) {
        return command(OrderTerms.of(AAPL, Side.BUY)
                .qty(decimal(qty))
                .type(OrderType.LIMIT)
                .limitPrice(decimal(price))
                .build());
    }

    private PlaceOrder bracket(String qty) {
        return command(OrderTerms.of(AAPL, Side.BUY)
                .qty(decimal(qty))
                .exits(new OrderExits(OrderClass.BRACKET, decimal("120"), decimal("90"), null))
                .build());
    }

    private Order placed(PlaceOrder command) {
        Admission admission = desk.place(command, TradingState.ACTIVE, false, NOW);
        Admission.Admitted admitted = assertInstanceOf(Admission.Admitted.class, admission, admission.toString());
        see(admitted.transaction());
        desk.enqueue(admitted.order(), NOW);
        return admitted.order();
    }

    private Order sent(PlaceOrder command) {
        Order order = placed(command);
        send();
        return now(order.id());
    }

    private void send() {
        Dispatch dispatch = desk.dispatch(NOW);
        see(dispatch.transaction());
        desk.sent(dispatch.orders(), NOW);
    }

    /** The take-profit of a bracket whose entry is filled. */
    private Order workingProfit(String qty) {
        Order entry = sent(bracket(qty));
        book(fill("entry", entry, qty, "100", "0"));
        send();
        Order profit = now(entry.links().takeProfitId());
        book(report("working", profit, Kind.NEW));
        return now(profit.id());
    }

    private Order loss(Order profit) {
        return now(now(profit.links().parentId()).links().stopLossId());
    }

    private Replacement.Taken replaced(Order order, OrderEdit edit) {
        Replacement replacement = replace(order, edit);
        Replacement.Taken taken = assertInstanceOf(Replacement.Taken.class, replacement, replacement.toString());
        see(taken.transaction());
        return taken;
    }

    private DenialCode refused(Order order, OrderEdit edit) {
        return assertInstanceOf(Replacement.Denied.class, replace(order, edit))
                .denial()
                .code();
    }

    private Replacement replace(Order order, OrderEdit edit) {
        ReplaceOrder command = new ReplaceOrder(0, ACCOUNT, order.id(), "c-" + ++executions, edit, "key", "request");
        return desk.replace(command, TradingState.ACTIVE, NOW);
    }

    private void book(ExecutionReport... reports) {
        see(desk.book(List.of(reports), NOW));
    }

    private void see(Transaction tx) {
        tx.mutations().stream()
                .filter(mutation -> mutation.key().domain().equals(Domains.ORDER))
                .forEach(mutation -> stored.put(mutation.key().id(), Order.fromJson(mutation.json())));
    }

    /** The order as it is stored. */
    private Order now(String orderId) {
        return stored.get(orderId);
    }
}
