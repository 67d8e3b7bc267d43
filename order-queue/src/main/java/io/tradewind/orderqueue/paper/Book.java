package io.tradewind.orderqueue.paper;

import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.market.MarketCalendar;
import io.tradewind.contracts.market.MarketCalendar.Session;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.TimeInForce;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One instrument at the paper broker: the latest quote, what is left of its sizes, and the orders that work. The rules are
 * those of docs/PAPER.md.
 *
 * <p>What holds after every call: either nothing is left of the size on a side, or no order waits that the quote crosses.
 * Therefore a new order needs to be compared with the quote only.
 *
 * <p>Pure, one thread. An order that has ended is no longer here.
 */
final class Book {

    /** The best price of a trailing stop is told at most this often, and when it triggers. */
    static final long TRAIL_REPORT_MS = 1_000;

    /** Hears what happens to orders. */
    interface Teller {

        void tell(WorkingOrder order, Kind kind, String reason);

        void trailed(WorkingOrder order);

        void filled(WorkingOrder order, BigDecimal qty, BigDecimal price, BigDecimal fee);
    }

    private final MarketCalendar calendar;
    private final PaperRules rules;
    private final Teller teller;
    private final Half buys = new Half();
    private final Half sells = new Half();
    private final Map<String, WorkingOrder> orders = new LinkedHashMap<>();
    private final Set<WorkingOrder> forOpening = new LinkedHashSet<>();
    private final Set<WorkingOrder> forClose = new LinkedHashSet<>();
    private long sequence;
    /** The one that is open, or the next one to open. */
    private Session session;

    private long quotedAtMs = Long.MIN_VALUE;

    /** The orders of one side, and the units on offer to them. */
    private static final class Half {
        /** At the market or with a limit. */
        final TreeSet<WorkingOrder> ready = new TreeSet<>(WorkingOrder.PRICE_TIME);

        final TreeSet<WorkingOrder> stops = new TreeSet<>(WorkingOrder.STOP_TIME);
        final Set<WorkingOrder> trailing = new LinkedHashSet<>();
        /** Best price of the other side; {@code null} when nobody offers one. */
        BigDecimal far;
        /** Units left at it until the next quote; {@code null} when the feed tells no sizes. */
        BigDecimal left;

        void offer(BigDecimal price, BigDecimal size) {
            far = price == null || price.signum() <= 0 ? null : price;
            left = size;
        }

        boolean isSoldOut() {
            return far == null || (left != null && left.signum() <= 0);
        }
    }

    Book(MarketCalendar calendar, PaperRules rules, Teller teller, long nowMs) {
        this.calendar = calendar;
        this.rules = rules;
        this.teller = teller;
        this.session = calendar.sessionAt(nowMs);
    }

    /** An order that the broker has not seen before. */
    void submit(Order order, long nowMs) {
        advance(nowMs);
        WorkingOrder working = new WorkingOrder(order, sequence++);
        TimeInForce tif = order.timeInForce();
        if (working.isWaitingForStop() && tif != TimeInForce.DAY && tif != TimeInForce.GTC) {
            teller.tell(working, Kind.REJECTED, "an order with a stop price is for the day or until canceled");
            return;
        }
        Session own = calendar.sessionAt(order.createdAtMs());
        if (tif == TimeInForce.OPG) {
            submitForOpening(working, own.openMs() > order.createdAtMs() ? own : calendar.after(own), nowMs);
            return;
        }
        if (tif == TimeInForce.DAY || tif == TimeInForce.CLS) {
            working.endsAtMs = own.closeMs();
            if (nowMs >= own.closeMs()) {
                teller.tell(working, Kind.EXPIRED, "the trading day that it was for is over");
                return;
            }
        }
        if (tif == TimeInForce.CLS) {
            orders.put(order.id(), working);
            forClose.add(working);
            teller.tell(working, Kind.NEW, null);
            return;
        }
        boolean atOnce = tif == TimeInForce.IOC || tif == TimeInForce.FOK;
        if (working.isWaitingForStop()) {
            teller.tell(working, Kind.NEW, null);
        }
        if (isTrading(nowMs) && (tif != TimeInForce.FOK || canFillWhole(working))) {
            reach(working, nowMs);
            if (!working.isWaitingForStop()) {
                fill(working);
            }
        }
        if (working.isFilled()) {
            return;
        }
        if (atOnce) {
            teller.tell(
                    working,
                    Kind.CANCELED,
                    isTrading(nowMs) ? "nothing more to fill it with at once" : "the market is closed");
            return;
        }
        orders.put(order.id(), working);
        rest(working);
        if (!working.wasToldOf()) {
            teller.tell(working, Kind.NEW, null);
        }
    }

    private void submitForOpening(WorkingOrder working, Session opening, long nowMs) {
        boolean passed =
                opening.openMs() < session.openMs() || (opening.openMs() == session.openMs() && isTrading(nowMs));
        if (passed) {
            teller.tell(working, Kind.EXPIRED, "the opening that it was for is over");
            return;
        }
        working.endsAtMs = opening.closeMs();
        orders.put(working.order.id(), working);
        forOpening.add(working);
        teller.tell(working, Kind.NEW, null);
    }

    /** Takes an order out; {@code null} when it does not work here. */
    WorkingOrder remove(String orderId) {
        WorkingOrder working = orders.remove(orderId);
        if (working != null) {
            unrest(working);
        }
        return working;
    }

    WorkingOrder working(String orderId) {
        return orders.get(orderId);
    }

    /** The market moved. */
    void onQuote(Quote news, long nowMs) {
        advance(nowMs);
        boolean opens = quotedAtMs < session.openMs();
        quotedAtMs = nowMs;
        buys.offer(news.ask(), news.askSize());
        sells.offer(news.bid(), news.bidSize());
        if (!session.isOpen(nowMs)) {
            return;
        }
        if (opens) {
            auction(forOpening, order -> order.endsAtMs <= session.closeMs(), "not filled at the opening");
        }
        for (Half half : List.of(buys, sells)) {
            reachStops(half, nowMs);
            while (!half.isSoldOut() && !half.ready.isEmpty()) {
                WorkingOrder best = half.ready.first();
                if (!best.crosses(half.far)) {
                    break;
                }
                fill(best);
                if (best.isFilled()) {
                    half.ready.remove(best);
                    orders.remove(best.order.id());
                }
            }
        }
    }

    /** Ends the sessions that are over. */
    void advance(long nowMs) {
        while (nowMs >= session.closeMs()) {
            if (quotedAtMs >= session.openMs()) {
                auction(forClose, order -> order.endsAtMs <= session.closeMs(), "not filled at the close");
            }
            List<WorkingOrder> over = new ArrayList<>();
            for (WorkingOrder working : orders.values()) {
                if (working.endsAtMs <= session.closeMs()) {
                    over.add(working);
                }
            }
            for (WorkingOrder working : over) {
                remove(working.order.id());
                teller.tell(working, Kind.EXPIRED, "the trading day is over");
            }
            session = calendar.after(session);
        }
    }

    /** Whether there is trading, and a quote to trade against. */
    private boolean isTrading(long nowMs) {
        return session.isOpen(nowMs) && quotedAtMs >= session.openMs();
    }

    /** Fills what can be filled of these orders now; what is left of them ends. */
    private void auction(Set<WorkingOrder> waiting, Predicate<WorkingOrder> due, String reason) {
        List<WorkingOrder> now =
                waiting.stream().filter(due).sorted(WorkingOrder.PRICE_TIME).toList();
        for (WorkingOrder working : now) {
            remove(working.order.id());
            fill(working);
            if (!working.isFilled()) {
                teller.tell(working, Kind.EXPIRED, reason);
            }
        }
    }

    // ---- stops

    private void reachStops(Half half, long nowMs) {
        if (half.far == null) {
            return;
        }
        while (!half.stops.isEmpty() && half.stops.first().isReachedBy(half.far)) {
            trigger(half.stops.pollFirst());
        }
        for (Iterator<WorkingOrder> each = half.trailing.iterator(); each.hasNext(); ) {
            WorkingOrder working = each.next();
            trail(working, half.far, nowMs);
            if (working.isReachedBy(half.far)) {
                each.remove();
                tellBest(working, nowMs, 0);
                trigger(working);
            }
        }
    }

    private void trigger(WorkingOrder working) {
        working.trigger(sequence++);
        teller.tell(working, Kind.TRIGGERED, null);
        half(working).ready.add(working);
    }

    /** A new order may be at its stop price already. */
    private void reach(WorkingOrder working, long nowMs) {
        BigDecimal far = half(working).far;
        if (!working.isWaitingForStop() || far == null) {
            return;
        }
        if (working.isTrailing()) {
            trail(working, far, nowMs);
        }
        if (working.isReachedBy(far)) {
            working.trigger(sequence++);
            teller.tell(working, Kind.TRIGGERED, null);
        }
    }

    private void trail(WorkingOrder working, BigDecimal far, long nowMs) {
        working.trail(far);
        tellBest(working, nowMs, TRAIL_REPORT_MS);
    }

    private void tellBest(WorkingOrder working, long nowMs, long everyMs) {
        if (working.isTimeToTell(nowMs, everyMs)) {
            teller.trailed(working);
        }
    }

    // ---- fills

    private boolean canFillWhole(WorkingOrder working) {
        Half half = half(working);
        return !half.isSoldOut()
                && working.crosses(half.far)
                && (half.left == null || half.left.compareTo(working.leaves()) >= 0);
    }

    /** Fills as much of an order as the quote allows. */
    private void fill(WorkingOrder working) {
        Half half = half(working);
        if (half.isSoldOut() || !working.crosses(half.far)) {
            return;
        }
        BigDecimal qty = half.left == null ? working.leaves() : working.leaves().min(half.left);
        BigDecimal price = half.far;
        if (working.isMarket()) {
            BigDecimal worse = price.multiply(rules.slippage());
            price = working.buys() ? price.add(worse) : price.subtract(worse);
        }
        BigDecimal value = qty.multiply(price);
        BigDecimal fee = rules.fees().of(working.filledQty(), working.filledValue(), qty, value);
        working.filled(qty, value);
        if (half.left != null) {
            half.left = half.left.subtract(qty);
        }
        teller.filled(working, qty, price, fee);
    }

    // ---- where orders wait

    private Half half(WorkingOrder working) {
        return working.buys() ? buys : sells;
    }

    private void rest(WorkingOrder working) {
        Half half = half(working);
        if (working.isTrailing()) {
            half.trailing.add(working);
        } else if (working.isWaitingForStop()) {
            half.stops.add(working);
        } else {
            half.ready.add(working);
        }
    }

    private void unrest(WorkingOrder working) {
        if (forOpening.remove(working) || forClose.remove(working)) {
            return;
        }
        Half half = half(working);
        if (working.isTrailing()) {
            half.trailing.remove(working);
        } else if (working.isWaitingForStop()) {
            half.stops.remove(working);
        } else {
            half.ready.remove(working);
        }
    }

    Iterable<WorkingOrder> all() {
        return orders.values();
    }
}
