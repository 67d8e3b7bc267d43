package io.tradewind.orderqueue.paper;

import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.market.MarketCalendar;
import io.tradewind.contracts.market.MarketCalendar.Session;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The paper venue under random orders, quotes, cancels, days and restarts. Whatever comes: no fill is worse than its limit,
 * more than its order or than the quote offers, before its stop price was reached, or while the market is closed; fok is
 * all or nothing; nothing is said of an order that has ended; and nothing that crosses is left waiting beside an offer.
 *
 * <p>A failure names its seed; {@code -Dseed=…} plays just that one again.
 */
@Timeout(120)
class PaperSimulationTest {

    private static final int SEEDS = 600;
    private static final int STEPS = 150;
    private static final BigDecimal SLIPPAGE_BPS = BigDecimal.TEN;
    private static final BigDecimal SLIPPAGE = new BigDecimal("0.001");

    @Test
    void shouldKeepItsRulesWhateverComes() {
        Long only = Long.getLong("seed");
        Map<Kind, Integer> heard = new HashMap<>();
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            World world = new World(seed);
            for (int step = 0; step < STEPS; step++) {
                try {
                    world.step();
                    world.check();
                } catch (RuntimeException | AssertionError failure) {
                    throw new AssertionError(
                            "replay with -Dseed=" + seed + ", step " + step + ": " + failure.getMessage(), failure);
                }
            }
            world.heard.forEach((kind, times) -> heard.merge(kind, times, Integer::sum));
        }
        for (Kind kind : List.of(Kind.NEW, Kind.FILL, Kind.CANCELED, Kind.EXPIRED, Kind.TRIGGERED, Kind.TRAILED)) {
            assertTrue(
                    only != null || heard.getOrDefault(kind, 0) > SEEDS, "the simulation must not be idle: " + heard);
        }
    }

    /** What the order-queue would know of an order. */
    private static final class Known {
        Order order;
        BigDecimal filled = BigDecimal.ZERO;
        boolean triggered;
        boolean open = true;

        Known(Order order) {
            this.order = order;
        }
    }

    private static final class World {
        private final Random random;
        private final MarketHours hours;
        private final MarketCalendar calendar;
        private final Supplier<String> ids = ids("e");
        private final Map<String, Known> known = new LinkedHashMap<>();
        private final Set<String> executions = new HashSet<>();
        private final Map<Kind, Integer> heard = new HashMap<>();
        private PaperMatcher venue;
        private Quote quote;
        private long quotedAt;
        private BigDecimal bought = BigDecimal.ZERO;
        private BigDecimal sold = BigDecimal.ZERO;
        private long now = Instant.parse("2026-01-30T15:30:00Z").toEpochMilli();
        private int next;

        World(long seed) {
            random = new Random(seed);
            hours = random.nextBoolean() ? MarketHours.ALWAYS : new MarketHours(false, TradingDays.MARKET, Set.of());
            calendar = hours.calendar("AAPL");
            venue = newVenue();
            move();
        }

        private PaperMatcher newVenue() {
            return new PaperMatcher(
                    ids, PaperRules.of(SLIPPAGE_BPS, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, hours));
        }

        void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4, 5 -> place();
                case 6, 7, 8, 9, 10, 11 -> move();
                case 12 -> cancel();
                case 13 -> passTime();
                case 14 -> sendAgain();
                default -> restart();
            }
        }

        private void move() {
            now += random.nextInt(2_000);
            hear(venue.onTime(now)); // what ends with its session does so by the quote before
            int bid = 9_000 + random.nextInt(2_000);
            BigDecimal size = random.nextInt(8) == 0 ? null : BigDecimal.valueOf(random.nextInt(300), 1);
            quote = new Quote(
                    "AAPL",
                    BigDecimal.valueOf(bid, 2),
                    size,
                    BigDecimal.valueOf(bid + 1 + random.nextInt(50), 2),
                    size,
                    BigDecimal.valueOf(bid, 2),
                    now);
            bought = BigDecimal.ZERO;
            sold = BigDecimal.ZERO;
            quotedAt = now;
            hear(venue.onQuotes(List.of(quote), now));
        }

        private void passTime() {
            now += random.nextInt(10) == 0 ? random.nextInt(200_000_000) : random.nextInt(10_000_000);
            hear(venue.onTime(now));
        }

        private void place() {
            OrderType type = any(OrderType.values());
            boolean stop = type != OrderType.MARKET && type != OrderType.LIMIT;
            TimeInForce tif =
                    stop ? (random.nextBoolean() ? TimeInForce.DAY : TimeInForce.GTC) : any(TimeInForce.values());
            OrderTerms.Builder terms = OrderTerms.of("AAPL", random.nextBoolean() ? Side.BUY : Side.SELL)
                    .type(type)
                    .timeInForce(tif)
                    .qty(BigDecimal.valueOf(1 + random.nextInt(400), 1));
            if (type.hasLimit()) {
                terms.limitPrice(price());
            }
            if (type.hasStop()) {
                terms.stopPrice(price());
            }
            if (type == OrderType.TRAILING_STOP) {
                if (random.nextBoolean()) {
                    terms.trailPrice(BigDecimal.valueOf(1 + random.nextInt(500), 2));
                } else {
                    terms.trailPercent(BigDecimal.valueOf(1 + random.nextInt(40), 1));
                }
            }
            String id = "o" + next++;
            Order order = Order.accepted(id, new PlaceOrder(ACCOUNT, id, terms.build(), "key", "request"), now);
            known.put(id, new Known(order));
            List<ExecutionReport> reports = venue.submit(order, now);
            assertTrue(!reports.isEmpty(), "an order is always answered");
            hear(reports);
            Known after = known.get(id);
            if (tif == TimeInForce.FOK) {
                assertTrue(
                        after.filled.signum() == 0 || after.filled.compareTo(order.qty()) == 0, "fok " + after.filled);
            }
            if (tif == TimeInForce.FOK || tif == TimeInForce.IOC) {
                assertTrue(!after.open, tif + " rests");
            }
        }

        private <T> T any(T[] values) {
            return List.of(values).get(random.nextInt(values.length));
        }

        private BigDecimal price() {
            return BigDecimal.valueOf(9_000 + random.nextInt(2_050), 2);
        }

        private void cancel() {
            Known one = pick();
            if (one != null && one.open) {
                hear(venue.cancel(one.order.id(), now));
                assertTrue(!one.open, "a cancel ends an order, or it has ended");
            } else if (one != null) {
                assertEquals(
                        venue.find(one.order.id()).map(found -> found.reports()).orElse(List.of()),
                        venue.cancel(one.order.id(), now),
                        "told again");
            }
        }

        /** The same order once more does nothing. */
        private void sendAgain() {
            Known one = pick();
            if (one != null && venue.find(one.order.id()).isPresent()) {
                assertEquals(
                        venue.find(one.order.id()).orElseThrow().reports(), venue.submit(one.order, now), "told again");
            }
        }

        private Known pick() {
            return known.isEmpty() ? null : List.copyOf(known.values()).get(random.nextInt(known.size()));
        }

        /** The venue forgets everything; the orders that are open are sent again as they are stored. */
        private void restart() {
            venue = newVenue();
            quotedAt = Long.MIN_VALUE;
            for (Known one : known.values()) {
                if (one.open) {
                    hear(venue.submit(one.order, now));
                }
            }
        }

        // ---- what is said

        private void hear(List<ExecutionReport> reports) {
            for (ExecutionReport report : reports) {
                heard.merge(report.kind(), 1, Integer::sum);
                Known one = known.get(report.orderId());
                assertNotNull(one, report.toString());
                assertTrue(one.open, "said of an order that has ended: " + report);
                switch (report.kind()) {
                    case NEW -> assertTrue(executions.add(report.executionId()), "told once");
                    case FILL -> filled(one, report);
                    case TRIGGERED -> triggered(one);
                    case TRAILED -> one.order = one.order.withHwm(report.price(), now);
                    case CANCELED, EXPIRED -> one.open = false;
                    default -> throw new AssertionError(report.toString());
                }
            }
        }

        private void triggered(Known one) {
            assertTrue(!one.triggered, "triggered once");
            assertTrading(one);
            one.triggered = true;
            BigDecimal far = far(one.order.side());
            BigDecimal stop = one.order.stopPrice();
            int gap = far.compareTo(stop);
            assertTrue(one.order.side() == Side.BUY ? gap >= 0 : gap <= 0, far + " does not reach " + stop);
            one.order = one.order.withTrigger(now);
        }

        private BigDecimal far(Side side) {
            return side == Side.BUY ? quote.ask() : quote.bid();
        }

        private void filled(Known one, ExecutionReport fill) {
            Order order = one.order;
            assertTrue(executions.add(fill.executionId()), "told once");
            assertTrue(fill.qty().signum() > 0, "fills something");
            boolean buys = order.side() == Side.BUY;
            boolean atClose = order.timeInForce() == TimeInForce.CLS;
            if (!atClose) {
                assertTrading(one);
            }
            boolean needsStop = order.type() != OrderType.MARKET && order.type() != OrderType.LIMIT;
            assertTrue(!needsStop || one.triggered, "filled before its stop price was reached");
            BigDecimal price = far(order.side());
            if (order.limitPrice() == null) {
                BigDecimal worse = price.multiply(SLIPPAGE);
                price = buys ? price.add(worse) : price.subtract(worse);
            } else {
                int gap = fill.price().compareTo(order.limitPrice());
                assertTrue(buys ? gap <= 0 : gap >= 0, "worse than its limit: " + fill);
            }
            assertEquals(0, price.compareTo(fill.price()), "price of " + fill + " at " + quote);
            one.filled = one.filled.add(fill.qty());
            assertTrue(one.filled.compareTo(order.qty()) <= 0, "more than its quantity");
            if (buys) {
                bought = bought.add(fill.qty());
            } else {
                sold = sold.add(fill.qty());
            }
            assertTrue(quote.askSize() == null || bought.compareTo(quote.askSize()) <= 0, "more than is on offer");
            assertTrue(quote.bidSize() == null || sold.compareTo(quote.bidSize()) <= 0, "more than is wanted");
            one.open = one.filled.compareTo(order.qty()) < 0;
            one.order = order.withFill(
                    one.open ? OrderStatus.PARTIALLY_FILLED : OrderStatus.FILLED, one.filled, fill.price(), now);
        }

        private void assertTrading(Known one) {
            Session session = calendar.sessionAt(now);
            assertTrue(session.isOpen(now), "the market is closed");
            assertTrue(quotedAt >= session.openMs(), "the quote is of another session");
            if (one.order.timeInForce() == TimeInForce.DAY) {
                assertEquals(calendar.sessionAt(one.order.createdAtMs()), session, "the day of the order is over");
            }
        }

        // ---- what holds after every step

        void check() {
            Map<String, BrokerOpenOrder> working = new HashMap<>();
            venue.openOrders(null).items().forEach(order -> working.put(order.orderId(), order));
            boolean trading = calendar.sessionAt(now).isOpen(now)
                    && quotedAt >= calendar.sessionAt(now).openMs();
            for (Known one : known.values()) {
                BrokerOpenOrder at = working.get(one.order.id());
                assertEquals(one.open, at != null, "open: " + one.order);
                if (at == null) {
                    continue;
                }
                assertTrue(venue.find(one.order.id()).orElseThrow().open(), "found open");
                assertEquals(0, one.filled.compareTo(at.filledQty()), "sum of fills of " + one.order);
                TimeInForce tif = one.order.timeInForce();
                if (trading && (tif == TimeInForce.DAY || tif == TimeInForce.GTC)) {
                    assertTrue(!couldBeFilled(one), "left waiting: " + one.order + " at " + quote);
                }
                if (tif == TimeInForce.DAY) {
                    assertTrue(now < calendar.sessionAt(one.order.createdAtMs()).closeMs(), "its day is over");
                }
            }
        }

        private boolean couldBeFilled(Known one) {
            boolean buys = one.order.side() == Side.BUY;
            BigDecimal size = buys ? quote.askSize() : quote.bidSize();
            boolean soldOut = size != null && (buys ? bought : sold).compareTo(size) >= 0;
            return !soldOut
                    && switch (one.order.workingType()) {
                        case MARKET -> true;
                        case LIMIT -> {
                            int gap = far(one.order.side()).compareTo(one.order.limitPrice());
                            yield buys ? gap <= 0 : gap >= 0;
                        }
                        case STOP, STOP_LIMIT -> {
                            int gap = far(one.order.side()).compareTo(one.order.stopPrice());
                            yield buys ? gap >= 0 : gap <= 0;
                        }
                        case TRAILING_STOP -> false;
                    };
        }
    }
}
