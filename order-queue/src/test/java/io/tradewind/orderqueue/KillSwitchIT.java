package io.tradewind.orderqueue;

import static io.tradewind.orderqueue.Waiting.await;
import static io.tradewind.orderqueue.Waiting.until;
import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.orders.ClosePositions;
import io.tradewind.contracts.orders.ClosePositionsReply;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.orderqueue.domain.Liquidation;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kill switch over the whole service, with a broker that fills what and when the test says. */
@Timeout(300)
class KillSwitchIT extends OrderQueueBed {

    private static final EntityKey POSITION = new EntityKey(Domains.POSITION, ACCOUNT, AAPL);

    @BeforeEach
    void start() throws Exception {
        start(stubbed, "order-queue.reconcile-interval", "1h");
    }

    @Test
    void shouldCancelFirstAndThenCloseWhatIsReallyHeld() throws Exception {
        held("10", "c1");
        Order resting = resting("c2");
        broker.fill(resting.id(), "4", "90", false);

        TradingStateReply reply = flatten();
        assertEquals(1, reply.canceling());
        assertEquals(1, reply.flattening());
        untilStatus(resting.id(), OrderStatus.CANCELED);
        Order closing = closing();
        assertEquals("14", closing.qty().toPlainString());
        assertEquals(Side.SELL, closing.side());
        assertEquals(DenialCode.RISK_TRADING_HALTED, denied(limit(Side.SELL, "1", "90", "c3")));

        broker.fill(closing.id(), "6", "99", true);
        untilStatus(closing.id(), OrderStatus.PARTIALLY_FILLED);
        assertEquals(
                List.of(closing.id()), broker.working().stream().map(Order::id).toList());
        broker.fill(closing.id(), "8", "99", true);
        until("nothing is held", () -> !store.has(POSITION));
        until("it is done", () -> state(null, false).flattening() == 0);

        state(TradingState.ACTIVE, false);
        held("1", "c4");
        assertEquals(List.of(), broker.working(), "what was held since is not touched");
    }

    @Test
    void shouldGoOnAfterARestartAndTryAgainWhenAClosingOrderComesToNothing() throws Exception {
        held("10", "c1");
        flatten();
        Order first = closing();
        await(kit.services().restart("order-queue"));
        until("it goes on", () -> state(null, false).flattening() == 1);
        broker.endSilently(first.id());
        await(kit.services().restart("order-queue"));
        Order second = closing();
        assertNotEquals(first.id(), second.id());
        broker.fill(second.id(), "10", "99", true);
        until("nothing is held", () -> !store.has(POSITION));
        until("it is done", () -> state(null, false).flattening() == 0);
        await(kit.services().restart("order-queue"));
        assertEquals(TradingState.HALTED, state(null, false).global());
        assertEquals(0, state(null, false).flattening());
        assertEquals(List.of(), broker.working());
    }

    @Test
    void shouldCancelEverythingAlsoWhenItWasInterrupted() throws Exception {
        Order resting = resting("c1");
        broker.reachable(false);
        until("the line is down", () -> health().contains("pulled the plug"));
        request(
                Addresses.ORDERS_TRADING_STATE,
                new SetTradingState(ACCOUNT, TradingState.REDUCING, true, false, "drill", "operator", "r"),
                TradingStateReply.class);
        await(kit.services().restart("order-queue"));
        broker.reachable(true);
        untilStatus(resting.id(), OrderStatus.CANCELED);
        until("nobody works it", () -> broker.working().isEmpty());
    }

    @Test
    void shouldStopClosingWhenTradingIsResumed() throws Exception {
        held("10", "c1");
        broker.reachable(false);
        until("the line is down", () -> health().contains("pulled the plug"));
        flatten();
        state(TradingState.ACTIVE, false);
        assertEquals(0, state(null, false).flattening());
    }

    @Test
    void shouldCloseAPositionOrAPartOfItAlsoWhenHalted() throws Exception {
        held("10", "c1");
        state(TradingState.HALTED, false);
        ClosePositionsReply.Result part = close(AAPL, null, "25").get(0);
        Order quarter = Order.fromJson(
                assertInstanceOf(PlaceResult.Accepted.class, part.order()).order());
        assertEquals("2.5", quarter.qty().toPlainString());
        PlaceResult.Denied tooMuch = assertInstanceOf(
                PlaceResult.Denied.class, close(AAPL, "8", null).get(0).order());
        assertEquals(DenialCode.RISK_POSITION, tooMuch.denial().code());
        Order rest = Order.fromJson(assertInstanceOf(
                        PlaceResult.Accepted.class,
                        close(AAPL, "7.5", null).get(0).order())
                .order());
        until("the broker has both", () -> broker.works(quarter.id()) && broker.works(rest.id()));
        broker.fill(quarter.id(), "2.5", "99", true);
        broker.fill(rest.id(), "7.5", "99", true);
        until("nothing is held", () -> !store.has(POSITION));
        assertEquals(List.of(), close(AAPL, null, null));
        assertEquals(List.of(), close(null, null, null));
    }

    private List<ClosePositionsReply.Result> close(String symbol, String qty, String percentage) throws Exception {
        ClosePositions command = new ClosePositions(
                PARTITION,
                ACCOUNT,
                symbol,
                qty == null ? null : new BigDecimal(qty),
                percentage == null ? null : new BigDecimal(percentage),
                false,
                "key",
                "request");
        return request(Addresses.ordersClose(PARTITION), command, ClosePositionsReply.class)
                .results();
    }

    private void held(String qty, String clientOrderId) throws Exception {
        Order bought = place(limit(Side.BUY, qty, "90", clientOrderId));
        until("the broker works it", () -> broker.works(bought.id()));
        broker.fill(bought.id(), qty, "90", true);
        untilStatus(bought.id(), OrderStatus.FILLED);
    }

    private TradingStateReply flatten() throws Exception {
        return state(TradingState.HALTED, true);
    }

    /** The state for all; {@code null} only asks. */
    private TradingStateReply state(TradingState state, boolean flatten) throws Exception {
        return request(
                Addresses.ORDERS_TRADING_STATE,
                new SetTradingState(null, state, false, flatten, "drill", "operator", "request"),
                TradingStateReply.class);
    }

    private Order closing() throws Exception {
        until("the closing order is there", () -> broker.working().stream()
                .anyMatch(order -> order.source().equals(Liquidation.SOURCE)));
        return broker.working().stream()
                .filter(order -> order.source().equals(Liquidation.SOURCE))
                .findFirst()
                .orElseThrow();
    }

    private DenialCode denied(PlaceOrder order) throws Exception {
        PlaceOrders orders = new PlaceOrders(PARTITION, List.of(order));
        PlaceResult result = request(Addresses.ordersPlace(PARTITION), orders, PlaceOrdersReply.class)
                .results()
                .get(0);
        return assertInstanceOf(PlaceResult.Denied.class, result).denial().code();
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

    // ---- what they look at
}
