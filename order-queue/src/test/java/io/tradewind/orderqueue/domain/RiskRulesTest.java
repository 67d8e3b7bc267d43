package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.decimal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.market.Asset;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule by rule: just under, at and just over the limit. The market is at 99 to 101, the last trade was at 100. */
class RiskRulesTest {

    private static final Quote QUOTE =
            new Quote("AAPL", decimal("99"), decimal("10"), decimal("101"), decimal("10"), decimal("100"), Samples.NOW);
    private static final BigDecimal ROOM = decimal("0.01");

    // ---- instrument

    @ParameterizedTest
    @CsvSource({
        "0.001, true, 0.001, 0.001, ''",
        "0.0009, true, 0.0001, 0.001, ORDER_LOT_SIZE",
        "1.5, true, 0.5, 0.5, ''",
        "1.4, true, 0.5, 0.5, ORDER_LOT_SIZE",
        "300, true, 100, 100, ''",
        "250, true, 100, 100, ORDER_LOT_SIZE",
        "2, false, 0.001, 0.001, ''",
        "1.999, false, 0.001, 0.001, ORDER_LOT_SIZE",
        "0.000000001, true, 0.000000001, 0.000000001, ORDER_NOTIONAL_MIN"
    })
    void shouldCheckTheLot(String qty, boolean fractionable, String lot, String smallest, String code) {
        Asset asset = new Asset(
                "AAPL",
                "Apple",
                true,
                true,
                fractionable,
                decimal(smallest),
                decimal(lot),
                decimal("0.01"),
                decimal("0.05"));
        assertCode(code, InstrumentRules.check(buy(qty).build(), asset, QUOTE, false), "qty");
    }

    @ParameterizedTest
    @CsvSource({
        "100.01, 0.01, ''",
        "100.011, 0.01, ORDER_TICK_SIZE",
        "100.05, 0.05, ''",
        "100.06, 0.05, ORDER_TICK_SIZE",
        "1, 0.01, ''",
        "0.9999, 0.01, ''",
        "0.99999, 0.01, ORDER_TICK_SIZE",
        "12345, 5, ''",
        "12346, 5, ORDER_TICK_SIZE"
    })
    void shouldCheckTheTickOfEveryPrice(String price, String tick, String code) {
        Asset usual = Asset.defaults("AAPL");
        Asset asset = new Asset(
                "AAPL",
                "Apple",
                true,
                true,
                true,
                usual.minOrderSize(),
                usual.minTradeIncrement(),
                decimal(tick),
                BigDecimal.ZERO);
        OrderTerms.Builder terms = buy("1").type(OrderType.LIMIT).limitPrice(decimal(price));
        assertCode(code, InstrumentRules.check(terms.build(), asset, QUOTE, false), "limit_price");
        OrderTerms.Builder stop = buy("1").type(OrderType.STOP).stopPrice(decimal(price));
        assertCode(code, InstrumentRules.check(stop.build(), asset, QUOTE, false), "stop_price");
        OrderExits exits = new OrderExits(OrderClass.OTO, null, decimal("5"), decimal(price));
        assertCode(
                code,
                InstrumentRules.check(buy("1").exits(exits).build(), asset, QUOTE, false),
                "stop_loss.limit_price");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, , 10.1, ''", // a market buy is valued at the ask
        "0.0999, , 10.1, ORDER_NOTIONAL_MIN",
        "1, 10.1, 10.1, ''",
        "1, 10.09, 10.1, ORDER_NOTIONAL_MIN"
    })
    void shouldCheckTheSmallestValueUnlessItOnlyReduces(String qty, String limit, String smallest, String code) {
        Asset usual = Asset.defaults("AAPL");
        Asset asset = new Asset(
                "AAPL",
                "Apple",
                true,
                true,
                true,
                usual.minOrderSize(),
                usual.minTradeIncrement(),
                usual.priceIncrement(),
                decimal(smallest));
        OrderTerms terms = limit == null
                ? buy(qty).build()
                : buy(qty).type(OrderType.LIMIT).limitPrice(decimal(limit)).build();
        assertCode(code, InstrumentRules.check(terms, asset, QUOTE, false), "qty");
        assertNull(InstrumentRules.check(terms, asset, QUOTE, true));
    }

    @Test
    void shouldTurnAwayWhatIsNotTradableAndNotionalsOfWholeUnits() {
        Asset usual = Asset.defaults("AAPL");
        Asset closed = new Asset(
                "AAPL",
                "Apple",
                false,
                true,
                false,
                usual.minOrderSize(),
                usual.minTradeIncrement(),
                usual.priceIncrement(),
                BigDecimal.ONE);
        assertCode("ASSET_NOT_TRADABLE", InstrumentRules.check(buy("1").build(), closed, QUOTE, true), "symbol");
        Asset whole = new Asset(
                "AAPL",
                "Apple",
                true,
                true,
                false,
                usual.minOrderSize(),
                usual.minTradeIncrement(),
                usual.priceIncrement(),
                BigDecimal.ONE);
        OrderTerms notional = buy("1").notional(decimal("100")).build();
        assertCode("ORDER_LOT_SIZE", InstrumentRules.check(notional, whole, QUOTE, false), "notional");
        assertNull(InstrumentRules.check(notional, usual, QUOTE, false));
    }

    // ---- one order

    @ParameterizedTest
    @CsvSource({"99.999, ''", "100, ''", "100.001, RISK_MAX_ORDER_QTY"})
    void shouldCheckTheQuantityOfAnOrder(String qty, String code) {
        assertCode(code, OrderLimits.check(buy(qty).build(), limits("max_order_qty", "100"), QUOTE), "qty");
    }

    @ParameterizedTest
    @CsvSource({
        "MARKET, 9.9, , , ''",
        "MARKET, 10, , , ''", // 10 at the ask of 101
        "MARKET, 10.001, , , RISK_MAX_ORDER_NOTIONAL",
        "LIMIT, 10, 101, , ''",
        "LIMIT, 10, 101.01, , RISK_MAX_ORDER_NOTIONAL",
        "STOP, 10, , 101, ''",
        "STOP, 10, , 101.01, RISK_MAX_ORDER_NOTIONAL",
        "STOP_LIMIT, 10, 101, 200, ''",
        "STOP_LIMIT, 10, 101.01, 100, RISK_MAX_ORDER_NOTIONAL"
    })
    void shouldCheckTheValueOfAnOrder(OrderType type, String qty, String limit, String stop, String code) {
        OrderTerms terms = buy(qty).type(type)
                .limitPrice(limit == null ? null : decimal(limit))
                .stopPrice(stop == null ? null : decimal(stop))
                .build();
        assertCode(code, OrderLimits.check(terms, limits("max_order_notional", "1010"), QUOTE), "qty");
    }

    @ParameterizedTest
    @CsvSource({"1009.99, ''", "1010, ''", "1010.01, RISK_MAX_ORDER_NOTIONAL"})
    void shouldCheckANotionalByWhatItSays(String notional, String code) {
        OrderTerms terms = buy("1").notional(decimal(notional)).build();
        assertCode(code, OrderLimits.check(terms, limits("max_order_notional", "1010"), QUOTE), "notional");
    }

    @ParameterizedTest
    @CsvSource({
        "BUY, 104.99, ''",
        "BUY, 105, ''",
        "BUY, 105.01, RISK_PRICE_COLLAR",
        "BUY, 1, ''", // waits, and harms nobody
        "SELL, 95.01, ''",
        "SELL, 95, ''",
        "SELL, 94.99, RISK_PRICE_COLLAR",
        "SELL, 1000, ''"
    })
    void shouldCheckTheCollarOnTheSideThatCosts(Side side, String price, String code) {
        OrderTerms terms = OrderTerms.of("AAPL", side)
                .qty(BigDecimal.ONE)
                .type(OrderType.LIMIT)
                .limitPrice(decimal(price))
                .build();
        assertCode(code, OrderLimits.check(terms, limits("price_collar", "0.05"), QUOTE), "limit_price");
    }

    @ParameterizedTest
    @CsvSource({"210, ''", "210.01, RISK_PRICE_COLLAR"})
    void shouldMeasureAStopLimitFromItsStop(String price, String code) {
        OrderTerms terms = buy("1").type(OrderType.STOP_LIMIT)
                .stopPrice(decimal("200"))
                .limitPrice(decimal(price))
                .build();
        assertCode(code, OrderLimits.check(terms, limits("price_collar", "0.05"), QUOTE), "limit_price");
    }

    // ---- position

    @ParameterizedTest
    @CsvSource({
        // side, held, open, qty, code
        "BUY, 0, 0, 99.9, ''",
        "BUY, 0, 0, 100, ''",
        "BUY, 0, 0, 100.1, RISK_MAX_POSITION",
        "BUY, 60, 30, 10, ''",
        "BUY, 60, 30, 10.1, RISK_MAX_POSITION",
        "BUY, -50, 0, 150, ''",
        "BUY, -50, 0, 150.1, RISK_MAX_POSITION",
        "SELL, 150, 0, 100, ''", // makes a position smaller that is over the limit
        "SELL, 150, 50, 200, ''",
        "SELL, 150, 50, 200.1, RISK_MAX_POSITION",
        "SELL, 0, 0, 100, ''",
        "SELL, 0, 0, 100.1, RISK_MAX_POSITION"
    })
    void shouldCheckThePositionWithAllOpenOrdersOfTheSide(
            Side side, String held, String open, String qty, String code) {
        OrderTerms terms = OrderTerms.of("AAPL", side).qty(decimal(qty)).build();
        for (RiskLimits limits :
                new RiskLimits[] {limits("max_position_qty", "100"), limits("max_position_notional", "10000")}) {
            assertCode(code, PositionLimit.check(terms, limits, decimal(held), decimal(open), decimal("100")), "qty");
        }
        assertNull(PositionLimit.check(terms, RiskLimits.DEFAULT, decimal(held), decimal(open), decimal("100")));
    }

    // ---- self-trades

    @ParameterizedTest
    @CsvSource({
        // resting side and price, new side, type and price, code
        "SELL, 105, BUY, 104.99, ''",
        "SELL, 105, BUY, 105, RISK_SELF_TRADE",
        "SELL, 105, BUY, 106, RISK_SELF_TRADE",
        "SELL, 105, SELL, 100, ''",
        "BUY, 95, SELL, 95.01, ''",
        "BUY, 95, SELL, 95, RISK_SELF_TRADE",
        "BUY, 95, SELL, 90, RISK_SELF_TRADE",
        // at the market: 101 and a hundredth more, 99 and a hundredth less
        "SELL, 102.02, BUY, , ''",
        "SELL, 102.01, BUY, , RISK_SELF_TRADE",
        "BUY, 98, SELL, , ''",
        "BUY, 98.01, SELL, , RISK_SELF_TRADE"
    })
    void shouldPreventSelfTrades(Side restingSide, String resting, Side side, String price, String code) {
        OpenBook book = new OpenBook();
        book.add(order(restingSide, OrderType.LIMIT, resting, null));
        OrderTerms.Builder terms = OrderTerms.of("AAPL", side).qty(BigDecimal.ONE);
        if (price != null) {
            terms.type(OrderType.LIMIT).limitPrice(decimal(price));
        }
        assertCode(code, SelfTrade.check(terms.build(), book, QUOTE, ROOM), price == null ? "side" : "limit_price");
    }

    @Test
    void shouldLookAtNoOrderThatWaitsForItsStop() {
        OpenBook book = new OpenBook();
        book.add(order(Side.SELL, OrderType.STOP, null, "90"));
        book.add(order(Side.SELL, OrderType.STOP_LIMIT, "90", "95"));
        OrderTerms market = buy("1").build();
        assertNull(SelfTrade.check(market, book, QUOTE, ROOM));
        book.add(order(Side.SELL, OrderType.LIMIT, "90", null));
        assertNotNull(SelfTrade.check(market, book, QUOTE, ROOM));
        OrderTerms stop =
                buy("1").type(OrderType.STOP).stopPrice(decimal("120")).build();
        assertNull(SelfTrade.check(stop, book, QUOTE, ROOM));
    }

    // ---- daily loss

    @ParameterizedTest
    @CsvSource({"-499.99, false", "-500, true", "-500.01, true", "0, false", "500, false"})
    void shouldSeeALossAtTheLimit(String result, boolean breached) {
        assertEquals(breached, DailyLoss.isBreached(decimal(result), decimal("500")));
        assertEquals(false, DailyLoss.isBreached(decimal(result), null));
    }

    @Test
    void shouldNotHaltForALimitOfNothingBeforeSomethingIsLost() {
        assertEquals(false, DailyLoss.isBreached(BigDecimal.ZERO, BigDecimal.ZERO));
        assertTrue(DailyLoss.isBreached(decimal("-0.01"), BigDecimal.ZERO));
    }

    private static OrderTerms.Builder buy(String qty) {
        return OrderTerms.of("AAPL", Side.BUY).qty(decimal(qty));
    }

    private static Order order(Side side, OrderType type, String limit, String stop) {
        OrderTerms terms = OrderTerms.of("AAPL", side)
                .qty(BigDecimal.TEN)
                .type(type)
                .limitPrice(limit == null ? null : decimal(limit))
                .stopPrice(stop == null ? null : decimal(stop))
                .build();
        return Order.accepted("id", new PlaceOrder("alice", "c", terms, "key", "request"), Samples.NOW);
    }

    private static RiskLimits limits(String name, String value) {
        return RiskLimits.of(Map.of(name, value));
    }

    private static void assertCode(String code, Denial denial, String field) {
        if (code.isEmpty()) {
            assertNull(denial, () -> denial.message());
            return;
        }
        assertNotNull(denial, code);
        assertEquals(DenialCode.valueOf(code), denial.code(), denial.message());
        assertEquals(field, denial.field(), denial.message());
        assertTrue(denial.message().length() > 10, denial.message());
    }
}
