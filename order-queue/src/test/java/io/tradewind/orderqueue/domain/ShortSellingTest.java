package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.market;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.TradingDays;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may be sold short, and what of the account's money that holds back. */
@Timeout(60)
class ShortSellingTest {

    private static final AccountRules RULES =
            new AccountRules(TradingDays.MARKET, true, Set.of(), AccountRules.REGULATION_T);

    private final Prices prices = new Prices();
    private final Account account = Account.open(ACCOUNT, RULES, decimal("10000"), NOW);
    private int next;

    @BeforeEach
    void quoted() {
        price("100");
    }

    private void price(String price) {
        BigDecimal last = decimal(price);
        prices.update(List.of(new Quote("AAPL", last, BigDecimal.TEN, last, BigDecimal.TEN, last, NOW)));
    }

    @Test
    void shouldHoldBackHalfOfAShortSaleWhileItIsOpenAndWhenItIsFilled() {
        Order order = open(Side.SELL, "10", "100");
        assertPower("9500");
        fill(order, "4", "100");
        assertPower("9500");
        fill(order, "10", "100");
        assertPower("9500");
        assertMoney("11000", account.cash());
        Map<String, String> shown = JsonObjects.read(account.toJson(prices, NOW));
        assertEquals("-1000", shown.get("short_market_value"));
        assertEquals("0", shown.get("long_market_value"));
        assertEquals("10000", shown.get("equity"));
        assertEquals("9500", shown.get("buying_power"));
        assertEquals("500", shown.get("initial_margin"));
        assertEquals("true", shown.get("shorting_enabled"));
    }

    @Test
    void shouldTakeMoreCollateralWhenThePriceRises() {
        fill(open(Side.SELL, "10", "100"), "10", "100");
        price("200");
        assertPower("8000");
        price("1000");
        assertPower("-4000");
        assertEquals("0", JsonObjects.read(account.toJson(prices, NOW)).get("buying_power"));
        assertMoney("0", account.needs("AAPL", Side.BUY, decimal("10"), decimal("10000"), prices));
    }

    @Test
    void shouldPayForCoveringOutOfTheCollateral() {
        fill(open(Side.SELL, "10", "100"), "10", "100");
        Order cover = open(Side.BUY, "10", "100");
        assertPower("9500");
        fill(cover, "10", "100");
        assertPower("10000");
        assertTrue(account.positions().isEmpty());
    }

    @Test
    void shouldPayForWhatIsBoughtBeyondTheShortPosition() {
        fill(open(Side.SELL, "10", "100"), "10", "100");
        Order over = open(Side.BUY, "30", "100");
        assertPower("8000"); // 500 are bound in the short, 3000 paid, 1500 free with it
        fill(over, "30", "100");
        assertPower("8000");
        assertMoney("20", account.position("AAPL").qty());
    }

    @Test
    void shouldBindMoneyOnlyForWhatIsSoldBeyondTheLongPosition() {
        fill(open(Side.BUY, "10", "100"), "10", "100");
        assertPower("9000");
        open(Side.SELL, "6", "100");
        assertPower("9000");
        assertMoney("4", account.sellable("AAPL"));
        open(Side.SELL, "8", "100");
        assertPower("8800");
        assertMoney("-4", account.sellable("AAPL"));
    }

    @Test
    void shouldShowWhatOpenOrdersLeaveOfAPosition() {
        fill(open(Side.SELL, "10", "100"), "10", "100");
        assertEquals("-10", available());
        open(Side.BUY, "4", "90");
        assertEquals("-6", available());
        open(Side.BUY, "40", "90");
        assertEquals("0", available());
    }

    private String available() {
        return JsonObjects.read(account.toJson(account.position("AAPL"), prices, NOW))
                .get("qty_available");
    }

    /** Whatever is admitted can be executed, in any order and in parts, at its limit or better, with money left. */
    @Test
    void shouldNeverAdmitMoreThanTheMoneyIsFor() {
        for (long seed = Long.getLong("seed", 1); seed <= Long.getLong("seed", 400); seed++) {
            Random random = new Random(seed);
            ShortSellingTest world = new ShortSellingTest();
            world.price("100");
            List<Order> working = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                if (random.nextInt(3) > 0) {
                    Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
                    String qty = BigDecimal.valueOf(1 + random.nextInt(500), 1).toPlainString();
                    String price =
                            BigDecimal.valueOf(9_000 + random.nextInt(2_000), 2).toPlainString();
                    BigDecimal money = world.money(side, qty, price);
                    BigDecimal needed = world.account.needs("AAPL", side, decimal(qty), money, world.prices);
                    if (needed.compareTo(world.account.buyingPower(world.prices)) <= 0) {
                        working.add(world.open(side, qty, price));
                    }
                } else if (!working.isEmpty()) {
                    int which = random.nextInt(working.size());
                    Order order = working.get(which);
                    BigDecimal leaves = order.leavesQty();
                    BigDecimal qty = random.nextBoolean()
                            ? leaves
                            : BigDecimal.valueOf(
                                    1
                                            + random.nextInt(leaves.multiply(BigDecimal.TEN)
                                                    .intValueExact()),
                                    1);
                    BigDecimal best = decimal("100");
                    BigDecimal price = order.side() == Side.BUY
                            ? order.limitPrice().min(best)
                            : order.limitPrice().max(best);
                    working.set(
                            which,
                            world.fill(order, order.filledQty().add(qty).toPlainString(), price.toPlainString()));
                    working.removeIf(o -> o.status().isTerminal());
                }
                BigDecimal left = world.account.buyingPower(world.prices);
                assertTrue(left.compareTo(decimal("-0.000001")) >= 0, left + " left, seed " + seed + " step " + i);
            }
            for (Order order : working) {
                world.account.changeOpen(order, order.withStatus(OrderStatus.CANCELED, NOW, null));
            }
            Position rest = world.account.position("AAPL");
            BigDecimal bound = rest.qty().signum() < 0 ? rest.qty().abs().multiply(decimal("150")) : BigDecimal.ZERO;
            assertEquals(
                    0,
                    world.account.cash().subtract(bound).compareTo(world.account.buyingPower(world.prices)),
                    "all holds are released, seed " + seed);
        }
    }

    @Test
    void shouldSayWhatCannotBeSoldShort() {
        Desk desk = desk(RULES);
        assertNull(denial(desk, market(Side.SELL, "1", "c1")));
        Denial coin = denial(desk, crypto("c2"));
        assertEquals(DenialCode.RISK_POSITION, coin.code());
        assertTrue(coin.message().contains("crypto cannot be sold short"), coin.message());
        Denial poor = denial(desk, limit(Side.SELL, "1000", "100", "c3"));
        assertEquals(DenialCode.RISK_BUYING_POWER, poor.code());
        assertTrue(poor.message().contains("needed: 50500.00"), poor.message());

        Denial other = denial(
                desk(new AccountRules(TradingDays.MARKET, true, Set.of("MSFT"), AccountRules.REGULATION_T)),
                market(Side.SELL, "1", "c1"));
        assertTrue(other.message().contains("AAPL is not among what may be sold short"), other.message());
        Denial cash = denial(desk(AccountRules.CASH), market(Side.SELL, "1", "c1"));
        assertTrue(cash.message().contains("available: 0); short selling is switched off"), cash.message());
    }

    private Desk desk(AccountRules rules) {
        prices.update(List.of(quote("AAPL", "99", "101"), quote("BTC/USD", "99", "101")));
        Desk desk = new Desk(
                new DeskLimits(10, 10, 10, 60_000, decimal("0.01"), decimal("10000"), rules),
                prices,
                new AdmissionPause(),
                ids("id"),
                new Expectation(new EntityKey("owner", "#1", "order-queue"), 1));
        desk.openAccount(ACCOUNT, NOW);
        return desk;
    }

    private static PlaceOrder crypto(String clientOrderId) {
        PlaceOrder share = market(Side.SELL, "1", clientOrderId);
        return new PlaceOrder(
                share.accountId(),
                clientOrderId,
                "BTC/USD",
                share.qty(),
                share.side(),
                share.type(),
                share.timeInForce(),
                null,
                share.priority(),
                share.source(),
                share.correlationId());
    }

    private static Denial denial(Desk desk, PlaceOrder command) {
        Admission admission = desk.place(command, TradingState.ACTIVE, false, NOW);
        return admission instanceof Admission.Denied
                ? assertInstanceOf(Admission.Denied.class, admission).denial()
                : null;
    }

    private Order open(Side side, String qty, String price) {
        next++;
        Order order = Order.accepted("o" + next, limit(side, qty, price, "c" + next), NOW);
        account.addOpen(order, money(side, qty, price));
        return order;
    }

    private BigDecimal money(Side side, String qty, String price) {
        return side == Side.BUY
                ? decimal(qty).multiply(decimal(price))
                : OrderChecks.margin(RULES, "AAPL", decimal(qty), decimal(price), prices.quote("AAPL"));
    }

    /** @param filled of the order, when this fill is done */
    private Order fill(Order order, String filled, String price) {
        BigDecimal all = decimal(filled);
        // An order that was filled before is known to the account as it was then.
        Order before = account.openOrder(order.id());
        OrderStatus status = all.compareTo(order.qty()) == 0 ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
        Order after = before.withFill(status, all, decimal(price), NOW);
        account.book("AAPL", order.side(), all.subtract(before.filledQty()), decimal(price), BigDecimal.ZERO, null);
        account.changeOpen(before, after);
        return after;
    }

    private void assertPower(String expected) {
        assertMoney(expected, account.buyingPower(prices));
    }

    private static void assertMoney(String expected, BigDecimal actual) {
        assertEquals(0, decimal(expected).compareTo(actual), "expected " + expected + ", was " + actual);
    }
}
