package io.tradewind.orderqueue.paper;

import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static io.tradewind.orderqueue.domain.Samples.order;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class PaperMatcherTest {

    private final PaperMatcher matcher = new PaperMatcher(ids("e"), BigDecimal.ZERO, BigDecimal.ZERO);
    private int next;

    @ParameterizedTest
    @CsvSource({"BUY, 101", "SELL, 99"})
    void shouldFillAMarketOrderAtTheFarSide(Side side, String price) {
        quotes("99", "101");
        List<ExecutionReport> reports = matcher.submit(market(side), NOW);
        assertFill(reports, "10", price, "0");
    }

    @ParameterizedTest
    @CsvSource({"BUY, 102.01, 1.0201", "SELL, 98.01, 0.9801"})
    void shouldMoveAMarketFillAgainstTheOrderAndTakeAFee(Side side, String price, String fee) {
        PaperMatcher costly = new PaperMatcher(ids("e"), decimal("100"), decimal("10"));
        costly.onQuotes(List.of(quote(AAPL, "99", "101")), NOW);
        assertFill(costly.submit(market(side), NOW), "10", price, fee);
    }

    @Test
    void shouldLetAMarketOrderWaitForTheFirstQuote() {
        Order order = market(Side.BUY);
        assertEquals(Kind.NEW, matcher.submit(order, NOW).get(0).kind());
        assertFill(quotes("99", "101"), "10", "101", "0");
    }

    @ParameterizedTest
    @CsvSource({"BUY, 101, 101", "BUY, 105, 101", "SELL, 99, 99", "SELL, 90, 99"})
    void shouldFillALimitOrderThatCrossesAtTheQuote(Side side, String limit, String price) {
        quotes("99", "101");
        assertFill(matcher.submit(limit(side, limit, TimeInForce.DAY), NOW), "10", price, "0");
    }

    @ParameterizedTest
    @CsvSource({"BUY, 98, 96, 98, 98", "SELL, 103, 104, 105, 104"})
    void shouldLetALimitOrderRestUntilItIsCrossed(Side side, String limit, String bid, String ask, String price) {
        quotes("99", "101");
        Order order = limit(side, limit, TimeInForce.GTC);
        List<ExecutionReport> accepted = matcher.submit(order, NOW);
        assertEquals(
                List.of(Kind.NEW), accepted.stream().map(ExecutionReport::kind).toList());
        assertTrue(matcher.find(order.id()).orElseThrow().open());
        assertEquals(List.of(), quotes("99", "101"));
        assertFill(quotes(bid, ask), "10", price, "0");
        assertFalse(matcher.find(order.id()).orElseThrow().open());
        assertEquals(List.of(), quotes(bid, ask), "filled once");
    }

    @Test
    void shouldFillTheBestPriceFirstAndTheOlderOfOnePrice() {
        quotes("99", "101");
        Order low = limit(Side.BUY, "98", TimeInForce.DAY);
        Order high = limit(Side.BUY, "98.5", TimeInForce.DAY);
        Order later = limit(Side.BUY, "98.5", TimeInForce.DAY);
        for (Order each : List.of(low, high, later)) {
            matcher.submit(each, NOW);
        }
        List<String> filled = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            matcher.onQuotes(List.of(quote(AAPL, "96", "97", "10")), NOW) // units for one of them
                    .forEach(report -> filled.add(report.orderId()));
        }
        assertEquals(List.of(high.id(), later.id(), low.id()), filled);
    }

    @ParameterizedTest
    @EnumSource(
            value = TimeInForce.class,
            names = {"IOC", "FOK"})
    void shouldFillAtOnceOrCancel(TimeInForce timeInForce) {
        quotes("99", "101");
        assertFill(matcher.submit(limit(Side.BUY, "101", timeInForce), NOW), "10", "101", "0");
        Order order = limit(Side.BUY, "100", timeInForce);
        List<ExecutionReport> reports = matcher.submit(order, NOW);
        assertEquals(Kind.CANCELED, reports.get(0).kind());
        assertEquals(List.of(), quotes("50", "51"), "it does not rest");
    }

    @Test
    void shouldFillOnlyWhatIsLeftOfAnOrderThatWasFilledInPartBefore() {
        quotes("99", "101");
        Order partly = market(Side.BUY).withFill(OrderStatus.PARTIALLY_FILLED, decimal("4"), decimal("1"), NOW);
        assertFill(matcher.submit(partly, NOW), "6", "101", "0");
    }

    @Test
    void shouldAnswerARepeatedSubmitWithWhatHappenedToTheFirst() {
        quotes("99", "101");
        Order filled = market(Side.BUY);
        List<ExecutionReport> first = matcher.submit(filled, NOW);
        quotes("199", "201");
        assertEquals(first, matcher.submit(filled, NOW));
        Order resting = limit(Side.BUY, "1", TimeInForce.DAY);
        List<ExecutionReport> accepted = matcher.submit(resting, NOW);
        assertEquals(accepted, matcher.submit(resting, NOW));
        assertEquals(1, quotes("0.5", "0.6").size(), "it rests once");
    }

    @Test
    void shouldCancelARestingOrder() {
        quotes("99", "101");
        Order order = limit(Side.BUY, "98", TimeInForce.DAY);
        matcher.submit(order, NOW);
        List<ExecutionReport> canceled = matcher.cancel(order.id(), NOW);
        assertEquals(
                List.of(Kind.CANCELED),
                canceled.stream().map(ExecutionReport::kind).toList());
        List<ExecutionReport> all = matcher.find(order.id()).orElseThrow().reports();
        assertEquals(
                List.of(Kind.NEW, Kind.CANCELED),
                all.stream().map(ExecutionReport::kind).toList());
        assertEquals(canceled.get(0), all.get(1));
        assertEquals(all, matcher.cancel(order.id(), NOW), "again: all that happened to it");
        assertEquals(List.of(), quotes("1", "2"));
    }

    @Test
    void shouldAnswerACancelOfAFilledOrderWithItsFillAndOfAnUnknownOneWithNothing() {
        quotes("99", "101");
        Order order = market(Side.BUY);
        List<ExecutionReport> filled = matcher.submit(order, NOW);
        assertEquals(filled, matcher.cancel(order.id(), NOW));
        assertEquals(List.of(), matcher.cancel("nope", NOW));
        assertTrue(matcher.find("nope").isEmpty());
    }

    @Test
    void shouldRememberABoundedNumberOfOrdersThatAreOver() {
        quotes("99", "101");
        Order first = market(Side.BUY);
        Order resting = limit(Side.BUY, "1", TimeInForce.DAY);
        matcher.submit(first, NOW);
        matcher.submit(resting, NOW);
        Order second = market(Side.BUY);
        matcher.submit(second, NOW);
        for (int i = 1; i < PaperMatcher.MAX_REMEMBERED; i++) {
            matcher.submit(market(Side.BUY), NOW);
        }
        assertTrue(matcher.find(first.id()).isEmpty(), "the oldest is forgotten");
        assertTrue(matcher.find(second.id()).isPresent());
        assertTrue(matcher.find(resting.id()).isPresent(), "a working one is never forgotten");
    }

    private List<ExecutionReport> quotes(String bid, String ask) {
        return matcher.onQuotes(List.of(quote(AAPL, bid, ask)), NOW);
    }

    private Order market(Side side) {
        String id = "o" + next++;
        return Order.accepted(
                id, order(side, OrderType.MARKET, "10", null, TimeInForce.DAY, Priority.NORMAL, "c-" + id), NOW);
    }

    private Order limit(Side side, String price, TimeInForce timeInForce) {
        String id = "o" + next++;
        return Order.accepted(
                id, order(side, OrderType.LIMIT, "10", price, timeInForce, Priority.NORMAL, "c-" + id), NOW);
    }

    private static void assertFill(List<ExecutionReport> reports, String qty, String price, String fee) {
        assertEquals(1, reports.size(), reports.toString());
        ExecutionReport fill = reports.get(0);
        assertEquals(Kind.FILL, fill.kind());
        assertEquals(0, decimal(qty).compareTo(fill.qty()), "qty " + fill.qty());
        assertEquals(0, decimal(price).compareTo(fill.price()), "price " + fill.price());
        assertEquals(0, decimal(fee).compareTo(fill.fee()), "fee " + fill.fee());
    }
}
