package io.tradewind.orderqueue.paper;

import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.market.MarketHours;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.TradingDays;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/PAPER.md, rule by rule: an order, some quotes, and what the venue says. */
@Timeout(30)
class PaperRulesTest {

    private static final MarketHours NEW_YORK = new MarketHours(false, TradingDays.MARKET, Set.of());
    /** A Friday, an hour after the opening. */
    private static final long FRIDAY = at("2026-01-30T15:30:00Z");

    private PaperMatcher venue = venue(MarketHours.ALWAYS, "0", "0", "0", "0");
    private long now = FRIDAY;
    private int next;
    private final List<String> said = new ArrayList<>();

    private static PaperMatcher venue(MarketHours hours, String slippage, String fee, String perUnit, String minimum) {
        return new PaperMatcher(
                ids("e"), PaperRules.of(decimal(slippage), decimal(fee), decimal(perUnit), decimal(minimum), hours));
    }

    // ---- prices

    @ParameterizedTest(name = "{0} {1} limit {2} at {3}/{4}: {5}")
    @CsvSource(
            delimiter = '|',
            value = {
                "buy  | market |     | 99 | 101 | fill 10 at 101",
                "sell | market |     | 99 | 101 | fill 10 at 99",
                "buy  | limit  | 101 | 99 | 101 | fill 10 at 101",
                "buy  | limit  | 150 | 99 | 101 | fill 10 at 101",
                "buy  | limit  | 100 | 99 | 101 | new",
                "sell | limit  | 99  | 99 | 101 | fill 10 at 99",
                "sell | limit  | 50  | 99 | 101 | fill 10 at 99",
                "sell | limit  | 100 | 99 | 101 | new",
            })
    void shouldFillAtTheFarSideOfTheQuote(
            String side, String type, String limit, String bid, String ask, String expected) {
        quote(bid, ask);
        submit(order(side, type, "10").limitPrice(decimalOrNull(limit)));
        assertSaid(expected);
    }

    // ---- stops

    @ParameterizedTest(name = "{0} {1} stop {2} limit {3}, quotes {4}: {5}")
    @CsvSource(
            delimiter = '|',
            value = {
                // what a buy would cost is the ask, what a sell would bring is the bid
                "buy  | stop       | 105 |     | 99/101, 103/104.9, 104/105 | new, triggered, fill 10 at 105",
                "buy  | stop       | 105 |     | 105/107                    | new, triggered, fill 10 at 107",
                "sell | stop       | 95  |     | 99/101, 95.1/96, 95/96     | new, triggered, fill 10 at 95",
                "sell | stop       | 95  |     | 99/101, 90/92              | new, triggered, fill 10 at 90",
                "buy  | stop_limit | 105 | 106 | 99/101, 104/105            | new, triggered, fill 10 at 105",
                "buy  | stop_limit | 105 | 106 | 99/101, 108/109, 105/106   | new, triggered, fill 10 at 106",
                "sell | stop_limit | 95  | 94  | 99/101, 93/96, 94/96       | new, triggered, fill 10 at 94",
                "sell | stop_limit | 95  | 94  | 99/101, 96/97              | new",
                // the limit alone does nothing before the stop price is reached
                "buy  | stop_limit | 105 | 106 | 99/101, 100/102            | new",
            })
    void shouldWorkOnceTheQuoteReachesTheStopPrice(
            String side, String type, String stop, String limit, String quotes, String expected) {
        List<String> each = List.of(quotes.split(", ", -1));
        quoteAll(each.get(0));
        submit(order(side, type, "10").stopPrice(decimal(stop)).limitPrice(decimalOrNull(limit)));
        each.stream().skip(1).forEach(this::quoteAll);
        assertSaid(expected);
    }

    @ParameterizedTest(name = "{0} trailing by {1} or {2} %, quotes {3}: {4}")
    @CsvSource(
            delimiter = '|',
            value = {
                "sell | 2 |   | 100/101, 103/104, 101.5/102, 101/102 | new, best 100, best 103, triggered, fill 10 at 101",
                "sell |   | 5 | 100/101, 110/111, 104.6/105, 104/105 | new, best 100, best 110, triggered, fill 10 at 104",
                "sell | 2 |   | 100/101, 97/99                       | new, best 100, triggered, fill 10 at 97",
                "buy  | 2 |   | 99/100, 95/96, 96/97.9, 97/98        | new, best 100, best 96, triggered, fill 10 at 98",
                "buy  |   | 5 | 99/100, 95/96, 99/100.7, 100/100.8   | new, best 100, best 96, triggered, fill 10 at 100.8",
                "buy  | 2 |   | 99/100, 98/101.9                     | new, best 100",
            })
    void shouldFollowTheBestPriceAtADistance(
            String side, String price, String percent, String quotes, String expected) {
        List<String> each = List.of(quotes.split(", ", -1));
        quoteAll(each.get(0));
        submit(order(side, "trailing_stop", "10")
                .trailPrice(decimalOrNull(price))
                .trailPercent(decimalOrNull(percent)));
        each.stream().skip(1).forEach(this::quoteAll);
        assertSaid(expected);
    }

    @Test
    void shouldTellTheBestPriceOfATrailingStopOnceASecond() {
        quote("100", "101");
        submit(order("sell", "trailing_stop", "10").trailPrice(decimal("5")));
        for (int i = 1; i <= 20; i++) {
            now += 100;
            quotes(BigDecimal.valueOf(100 + i), BigDecimal.valueOf(101 + i), "1000");
        }
        assertSaid("new, best 100, best 110, best 120");
    }

    @Test
    void shouldGoOnWithATrailingStopAndATriggeredStopThatWereSentBefore() {
        quote("100", "101");
        Order trailing = accepted(order("sell", "trailing_stop", "10").trailPrice(decimal("5")))
                .withHwm(decimal("120"), now);
        hear(venue.submit(trailing, now));
        assertSaid("new, triggered, fill 10 at 100");
        Order triggered =
                accepted(order("buy", "stop", "10").stopPrice(decimal("500"))).withTrigger(now);
        quote("100", "101");
        hear(venue.submit(triggered, now));
        assertSaid("fill 10 at 101");
    }

    // ---- sizes

    @Test
    void shouldFillNoMoreThanTheQuoteOffersUntilTheNextOne() {
        quotes(decimal("99"), decimal("101"), "6");
        submit(order("buy", "market", "10"));
        submit(order("buy", "limit", "5").limitPrice(decimal("101")));
        submit(order("sell", "market", "4")); // the other side has units of its own
        assertSaid("fill 6 at 101, new, fill 4 at 99");
        quotes(decimal("100"), decimal("102"), "5");
        assertSaid("fill 4 at 102");
        quotes(decimal("99"), decimal("101"), "3");
        quotes(decimal("99"), decimal("101"), "3");
        assertSaid("fill 3 at 101, fill 2 at 101");
    }

    @Test
    void shouldFillAnyQuantityWhereAFeedTellsNoSizes() {
        quotes(decimal("99"), decimal("101"), null);
        submit(order("buy", "market", "1000000"));
        assertSaid("fill 1000000 at 101");
    }

    @Test
    void shouldLetWaitWhatNobodyOffers() {
        hear(venue.onQuotes(List.of(new Quote("AAPL", null, null, null, null, decimal("100"), now)), now));
        submit(order("buy", "market", "1"));
        submit(order("sell", "trailing_stop", "1").trailPrice(decimal("1")));
        assertSaid("new, new");
        quote("99", "101");
        assertSaid("fill 1 at 101, best 99");
    }

    // ---- time in force

    @ParameterizedTest(name = "{0} of {1} with limit {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ioc | 10 | 101 | fill 10 at 101",
                "ioc | 25 | 101 | fill 20 at 101, canceled",
                "ioc | 25 |     | fill 20 at 101, canceled",
                "ioc | 10 | 100 | canceled",
                "fok | 20 | 101 | fill 20 at 101",
                "fok | 25 | 101 | canceled",
                "fok | 25 |     | canceled",
                "fok | 10 | 100 | canceled",
                "gtc | 25 | 101 | fill 20 at 101",
                "day | 25 | 101 | fill 20 at 101",
            })
    void shouldFillAtOnceWhatIsToBeFilledAtOnce(String tif, String qty, String limit, String expected) {
        quotes(decimal("99"), decimal("101"), "20");
        submit(order("buy", limit == null ? "market" : "limit", qty)
                .limitPrice(decimalOrNull(limit))
                .timeInForce(TimeInForce.parse(tif)));
        assertSaid(expected);
    }

    @Test
    void shouldEndADayOrderAtTheCloseAndKeepOneUntilCanceled() {
        venue = venue(NEW_YORK, "0", "0", "0", "0");
        quote("99", "101");
        Order day = submit(order("buy", "limit", "10").limitPrice(decimal("90")));
        Order gtc = submit(order("buy", "limit", "10").limitPrice(decimal("90")).timeInForce(TimeInForce.GTC));
        assertSaid("new, new");
        now = at("2026-01-30T20:59:59.999Z");
        hear(venue.onTime(now));
        assertSaid("");
        now = at("2026-01-30T21:00:00Z");
        hear(venue.onTime(now));
        assertSaid("expired");
        assertFalse(venue.find(day.id()).orElseThrow().open());
        assertTrue(venue.find(gtc.id()).orElseThrow().open());
        quote("80", "81");
        assertSaid("");
        now = at("2026-02-02T14:29:59Z");
        quote("80", "81");
        submit(order("buy", "market", "1")); // waits for the opening
        submit(order("buy", "market", "1").timeInForce(TimeInForce.IOC));
        assertSaid("new, canceled");
        now = at("2026-02-02T14:30:00Z");
        hear(venue.onTime(now));
        submit(order("buy", "market", "1")); // no quote of this session yet
        assertSaid("new");
        quote("80", "82");
        assertSaid("fill 1 at 82, fill 1 at 82, fill 8 at 82");
    }

    @Test
    void shouldEndADayOrderThatIsSentAgainWhenItsDayIsOver() {
        venue = venue(NEW_YORK, "0", "0", "0", "0");
        Order order = accepted(order("buy", "limit", "10").limitPrice(decimal("90")));
        now = at("2026-01-30T21:00:00Z");
        hear(venue.submit(order, now));
        assertSaid("expired");
        submit(order("buy", "limit", "10").limitPrice(decimal("90")));
        assertSaid("new"); // for Monday
        now = at("2026-02-02T21:00:00Z");
        hear(venue.onTime(now));
        assertSaid("expired");
    }

    @Test
    void shouldEndADayOrderWithTheTradingDayWhereTheMarketIsAlwaysOpen() {
        quote("99", "101");
        submit(order("buy", "limit", "10").limitPrice(decimal("90")));
        now = at("2026-01-31T04:59:59Z");
        quote("99", "101");
        assertSaid("new");
        now = at("2026-01-31T05:00:00Z"); // midnight in New York
        quote("80", "81");
        assertSaid("expired");
    }

    @Test
    void shouldFillAtTheOpeningOrNotAtAll() {
        venue = venue(NEW_YORK, "0", "0", "0", "0");
        quote("99", "101");
        submit(order("buy", "market", "4").timeInForce(TimeInForce.OPG));
        submit(order("buy", "limit", "4").limitPrice(decimal("70")).timeInForce(TimeInForce.OPG));
        Order beaten =
                submit(order("buy", "limit", "8").limitPrice(decimal("102")).timeInForce(TimeInForce.OPG));
        quote("99", "101");
        assertSaid("new, new, new");
        now = at("2026-02-02T14:29:00Z");
        quote("69", "70");
        assertSaid("");
        now = at("2026-02-02T14:30:00Z");
        quote("99", "101");
        assertSaid("fill 4 at 101, fill 6 at 101, expired, expired");
        hear(venue.submit(beaten, now));
        assertSaid("new, fill 6 at 101, expired"); // known: the same again
    }

    @Test
    void shouldEndAnOrderForAnOpeningThatIsOver() {
        venue = venue(NEW_YORK, "0", "0", "0", "0");
        now = at("2026-01-30T14:00:00Z");
        Order early = accepted(order("buy", "market", "4").timeInForce(TimeInForce.OPG));
        now = FRIDAY;
        quote("99", "101");
        hear(venue.submit(early, now));
        assertSaid("expired");
    }

    @Test
    void shouldFillAtTheCloseOrNotAtAll() {
        venue = venue(NEW_YORK, "0", "0", "0", "0");
        quote("99", "101");
        submit(order("sell", "market", "4").timeInForce(TimeInForce.CLS));
        submit(order("sell", "limit", "4").limitPrice(decimal("99.5")).timeInForce(TimeInForce.CLS));
        assertSaid("new, new");
        now += 1_000;
        quote("100", "101");
        assertSaid("");
        quote("98", "101");
        now = at("2026-01-30T21:00:05Z");
        quote("150", "151"); // of no use any more
        assertSaid("fill 4 at 98, expired");
    }

    @Test
    void shouldTradeCryptoOnASaturday() {
        venue = venue(NEW_YORK, "0", "0", "0", "0");
        now = at("2026-01-31T15:00:00Z");
        hear(venue.onQuotes(
                List.of(new Quote(
                        "BTC/USD", decimal("9"), decimal("10"), decimal("10"), decimal("10"), decimal("9"), now)),
                now));
        submit(OrderTerms.of("BTC/USD", Side.BUY).qty(decimal("1")));
        assertSaid("fill 1 at 10");
    }

    @ParameterizedTest
    @CsvSource({"ioc", "fok", "opg", "cls"})
    void shouldRejectAStopThatIsNotForADayOrUntilCanceled(String tif) {
        quote("99", "101");
        submit(order("buy", "stop", "1").stopPrice(decimal("1")).timeInForce(TimeInForce.parse(tif)));
        assertSaid("rejected");
    }

    // ---- replace

    @Test
    void shouldEndAnOrderInFavourOfAnotherWithWhatItHasFilled() {
        quotes(decimal("99"), decimal("101"), "4");
        Order first = submit(order("buy", "limit", "10").limitPrice(decimal("101")));
        hear(venue.replace(first.id(), "o2", now));
        assertSaid("fill 4 at 101, replaced");
        quotes(decimal("90"), decimal("91"), "100");
        assertSaid("");
        hear(venue.replace(first.id(), "o2", now));
        assertSaid("fill 4 at 101, replaced"); // over: all that happened to it
        Order filled = submit(order("buy", "market", "1"));
        hear(venue.replace(filled.id(), "o4", now));
        assertSaid("fill 1 at 91, fill 1 at 91");
    }

    // ---- costs and faults

    @Test
    void shouldMoveTheMarketAgainstAMarketOrderButNeverBeyondALimit() {
        venue = venue(MarketHours.ALWAYS, "100", "0", "0", "0");
        quote("100", "200");
        submit(order("buy", "market", "1"));
        submit(order("sell", "market", "1"));
        submit(order("buy", "limit", "1").limitPrice(decimal("200")));
        submit(order("sell", "stop", "1").stopPrice(decimal("100")));
        assertSaid("fill 1 at 202, fill 1 at 99, fill 1 at 200, new, triggered, fill 1 at 99");
    }

    @Test
    void shouldTakeAFeeByValueAndUnitsAndAMinimumPerOrder() {
        venue = venue(MarketHours.ALWAYS, "0", "10", "0.01", "3");
        quotes(decimal("99"), decimal("100"), "10");
        Order order = submit(order("buy", "limit", "40").limitPrice(decimal("100")));
        quotes(decimal("99"), decimal("100"), "10");
        quotes(decimal("99"), decimal("100"), "10");
        quotes(decimal("99"), decimal("100"), "10");
        List<String> fees = venue.find(order.id()).orElseThrow().reports().stream()
                .map(report -> report.fee().stripTrailingZeros().toPlainString())
                .toList();
        // 1.1 for each ten: the minimum is reached within the third
        assertEquals(List.of("3", "0", "0.3", "1.1"), fees);
        Order later = accepted(order("buy", "market", "2"))
                .withFill(OrderStatus.PARTIALLY_FILLED, decimal("1"), decimal("100"), now);
        quotes(decimal("99"), decimal("100"), "10");
        assertEquals(0, venue.submit(later, now).get(0).fee().signum(), "its first fill has paid the minimum");
    }

    @Test
    void shouldRejectAtRandomTheSameOnesForTheSameSeed() {
        List<String> first = rejected(7);
        assertEquals(first, rejected(7));
        assertTrue(first.size() > 20 && first.size() < 80, first.size() + " of 100 rejected");
    }

    private List<String> rejected(long seed) {
        PaperMatcher faulty = new PaperMatcher(
                ids("e"),
                PaperRules.of(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, MarketHours.ALWAYS)
                        .with(0.5, 0, 0, seed));
        next = 0;
        List<String> rejected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Order order = accepted(order("buy", "market", "1"));
            if (faulty.submit(order, now).get(0).kind() == Kind.REJECTED) {
                rejected.add(order.id());
            }
        }
        return rejected;
    }

    // ---- words

    private static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    private static BigDecimal decimalOrNull(String text) {
        return text == null ? null : decimal(text);
    }

    private static OrderTerms.Builder order(String side, String type, String qty) {
        return OrderTerms.of("AAPL", Side.parse(side))
                .type(OrderType.parse(type))
                .qty(decimal(qty));
    }

    private Order accepted(OrderTerms.Builder terms) {
        next++;
        return Order.accepted("o" + next, new PlaceOrder(ACCOUNT, "c" + next, terms.build(), "key", "request"), now);
    }

    private Order submit(OrderTerms.Builder terms) {
        Order order = accepted(terms);
        hear(venue.submit(order, now));
        return order;
    }

    private void quote(String bid, String ask) {
        quotes(decimal(bid), decimal(ask), "10");
    }

    /** A second later. */
    private void quoteAll(String bidAndAsk) {
        now += 1_000;
        String[] prices = bidAndAsk.split("/", -1);
        quotes(decimal(prices[0]), decimal(prices[1]), "1000");
    }

    private void quotes(BigDecimal bid, BigDecimal ask, String size) {
        BigDecimal units = decimalOrNull(size);
        hear(venue.onQuotes(List.of(new Quote("AAPL", bid, units, ask, units, bid, now)), now));
    }

    private void hear(List<ExecutionReport> reports) {
        for (ExecutionReport report : reports) {
            said.add(
                    switch (report.kind()) {
                        case FILL -> "fill " + plain(report.qty()) + " at " + plain(report.price());
                        case TRAILED -> "best " + plain(report.price());
                        default -> report.kind().name().toLowerCase(Locale.ROOT);
                    });
        }
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private void assertSaid(String expected) {
        assertEquals(expected, String.join(", ", said));
        said.clear();
    }
}
