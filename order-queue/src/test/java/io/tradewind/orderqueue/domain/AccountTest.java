package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.NEXT_DAY;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AccountTest {

    private final Prices prices = new Prices();
    private final Account account = Account.open(ACCOUNT, AccountRules.CASH, decimal("10000"), NOW);

    @Test
    void shouldHoldBackTheCostOfABuyAndReleaseWhatIsFilledOrCanceled() {
        Order order = Order.accepted("o1", limit(Side.BUY, "10", "100", "c1"), NOW);
        account.addOpen(order, decimal("1000"));
        assertMoney("9000", account.buyingPower(prices));

        Order partly = order.withFill(OrderStatus.PARTIALLY_FILLED, decimal("4"), decimal("100"), NOW);
        account.changeOpen(order, partly);
        assertMoney("9400", account.buyingPower(prices));
        assertEquals(partly, account.openOrder("o1"));

        account.changeOpen(partly, partly.withStatus(OrderStatus.CANCELED, NOW, null));
        assertMoney("10000", account.buyingPower(prices));
        assertNull(account.openOrder("o1"));
        assertTrue(account.openOrders().isEmpty());
    }

    @Test
    void shouldHoldBackTheUnitsOfASell() {
        account.book("AAPL", Side.BUY, decimal("10"), decimal("1"), BigDecimal.ZERO, null);
        Order order = Order.accepted("o1", limit(Side.SELL, "6", "100", "c1"), NOW);
        Order other = Order.accepted("o2", limit(Side.SELL, "1", "100", "c2"), NOW);
        account.addOpen(order, BigDecimal.ZERO);
        account.addOpen(other, BigDecimal.ZERO);
        assertMoney("3", account.sellable("AAPL"));

        Order partly = order.withFill(OrderStatus.PARTIALLY_FILLED, decimal("4"), decimal("100"), NOW);
        account.changeOpen(order, partly);
        account.book("AAPL", Side.SELL, decimal("4"), decimal("100"), BigDecimal.ZERO, null);
        assertMoney("3", account.sellable("AAPL"));

        account.changeOpen(partly, partly.withStatus(OrderStatus.REJECTED, NOW, "no"));
        account.changeOpen(other, other.withStatus(OrderStatus.EXPIRED, NOW, "no"));
        assertMoney("6", account.sellable("AAPL"));
    }

    @Test
    void shouldNeverHoldBackLessThanTheRestMayCostAndNothingInTheEnd() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            Account one = Account.open(ACCOUNT, AccountRules.CASH, decimal("10000"), NOW);
            String price =
                    BigDecimal.valueOf(1 + random.nextInt(1_000_000_000), 9).toPlainString();
            String qty = BigDecimal.valueOf(10_000 + random.nextInt(1_000_000_000), 9)
                    .toPlainString();
            Order order = Order.accepted("o1", limit(Side.BUY, qty, price, "c1"), NOW);
            one.addOpen(order, order.qty().multiply(order.limitPrice()));
            for (int i = 0; i < 10; i++) {
                BigDecimal more = BigDecimal.valueOf(random.nextInt(1_000), 9);
                Order next = order.withFill(
                        OrderStatus.PARTIALLY_FILLED, order.filledQty().add(more), order.limitPrice(), NOW);
                one.changeOpen(order, next);
                order = next;
                BigDecimal held = one.cash().subtract(one.buyingPower(prices));
                assertTrue(held.compareTo(order.leavesQty().multiply(order.limitPrice())) >= 0, "seed " + seed);
            }
            one.changeOpen(order, order.withStatus(OrderStatus.CANCELED, NOW, null));
            assertMoney("10000", one.buyingPower(prices));
        }
    }

    @Test
    void shouldBookMoneyFeesAndResults() {
        account.book("AAPL", Side.BUY, decimal("10"), decimal("100"), decimal("1.5"), null);
        assertMoney("8998.5", account.cash());
        account.book("AAPL", Side.SELL, decimal("10"), decimal("101"), decimal("0.5"), null);
        assertMoney("10008", account.cash());
        assertMoney("10", account.realized());
        assertMoney("2", account.fees());
        assertTrue(account.positions().isEmpty());
    }

    @Test
    void shouldBalanceAfterAnySequenceOfFills() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            Account one = Account.open(ACCOUNT, AccountRules.CASH, decimal("10000"), NOW);
            for (int i = 0; i < 50; i++) {
                one.book(
                        List.of("AAPL", "MSFT", "BTC/USD").get(random.nextInt(3)),
                        random.nextBoolean() ? Side.BUY : Side.SELL,
                        BigDecimal.valueOf(1 + random.nextInt(10_000_000), random.nextInt(10)),
                        BigDecimal.valueOf(1 + random.nextInt(1_000_000), random.nextInt(10)),
                        BigDecimal.valueOf(random.nextInt(1_000), 4),
                        null);
            }
            BigDecimal cost =
                    one.positions().stream().map(Position::costBasis).reduce(BigDecimal.ZERO, BigDecimal::add);
            assertEquals(
                    0,
                    one.cash()
                            .add(cost)
                            .add(one.fees())
                            .subtract(one.realized())
                            .compareTo(one.deposits()),
                    "seed " + seed);
        }
    }

    @Test
    void shouldSurviveJson() {
        prices.update(List.of(quote("AAPL", "99", "101")));
        account.book("AAPL", Side.BUY, decimal("3"), decimal("33.333333333"), decimal("0.000000001"), null);
        Json json = account.toJson(prices, NOW);
        Account again = Account.fromJson(json, AccountRules.CASH);
        account.positions().forEach(again::putPosition);
        assertEquals(json, again.toJson(prices, NOW));
    }

    @Test
    void shouldShowWhatItIsWorth() {
        prices.update(List.of(quote("AAPL", "99", "101")));
        account.book("AAPL", Side.BUY, decimal("10"), decimal("101"), decimal("1"), null);
        Order order = Order.accepted("o1", limit(Side.BUY, "1", "50", "c1"), NOW);
        account.addOpen(order, decimal("50"));
        Map<String, String> shown = JsonObjects.read(account.toJson(prices, NOW));
        assertEquals("8989", shown.get("cash"));
        assertEquals("8939", shown.get("buying_power"));
        assertEquals("9979", shown.get("equity"));
        assertEquals("990", shown.get("long_market_value"));
        assertEquals("-20", shown.get("unrealized_pl"));
        assertEquals("-21", shown.get("daily_pl"));
    }

    @Test
    void shouldBeginADayWithTheEquityBeforeItsFirstFill() {
        prices.update(List.of(quote("AAPL", "99", "101")));
        account.book("AAPL", Side.BUY, decimal("10"), decimal("101"), decimal("1"), null);
        assertEquals("-21", JsonObjects.read(account.toJson(prices, NOW)).get("daily_pl"));

        account.rollDay(prices, NEXT_DAY);
        account.book("AAPL", Side.BUY, decimal("1"), decimal("101"), decimal("1"), null);
        Map<String, String> shown = JsonObjects.read(account.toJson(prices, NEXT_DAY));
        assertEquals("2026-11-21", shown.get("trading_day"));
        assertEquals("9979", shown.get("last_equity"));
        assertEquals("-3", shown.get("daily_pl"));

        account.rollDay(prices, NEXT_DAY);
        assertEquals("-3", JsonObjects.read(account.toJson(prices, NEXT_DAY)).get("daily_pl"));
    }

    private static void assertMoney(String expected, BigDecimal actual) {
        assertEquals(0, decimal(expected).compareTo(actual), "expected " + expected + ", was " + actual);
    }
}
