package io.tradewind.benchmarks.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.benchmarks.TestOrders;
import io.tradewind.benchmarks.audit.Audit.Kind;
import io.tradewind.benchmarks.load.Outcomes;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.CommittedTransaction;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTest {

    private static final String PREFIX = "run-";
    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final Outcomes outcomes = new Outcomes();
    private final OrderTrails trails = new OrderTrails(PREFIX);
    private long version;

    @Test
    void shouldHoldWhenEverythingIsEverywhereOnce() {
        for (int seq = 0; seq < 3; seq++) {
            acknowledge(seq);
            fill(accept(seq), BigDecimal.ONE);
            row(seq, "filled", BigDecimal.ONE, 1);
        }
        AuditResult result = judge();
        assertTrue(result.holds(), result.listed().toString());
        assertEquals(3, result.inLog());
        assertEquals(3, result.inPostgres());
        assertEquals(3, result.filled());
    }

    @Test
    void shouldFindAnAcknowledgedOrderThatIsNowhere() {
        acknowledge(0);
        assertDifferences(Map.of(Kind.MISSING_IN_LOG, 1));
    }

    @Test
    void shouldFindAnAcknowledgedOrderThatOnlyPostgresHas() {
        acknowledge(0);
        row(0, "filled", BigDecimal.ONE, 1);
        assertDifferences(Map.of(Kind.MISSING_IN_LOG, 1, Kind.EXTRA_IN_POSTGRES, 1));
    }

    @Test
    void shouldFindAnOrderThatWasAcceptedTwice() {
        acknowledge(0);
        accept(0);
        fill(accept(0), BigDecimal.ONE);
        row(0, "filled", BigDecimal.ONE, 1);
        assertDifferences(Map.of(Kind.ACCEPTED_TWICE, 1));
    }

    @Test
    void shouldCountAnOrderThatWasSentAtOnceAsAcceptedOnce() {
        acknowledge(0);
        Order sent = TestOrders.accepted(TestOrders.id(PREFIX, 0), 0).withStatus(OrderStatus.PENDING_NEW, 1, null);
        log(sent);
        fill(sent, BigDecimal.ONE);
        row(0, "filled", BigDecimal.ONE, 1);
        AuditResult result = judge();
        assertTrue(result.holds(), result.listed().toString());
    }

    @Test
    void shouldFindAnOrderThatWasFilledTwice() {
        acknowledge(0);
        Order order = accept(0);
        fill(order, BigDecimal.ONE);
        log(order.withStatus(OrderStatus.NEW, 3, null));
        fill(order, BigDecimal.ONE);
        row(0, "filled", BigDecimal.ONE, 2);
        // Two activities for one execution, too; Postgres repeats it faithfully.
        assertDifferences(Map.of(Kind.FILLED_TWICE, 1, Kind.FILLS_DO_NOT_ADD_UP, 1));
    }

    @Test
    void shouldNotTakeAnotherWriteOfAFilledOrderForASecondFill() {
        acknowledge(0);
        Order order = accept(0);
        Order filled = fill(order, BigDecimal.ONE);
        log(filled);
        row(0, "filled", BigDecimal.ONE, 1);
        assertTrue(judge().holds());
    }

    @Test
    void shouldFindAnOrderThatIsOnlyPartiallyFilled() {
        acknowledge(0);
        fill(accept(0), HALF);
        row(0, "partially_filled", HALF, 1);
        assertDifferences(Map.of(Kind.NOT_FILLED, 1));
    }

    @Test
    void shouldTakeTwoPartialFillsForAWholeOne() {
        acknowledge(0);
        fill(fill(accept(0), HALF), HALF);
        trails.row(new OrderRow(TestOrders.id(PREFIX, 0), "filled", BigDecimal.ONE, 2, BigDecimal.ONE));
        AuditResult result = judge();
        assertTrue(result.holds(), result.listed().toString());
    }

    @Test
    void shouldFindAFillWithoutItsActivity() {
        acknowledge(0);
        Order order = accept(0);
        log(order.withFill(OrderStatus.FILLED, BigDecimal.ONE, BigDecimal.TEN, 2));
        trails.row(new OrderRow(TestOrders.id(PREFIX, 0), "filled", BigDecimal.ONE, 0, BigDecimal.ZERO));
        assertDifferences(Map.of(Kind.FILLS_DO_NOT_ADD_UP, 1));
    }

    @Test
    void shouldFindOrdersThatNobodyWasToldOf() {
        outcomes.sent(0);
        outcomes.denied(0);
        fill(accept(0), BigDecimal.ONE);
        row(0, "filled", BigDecimal.ONE, 1);
        fill(accept(7), BigDecimal.ONE);
        row(7, "filled", BigDecimal.ONE, 1);
        log(TestOrders.accepted(PREFIX + "stranger", 1));
        assertDifferences(Map.of(Kind.EXTRA_IN_LOG, 3));
    }

    @Test
    void shouldAllowAnUnknownOrderToBeThereOrNot() {
        outcomes.sent(1);
        outcomes.unknown(0);
        outcomes.unknown(1);
        fill(accept(1), BigDecimal.ONE);
        row(1, "filled", BigDecimal.ONE, 1);
        AuditResult result = judge();
        assertTrue(result.holds(), result.listed().toString());
        assertEquals(2, result.unknown());
        assertEquals(1, result.unknownInLog());
    }

    @Test
    void shouldFindWhatPostgresHasDifferently() {
        for (int seq = 0; seq < 4; seq++) {
            acknowledge(seq);
            fill(accept(seq), BigDecimal.ONE);
        }
        row(0, "filled", BigDecimal.ONE, 1);
        row(0, "filled", BigDecimal.ONE, 1);
        row(1, "accepted", BigDecimal.ZERO, 0);
        row(2, "filled", BigDecimal.ONE, 2);
        assertDifferences(
                Map.of(Kind.DOUBLE_IN_POSTGRES, 1, Kind.DIFFERENT_IN_POSTGRES, 2, Kind.MISSING_IN_POSTGRES, 1));
    }

    @Test
    void shouldNotMissPostgresWhenItWasNotRead() {
        acknowledge(0);
        fill(accept(0), BigDecimal.ONE);
        AuditResult result = Audit.judge(outcomes, trails, List.of(), false);
        assertTrue(result.holds());
        assertEquals(-1, result.inPostgres());
    }

    @Test
    void shouldIgnoreOrdersOfOthers() {
        log(TestOrders.accepted("seed-run-000000000", 1));
        assertTrue(judge().holds());
    }

    @Test
    void shouldNotHoldOnADamagedLog() {
        AuditResult result = Audit.judge(outcomes, trails, List.of("versions 7 to 9 are missing"), true);
        assertFalse(result.holds());
        assertEquals("versions 7 to 9 are missing", result.listed().get(0).detail());
    }

    @Test
    void shouldCountAllDifferencesButListOnlyTheFirst() {
        for (int seq = 0; seq < 1_000; seq++) {
            acknowledge(seq);
        }
        AuditResult result = judge();
        assertEquals(Map.of(Kind.MISSING_IN_LOG, 1_000), result.differences());
        assertEquals(Audit.LISTED, result.listed().size());
    }

    @Test
    void shouldTakeTimesFromTheLog() {
        acknowledge(0);
        Order order = TestOrders.accepted(TestOrders.id(PREFIX, 0), 0);
        trails.logged(TestOrders.transaction(1, 1_000, order));
        trails.logged(TestOrders.filled(2, 1_250, order));
        assertEquals(1_000, trails.firstAcceptedMs());
        assertEquals(1_250, trails.lastFilledMs());
        assertEquals(250, trails.fillMs().getMaxValue());
    }

    private void acknowledge(int seq) {
        outcomes.sent(seq);
        outcomes.acknowledged(seq);
    }

    private Order accept(int seq) {
        Order order = TestOrders.accepted(TestOrders.id(PREFIX, seq), seq);
        log(order);
        return order;
    }

    private Order fill(Order order, BigDecimal qty) {
        CommittedTransaction transaction = TestOrders.filled(++version, version, order, qty);
        trails.logged(transaction);
        return Order.fromJson(transaction.mutations().get(0).json());
    }

    private void log(Order order) {
        trails.logged(TestOrders.transaction(++version, version, order));
    }

    private void row(int seq, String status, BigDecimal filledQty, int activities) {
        trails.row(new OrderRow(
                TestOrders.id(PREFIX, seq),
                status,
                filledQty,
                activities,
                filledQty.multiply(BigDecimal.valueOf(Math.max(1, activities)))));
    }

    private AuditResult judge() {
        return Audit.judge(outcomes, trails, List.of(), true);
    }

    private void assertDifferences(Map<Kind, Integer> expected) {
        AuditResult result = judge();
        assertEquals(expected, result.differences(), result.listed().toString());
        assertFalse(result.holds());
    }
}
