package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.fill;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static io.tradewind.orderqueue.domain.Samples.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.Reconciliation.Found;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as a mismatch with the broker, what does not, and what is done about each. */
@Timeout(30)
class ReconciliationTest {

    private static final EntityKey OWNER = new EntityKey(Domains.OWNER, "#0", "order-queue");

    private final Prices prices = new Prices();
    private final Desk desk = new Desk(
            new DeskLimits(100, 100, 100, 60_000, decimal("0.01"), decimal("1000000")),
            prices,
            new AdmissionPause(),
            Samples.ids("id"),
            new Expectation(OWNER, 1));

    private int sent;

    ReconciliationTest() {
        prices.update(List.of(quote(AAPL, "99", "101")));
        desk.openAccount(ACCOUNT, NOW);
    }

    /**
     * Ours: status, executed of 10. The broker: as it lists the order (executed; '-' when it does not), as it finds it
     * (open, over, '-' when it never saw it), the reports it has: n = NEW, 4 = a fill of 4 that is booked, +3 = one of 3
     * that is not, c = CANCELED.
     */
    @ParameterizedTest
    @CsvSource({
        "new,              0, 0, open, n,      -,                -",
        "partially_filled, 4, 4, open, n 4,    -,                -",
        "pending_new,      0, -, -,    -,      MISSING_THERE,    SENT_AGAIN",
        "new,              0, -, -,    -,      MISSING_THERE,    SENT_AGAIN",
        "partially_filled, 4, -, -,    -,      MISSING_THERE,    SENT_AGAIN",
        "pending_cancel,   0, -, -,    -,      MISSING_THERE,    CANCELED_HERE",
        "pending_new,      0, 0, open, n,      STATUS_DIFFERS,   BOOKED",
        "pending_new,      0, 0, open, -,      STATUS_DIFFERS,   ESCALATED",
        "pending_cancel,   0, 0, open, n,      STATUS_DIFFERS,   CANCELED_THERE",
        "new,              0, -, over, n c,    STATUS_DIFFERS,   BOOKED",
        "partially_filled, 4, -, over, n 4 c,  STATUS_DIFFERS,   BOOKED",
        "pending_cancel,   0, -, over, n c,    STATUS_DIFFERS,   BOOKED",
        "new,              0, -, over, n +10,  STATUS_DIFFERS,   BOOKED",
        "partially_filled, 4, -, over, n 4 +6, STATUS_DIFFERS,   BOOKED",
        "partially_filled, 4, -, over, n 4 +3, STATUS_DIFFERS,   ESCALATED",
        "new,              0, -, over, n,      STATUS_DIFFERS,   ESCALATED",
        "new,              0, 3, open, n +3,   QUANTITY_DIFFERS, BOOKED",
        "partially_filled, 4, 7, open, n 4 +3, QUANTITY_DIFFERS, BOOKED",
        "partially_filled, 4, 1, open, n 4,    QUANTITY_DIFFERS, ESCALATED",
    })
    void shouldClassifyEveryDifferenceOfAnOrderAndNameItsRule(
            String status, String executed, String listed, String there, String reports, String kind, String rule) {
        Order order = order(OrderStatus.parse(status), executed);
        List<ExecutionReport> said = reports(order, reports);
        Mismatch mismatch = Reconciliation.compare(
                order,
                Set.of("4"),
                listed.equals("-") ? null : listed(order, listed),
                there.equals("-") ? null : new BrokerOrder(order.id(), there.equals("open"), said));
        assertEquals(kind, mismatch == null ? "-" : mismatch.kind().name());
        assertEquals(rule, mismatch == null ? "-" : mismatch.rule().name());
        if (mismatch != null) {
            assertEquals(ACCOUNT, mismatch.accountId());
            assertEquals(order.id(), mismatch.subject());
        }
    }

    @Test
    void shouldCallNothingAMismatchThatMovedSinceTheFirstLook() {
        Order order = send("10");
        Reconciliation run = new Reconciliation(desk, false);
        assertEquals(Set.of(order.id()), run.suspects(List.of()));
        desk.book(List.of(report("e1", order, Kind.NEW)), NOW);
        assertNull(run.order(order.id(), null), "its report was on its way");
    }

    @Test
    void shouldSuspectNothingThatIsSentAfterTheFirstLook() {
        Reconciliation run = new Reconciliation(desk, false);
        Order order = send("10");
        assertEquals(Set.of(), run.suspects(List.of()));
        assertEquals(Set.of(), run.strangers());
        Reconciliation before = new Reconciliation(desk, false);
        desk.sent(List.of(order), NOW);
        assertNull(before.order(order.id(), null), "sent again meanwhile");
    }

    @Test
    void shouldSuspectEveryOrderThatMayBeThereWhenItStarts() {
        Order order = send("10");
        desk.book(List.of(report("e1", order, Kind.NEW)), NOW);
        Reconciliation run = new Reconciliation(desk, true);
        assertEquals(Set.of(order.id()), run.suspects(List.of(listed(order, "0"))));
        assertNull(run.order(order.id(), new BrokerOrder(order.id(), true, reports(order, "n"))));
    }

    @Test
    void shouldQueueAgainWhatTheBrokerHasNeverSeen() {
        Order order = send("10");
        Reconciliation run = new Reconciliation(desk, false);
        assertEquals(Set.of(order.id()), run.suspects(List.of()));
        Found found = run.order(order.id(), null);
        assertEquals(Mismatch.Rule.SENT_AGAIN, found.mismatch().rule());
        assertEquals(List.of(), run.settle(found, NOW));
        assertEquals(
                List.of(order.id()),
                desk.dispatch(NOW).orders().stream().map(Order::id).toList());
    }

    @Test
    void shouldBookWhatTheBrokerSaysAndEscalateWhatThatDoesNotEnd() {
        Order order = send("10");
        Reconciliation run = new Reconciliation(desk, false);
        run.suspects(List.of());
        BrokerOrder over = new BrokerOrder(order.id(), false, List.of(fill("e2", order, "10", "101", "0")));
        Found found = run.order(order.id(), over);
        assertEquals(Mismatch.Rule.BOOKED, found.mismatch().rule());
        desk.book(run.settle(found, NOW), NOW);
        assertEquals(Mismatch.Rule.BOOKED, run.settled(found, over).rule());
        assertEquals(decimal("10"), desk.account(ACCOUNT).position(AAPL).qty());

        Order other = send("5");
        Reconciliation next = new Reconciliation(desk, false);
        next.suspects(List.of());
        BrokerOrder unclear = new BrokerOrder(other.id(), false, List.of(report("e3", other, Kind.NEW)));
        assertTrue(next.settled(next.order(other.id(), unclear), unclear).isEscalated());
    }

    @Test
    void shouldCancelThereWhatIsOverHereAndLeaveStrangersToPeople() {
        Order order = send("10");
        desk.book(List.of(report("e1", order, Kind.CANCELED)), NOW);
        Reconciliation run = new Reconciliation(desk, false);
        run.suspects(List.of(listed(order, "0")));
        assertEquals(Set.of(order.id()), run.strangers());
        Mismatch ours = run.stranger(order.id(), true).mismatch();
        assertEquals(Mismatch.Kind.MISSING_HERE, ours.kind());
        assertEquals(Mismatch.Rule.CANCELED_THERE, ours.rule());
        Mismatch theirs = run.stranger(order.id(), false).mismatch();
        assertEquals(Mismatch.Kind.MISSING_HERE, theirs.kind());
        assertTrue(theirs.isEscalated());
    }

    @Test
    void shouldNotCallAnOrderAStrangerThatEndedHereAMomentAgo() {
        Order order = send("10");
        Reconciliation run = new Reconciliation(desk, false);
        run.suspects(List.of(listed(order, "0")));
        desk.book(List.of(report("e1", order, Kind.CANCELED)), NOW);
        assertEquals(Set.of(), run.strangers());
    }

    @Test
    void shouldBookAnUnknownFillOfAnOrderThatIsOver() {
        Order order = send("10");
        desk.book(List.of(fill("e1", order, "4", "100", "1"), report("e2", order, Kind.CANCELED)), NOW);
        Order over = order.withFill(OrderStatus.CANCELED, decimal("4"), decimal("100"), NOW);
        BrokerExecution late = new BrokerExecution(fill("e3", order, "2", "103", "1"), AAPL, Side.BUY);
        Reconciliation run = new Reconciliation(desk, false);
        assertEquals(List.of(late), run.toLookUp(List.of(late), new LinkedHashSet<>()));
        Mismatch mismatch = run.execution(late, true).mismatch();
        assertEquals(Mismatch.Kind.UNKNOWN_FILL, mismatch.kind());
        assertEquals(Mismatch.Rule.BOOKED, mismatch.rule());

        Transaction tx = desk.bookOutside(List.of(late), over, NOW);
        FakeState state = new FakeState();
        tx.mutations()
                .forEach(each -> state.commit(new Transaction("put " + each.key(), null, List.of(each), List.of())));
        assertEquals("6", state.fields(Desk.orderKey(order)).get("filled_qty"));
        assertEquals("101", state.fields(Desk.orderKey(order)).get("filled_avg_price"));
        assertEquals("canceled", state.fields(Desk.orderKey(order)).get("status"));
        assertEquals(
                "6",
                state.fields(new EntityKey(Domains.POSITION, ACCOUNT, AAPL)).get("qty"));
        assertEquals(
                "999392",
                state.fields(new EntityKey(Domains.ACCOUNT, ACCOUNT, ACCOUNT)).get("cash"));
        EntityKey activity = new EntityKey(Domains.ACTIVITY, ACCOUNT, order.id() + ":e3");
        assertEquals("reconciliation", state.fields(activity).get("origin"));
        assertTrue(tx.expectations().contains(new Expectation(activity, Expectation.ABSENT)), "booked once");
    }

    @Test
    void shouldBookAManualTradeAndEscalateOneOfAnAccountThatIsNotHere() {
        BrokerExecution byHand = byHand(ACCOUNT);
        Reconciliation run = new Reconciliation(desk, false);
        Mismatch mismatch = run.execution(byHand, false).mismatch();
        assertEquals(Mismatch.Kind.MANUAL_TRADE, mismatch.kind());
        assertEquals(Mismatch.Rule.BOOKED, mismatch.rule());
        Transaction tx = desk.bookOutside(List.of(byHand), null, NOW);
        assertEquals(
                Set.of(Domains.ACTIVITY, Domains.POSITION, Domains.ACCOUNT),
                tx.mutations().stream().map(each -> each.key().domain()).collect(Collectors.toSet()));
        assertEquals(decimal("-3"), desk.account(ACCOUNT).position(AAPL).qty());
        assertTrue(run.execution(byHand("nobody"), false).mismatch().isEscalated());
    }

    @Test
    void shouldSuspectAnOrderWhoseExecutionIsNotBooked() {
        Order order = send("10");
        desk.book(List.of(fill("e1", order, "4", "100", "1")), NOW);
        Reconciliation run = new Reconciliation(desk, false);
        Set<String> suspects = new LinkedHashSet<>();
        assertEquals(List.of(), run.toLookUp(List.of(execution(order, "e1")), suspects));
        assertEquals(Set.of(), suspects);
        assertEquals(List.of(), run.toLookUp(List.of(execution(order, "e9")), suspects));
        assertEquals(Set.of(order.id()), suspects);
    }

    @Test
    void shouldEscalateAPositionThatDiffersInBothLooks() {
        Order order = send("10");
        desk.book(List.of(fill("e1", order, "4", "100", "1")), NOW);
        Reconciliation run = new Reconciliation(desk, false);
        List<BrokerPosition> theirs = List.of(position(AAPL, "5"), position("MSFT", "1"));
        assertTrue(run.holdings(theirs));
        List<Mismatch> found =
                run.positions(theirs).stream().map(Found::mismatch).toList();
        assertEquals(Set.of(AAPL, "MSFT"), found.stream().map(Mismatch::subject).collect(Collectors.toSet()));
        found.forEach(mismatch -> {
            assertEquals(Mismatch.Kind.QUANTITY_DIFFERS, mismatch.kind());
            assertTrue(mismatch.isEscalated());
        });
        assertTrue(run.holdings(List.of()), "the broker says that nothing is held");
        desk.book(List.of(fill("e2", order, "1", "100", "1")), NOW);
        assertEquals(List.of(), run.positions(List.of()), "it moved meanwhile");
        assertEquals(false, run.holdings(List.of(position(AAPL, "5.0"))));
    }

    private Order send(String qty) {
        Admission admission = desk.place(limit(Side.BUY, qty, "101", "c" + ++sent), TradingState.ACTIVE, false, NOW);
        desk.enqueue(((Admission.Admitted) admission).order(), NOW);
        List<Order> orders = desk.dispatch(NOW).orders();
        desk.sent(orders, NOW);
        return orders.get(0);
    }

    private static Order order(OrderStatus status, String executed) {
        Order order = Order.accepted("order-1", limit(Side.BUY, "10", "101", "c1"), NOW);
        BigDecimal filled = decimal(executed);
        return filled.signum() == 0
                ? order.withStatus(status, NOW, null)
                : order.withFill(status, filled, decimal("100"), NOW);
    }

    private static List<ExecutionReport> reports(Order order, String marks) {
        List<ExecutionReport> reports = new ArrayList<>();
        Stream.of(marks.split(" ")).filter(mark -> !mark.equals("-")).forEach(mark -> {
            Optional<Kind> kind =
                    Optional.ofNullable(mark.equals("n") ? Kind.NEW : mark.equals("c") ? Kind.CANCELED : null);
            reports.add(
                    kind.isPresent()
                            ? report(mark, order, kind.get())
                            : fill(mark, order, mark.replace("+", ""), "100", "0"));
        });
        return reports;
    }

    private static BrokerOpenOrder listed(Order order, String executed) {
        return new BrokerOpenOrder(
                order.id(), order.accountId(), order.symbol(), order.side(), order.qty(), decimal(executed));
    }

    private static BrokerExecution execution(Order order, String id) {
        return new BrokerExecution(fill(id, order, "4", "100", "1"), AAPL, Side.BUY);
    }

    private static BrokerExecution byHand(String account) {
        ExecutionReport fill = new ExecutionReport(
                "x1", "theirs", account, Kind.FILL, decimal("3"), decimal("99"), BigDecimal.ZERO, null, NOW);
        return new BrokerExecution(fill, AAPL, Side.SELL);
    }

    private static BrokerPosition position(String symbol, String qty) {
        return new BrokerPosition(ACCOUNT, symbol, decimal(qty));
    }
}
