package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.fill;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.market;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every denial, through the desk, as a client meets it. */
class OrderChecksTest {

    private final Prices prices = new Prices();
    private final Desk desk = new Desk(
            new DeskLimits(3, 5, 10, 60_000, decimal("0.01"), decimal("10000")),
            prices,
            new AdmissionPause(),
            ids("id"),
            new Expectation(new EntityKey("owner", "#0", "order-queue"), 1));
    private int executions;

    @BeforeEach
    void openAccount() {
        prices.update(List.of(quote(AAPL, "99", "100"), quote("MSFT", "399", "400")));
        desk.openAccount(ACCOUNT, NOW);
    }

    @Test
    void shouldDenyAClientOrderIdThatIsEmptyOrTooLong() {
        Denial empty = denied(limit(Side.BUY, "1", "1", ""));
        assertDenial(empty, DenialCode.REQUEST_FIELD_INVALID, "client_order_id", "0", "128");
        Denial tooLong = denied(limit(Side.BUY, "1", "1", "x".repeat(129)));
        assertDenial(tooLong, DenialCode.REQUEST_FIELD_INVALID, "client_order_id", "129", "128");
        admitted(limit(Side.BUY, "1", "1", "x".repeat(128)));
    }

    @Test
    void shouldDenyASymbolThatHasNoMarketData() {
        PlaceOrder known = limit(Side.BUY, "1", "1", "c1");
        PlaceOrder order = new PlaceOrder(
                ACCOUNT,
                "c1",
                "NOPE",
                known.qty(),
                known.side(),
                known.type(),
                known.timeInForce(),
                known.limitPrice(),
                known.priority(),
                "key",
                "request");
        assertDenial(denied(order), DenialCode.ORDER_SYMBOL_UNKNOWN, "symbol", "NOPE", "AAPL, MSFT");
    }

    @Test
    void shouldDenyAQuantityOutOfBounds() {
        assertDenial(denied(market(Side.BUY, "0", "c1")), DenialCode.ORDER_QTY_INVALID, "qty", "0", "1000000000");
        assertDenial(denied(market(Side.BUY, "-3", "c1")), DenialCode.ORDER_QTY_INVALID, "qty", "-3", "1000000000");
        assertDenial(
                denied(limit(Side.BUY, "1000000000.1", "0.000000001", "c1")),
                DenialCode.ORDER_QTY_INVALID,
                "qty",
                "1000000000.1",
                "1000000000");
        assertDenial(
                denied(limit(Side.BUY, "1000000000", "0.0001", "c1")),
                DenialCode.RISK_BUYING_POWER,
                "qty",
                "100000.00");
    }

    @Test
    void shouldDenyALimitPriceOutOfBounds() {
        for (String price : List.of("0", "-1", "1000000000.1")) {
            assertDenial(
                    denied(limit(Side.BUY, "1", price, "c1")),
                    DenialCode.ORDER_PRICE_INVALID,
                    "limit_price",
                    price,
                    "1000000000");
        }
    }

    @Test
    void shouldDenyEverythingWhenHalted() {
        Denial denial = denied(limit(Side.BUY, "1", "1", "c1"), TradingState.HALTED);
        assertEquals(DenialCode.RISK_TRADING_HALTED, denial.code());
        assertTrue(denial.message().contains("halted"), denial.message());
    }

    @Test
    void shouldOnlyTakeWhatReducesWhenReducing() {
        hold("10");
        Denial buy = denied(market(Side.BUY, "1", "c1"), TradingState.REDUCING);
        assertDenial(buy, DenialCode.RISK_REDUCING_ONLY, "qty", "AAPL", "10");
        Denial flip = denied(market(Side.SELL, "11", "c1"), TradingState.REDUCING);
        assertEquals(DenialCode.RISK_REDUCING_ONLY, flip.code());
        assertInstanceOf(
                Admission.Admitted.class, desk.place(market(Side.SELL, "10", "c1"), TradingState.REDUCING, false, NOW));
        assertEquals(
                DenialCode.RISK_POSITION,
                denied(market(Side.SELL, "10", "c2"), TradingState.REDUCING).code(),
                "the first one holds the units back");
    }

    @Test
    void shouldDenyABuyThatCannotBePaid() {
        Denial denial = denied(limit(Side.BUY, "101", "100", "c1"));
        assertDenial(denial, DenialCode.RISK_BUYING_POWER, "qty", "10100.00", "10000.00");
        admitted(limit(Side.BUY, "60", "100", "c1"));
        Denial second = denied(limit(Side.BUY, "41", "100", "c2"));
        assertDenial(second, DenialCode.RISK_BUYING_POWER, "qty", "4100.00", "4000.00");
        admitted(limit(Side.BUY, "40", "100", "c2"));
    }

    @Test
    void shouldCountAMarketBuyAtTheAskAndTheCollar() {
        assertDenial(
                denied(market(Side.BUY, "100", "c1")), DenialCode.RISK_BUYING_POWER, "qty", "10100.00", "10000.00");
        admitted(market(Side.BUY, "99", "c1"));
    }

    @Test
    void shouldDenyASellOfWhatIsNotThere() {
        assertDenial(denied(market(Side.SELL, "1", "c1")), DenialCode.RISK_POSITION, "qty", "1", "0");
        hold("10");
        admitted(limit(Side.SELL, "8", "200", "c1"));
        assertDenial(denied(market(Side.SELL, "3", "c2")), DenialCode.RISK_POSITION, "qty", "3", "2");
    }

    @Test
    void shouldDenyWhenTheLaneIsFullWhetherDurableOrNot() {
        for (int i = 0; i < 3; i++) {
            admitted(limit(Side.BUY, "1", "1", "c" + i));
        }
        Denial denial = denied(limit(Side.BUY, "1", "1", "c3"));
        assertDenial(denial, DenialCode.QUEUE_LANE_FULL, null, "normal", "3");
        assertEquals(Desk.RETRY_AFTER_MS, denial.retryAfterMs());
    }

    @Test
    void shouldDenyWhenTheLaneIsFullOfDurableOrders() {
        for (int i = 0; i < 3; i++) {
            desk.enqueue(admitted(limit(Side.BUY, "1", "1", "c" + i)), NOW);
        }
        assertEquals(
                DenialCode.QUEUE_LANE_FULL,
                denied(limit(Side.BUY, "1", "1", "c3")).code());
        desk.dispatch(NOW);
        admitted(limit(Side.BUY, "1", "1", "c3"));
    }

    @Test
    void shouldDenyWhenTheAccountHasTooManyOpenOrders() {
        for (int i = 0; i < 5; i++) {
            desk.enqueue(admitted(limit(Side.BUY, "1", "1", "c" + i)), NOW);
            desk.dispatch(NOW);
        }
        Denial denial = denied(limit(Side.BUY, "1", "1", "c5"));
        assertDenial(denial, DenialCode.QUEUE_ACCOUNT_FULL, null, "5");
        assertEquals(Desk.RETRY_AFTER_MS, denial.retryAfterMs());
    }

    @Test
    void shouldLeaveNothingBehindWhenItDenies() {
        denied(limit(Side.BUY, "101", "100", "c1"));
        assertEquals(0, desk.openOrders());
        assertNull(desk.orderIdOf(ACCOUNT, "c1"));
        assertEquals(0, decimal("10000").compareTo(desk.account(ACCOUNT).buyingPower(prices)), "nothing is held back");
        admitted(limit(Side.BUY, "1", "100", "c1"));
    }

    private void hold(String qty) {
        Order order = admitted(market(Side.BUY, qty, "hold-" + executions));
        desk.enqueue(order, NOW);
        desk.dispatch(NOW);
        desk.book(List.of(fill("e" + executions++, order, qty, "1", "0")), NOW);
        assertEquals(
                0,
                new BigDecimal(qty)
                        .compareTo(desk.account(ACCOUNT).position(AAPL).qty()));
    }

    private Order admitted(PlaceOrder command) {
        return assertInstanceOf(Admission.Admitted.class, desk.place(command, TradingState.ACTIVE, false, NOW))
                .order();
    }

    private Denial denied(PlaceOrder command) {
        return denied(command, TradingState.ACTIVE);
    }

    private Denial denied(PlaceOrder command, TradingState state) {
        return assertInstanceOf(Admission.Denied.class, desk.place(command, state, false, NOW))
                .denial();
    }

    private static void assertDenial(Denial denial, DenialCode code, String field, String... said) {
        assertEquals(code, denial.code());
        assertEquals(field, denial.field());
        for (String part : said) {
            assertTrue(denial.message().contains(part), () -> "'" + denial.message() + "' does not say " + part);
        }
    }
}
