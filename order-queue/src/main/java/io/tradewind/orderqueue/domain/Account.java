package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The money, positions and open orders of one account. Mutable, owned by its {@link Desk}.
 *
 * <p>Every open order holds back what it may still take: a buy its cost in cash, a sell its units. What is left is what
 * the next order may use, so that orders that are admitted can all be executed.
 *
 * <p>A short position holds back its collateral, by the rules of {@link AccountRules}: the proceeds of the sale, and own
 * money with them. A sell beyond what is held binds that own money as soon as it is open; a buy that covers is paid out
 * of the collateral of what it covers.
 *
 * <p>Cash plus the cost of all positions, less what was realised, plus fees, is what was paid in: exactly, after any
 * sequence of fills.
 */
final class Account {

    /** Without a loan: a unit of own money buys a unit. */
    private static final String MULTIPLIER = "1";

    private final String id;
    private final AccountRules rules;
    private final BigDecimal deposits;
    private final long createdAtMs;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    /** Orders that are not terminal, by id. */
    private final Map<String, Order> open = new LinkedHashMap<>();
    /** The same by instrument, for the checks of new orders. */
    private final OpenBook book = new OpenBook();

    private final Holds holds = new Holds();
    private BigDecimal cash;
    private BigDecimal realized;
    private BigDecimal fees;
    private BigDecimal realizedToday;
    private BigDecimal feesToday;
    private BigDecimal lastEquity;
    private LocalDate tradingDay;
    /** Whether there may be positions whose day basis is of an earlier trading day. */
    private boolean positionsBehind = true;

    private Account(
            String id,
            AccountRules rules,
            BigDecimal deposits,
            BigDecimal cash,
            BigDecimal realized,
            BigDecimal fees,
            BigDecimal lastEquity,
            LocalDate tradingDay,
            long createdAtMs) {
        this.id = id;
        this.rules = rules;
        this.deposits = deposits;
        this.cash = cash;
        this.realized = realized;
        this.fees = fees;
        this.realizedToday = BigDecimal.ZERO;
        this.feesToday = BigDecimal.ZERO;
        this.lastEquity = lastEquity;
        this.tradingDay = tradingDay;
        this.createdAtMs = createdAtMs;
    }

    /** A new account with some money. */
    static Account open(String id, AccountRules rules, BigDecimal deposit, long nowMs) {
        return new Account(
                id,
                rules,
                deposit,
                deposit,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                deposit,
                rules.days().of(nowMs),
                nowMs);
    }

    static Account fromJson(Json json, AccountRules rules) {
        Map<String, String> in = JsonObjects.read(json);
        Account account = new Account(
                in.get("id"),
                rules,
                new BigDecimal(in.get("deposits")),
                new BigDecimal(in.get("cash")),
                new BigDecimal(in.get("realized_pl")),
                new BigDecimal(in.get("fees")),
                new BigDecimal(in.get("last_equity")),
                LocalDate.parse(in.get("trading_day")),
                Instant.parse(in.get("created_at")).toEpochMilli());
        // Documents of before these were counted begin their day with zero.
        account.realizedToday = new BigDecimal(in.getOrDefault("daily_realized_pl", "0"));
        account.feesToday = new BigDecimal(in.getOrDefault("daily_fees", "0"));
        return account;
    }

    String id() {
        return id;
    }

    BigDecimal cash() {
        return cash;
    }

    BigDecimal realized() {
        return realized;
    }

    BigDecimal fees() {
        return fees;
    }

    BigDecimal deposits() {
        return deposits;
    }

    AccountRules rules() {
        return rules;
    }

    /** Equity at the end of the trading day before. */
    BigDecimal lastEquity() {
        return lastEquity;
    }

    LocalDate tradingDay() {
        return tradingDay;
    }

    // ---- what is left for new orders

    /** Cash that neither an open order nor a short position holds back; below zero when prices moved against a short. */
    BigDecimal buyingPower(Prices prices) {
        BigDecimal left = cash.subtract(holds.cost());
        for (Position position : positions.values()) {
            if (position.qty().signum() < 0) {
                String symbol = position.symbol();
                BigDecimal value = position.marketValue(prices.last(symbol)).negate();
                BigDecimal buys = holds.buys(symbol).money();
                left = left.subtract(rules.collateral(value))
                        .add(buys)
                        .subtract(heldForBuys(position, holds.buys(symbol), prices));
            }
        }
        for (String symbol : holds.selling()) {
            left = left.subtract(heldForSells(position(symbol), holds.sells(symbol)));
        }
        return left;
    }

    /**
     * What an order would hold back beside what is held back already.
     *
     * @param money what a buy may cost, or what a sell would bind if all of it opened a short position
     */
    BigDecimal needs(String symbol, Side side, BigDecimal qty, BigDecimal money, Prices prices) {
        Position position = position(symbol);
        if (side == Side.BUY) {
            Holds.Total before = holds.buys(symbol);
            return heldForBuys(position, before.plus(qty, money), prices)
                    .subtract(heldForBuys(position, before, prices));
        }
        Holds.Total before = holds.sells(symbol);
        return heldForSells(position, before.plus(qty, money)).subtract(heldForSells(position, before));
    }

    /** What buys cost, less the collateral that becomes free by what they cover. */
    private BigDecimal heldForBuys(Position position, Holds.Total buys, Prices prices) {
        if (position.qty().signum() >= 0 || buys.qty().signum() == 0) {
            return buys.money();
        }
        BigDecimal units = position.qty().negate();
        BigDecimal value = position.marketValue(prices.last(position.symbol())).negate();
        BigDecimal covered = buys.qty().compareTo(units) >= 0
                ? value
                : value.multiply(buys.qty()).divide(units, Position.SCALE, RoundingMode.DOWN);
        return buys.money().subtract(rules.collateral(covered)).max(BigDecimal.ZERO);
    }

    /** The part of the sells that is not covered by what is held binds own money. */
    private static BigDecimal heldForSells(Position position, Holds.Total sells) {
        BigDecimal opening = sells.qty().subtract(position.qty().max(BigDecimal.ZERO));
        if (opening.signum() <= 0) {
            return BigDecimal.ZERO;
        }
        return opening.compareTo(sells.qty()) == 0
                ? sells.money()
                : sells.money().multiply(opening).divide(sells.qty(), Position.SCALE, RoundingMode.UP);
    }

    /** Units that no open order sells; below zero when short, or about to be. */
    BigDecimal sellable(String symbol) {
        return position(symbol).qty().subtract(holds.sells(symbol).qty());
    }

    /** Of what is held, or owed, what no open order sells, or buys back; negative when owed. */
    private BigDecimal available(Position position) {
        return position.qty().signum() >= 0
                ? sellable(position.symbol()).max(BigDecimal.ZERO)
                : position.qty().add(holds.buys(position.symbol()).qty()).min(BigDecimal.ZERO);
    }

    // ---- positions

    Position position(String symbol) {
        Position position = positions.get(symbol);
        return position == null ? Position.flat(id, symbol) : position;
    }

    Collection<Position> positions() {
        return positions.values();
    }

    void putPosition(Position position) {
        if (position.isFlat()) {
            positions.remove(position.symbol());
        } else {
            positions.put(position.symbol(), position);
        }
    }

    /** The document of one of its positions. */
    Json toJson(Position position, Prices prices, long nowMs) {
        return position.toJson(prices.last(position.symbol()), available(position), nowMs);
    }

    // ---- open orders

    Order openOrder(String orderId) {
        return open.get(orderId);
    }

    Collection<Order> openOrders() {
        return open.values();
    }

    /** Open orders by instrument. */
    OpenBook book() {
        return book;
    }

    /**
     * An order was admitted, or loaded while it was open.
     *
     * @param money what a buy may cost, or what a sell would bind if all of it opened a short position
     */
    void addOpen(Order order, BigDecimal money) {
        open.put(order.id(), order);
        book.add(order);
        if (order.status() != OrderStatus.HELD) {
            holds.add(order, money);
        }
    }

    /** An order that waited for another one, and held nothing back, is queued. */
    void release(Order order, BigDecimal money) {
        addOpen(order, money);
    }

    /** Whether something holds when an open order holds nothing back. */
    <T> T without(Order order, BigDecimal money, Supplier<T> question) {
        if (order.status() == OrderStatus.HELD) {
            return question.get();
        }
        holds.change(order, BigDecimal.ZERO);
        T answer = question.get();
        holds.add(order, money);
        return answer;
    }

    /** Units by which an order of this side can make the position smaller, beside those that open orders of it will. */
    BigDecimal closable(String symbol, Side side) {
        BigDecimal units = side == Side.SELL
                ? sellable(symbol)
                : position(symbol).qty().add(holds.buys(symbol).qty()).negate();
        return units.max(BigDecimal.ZERO);
    }

    /** An open order changed; a terminal one is let go with all that it held back. */
    void changeOpen(Order before, Order after) {
        book.change(before, after);
        boolean over = after.status().isTerminal();
        if (over) {
            open.remove(after.id());
        } else {
            open.put(after.id(), after);
        }
        if (before.status() != OrderStatus.HELD) {
            holds.change(before, over ? BigDecimal.ZERO : after.leavesQty());
        }
    }

    // ---- booking

    /**
     * Begins a new trading day when the last one is over: results of the day count from what everything was worth then.
     * To be called before anything is booked, so that a day counts from before its first fill. A clock that goes back
     * begins no day.
     *
     * @return whether one began
     */
    boolean rollDay(Prices prices, long nowMs) {
        LocalDate today = rules.days().of(nowMs);
        boolean begins = today.isAfter(tradingDay);
        if (begins) {
            tradingDay = today;
            realizedToday = BigDecimal.ZERO;
            feesToday = BigDecimal.ZERO;
            positionsBehind = true;
            BigDecimal equity = cash;
            for (Position position : positions.values()) {
                equity = equity.add(position.marketValue(prices.atStartOf(today, position.symbol())));
            }
            lastEquity = Decimals.normal(equity);
        }
        if (positionsBehind) {
            positionsBehind = false;
            positions.replaceAll((symbol, position) -> startDay(position, prices));
        }
        return begins;
    }

    private Position startDay(Position position, Prices prices) {
        if (tradingDay.equals(position.tradingDay())) {
            return position;
        }
        BigDecimal price = prices.atStartOf(tradingDay, position.symbol());
        if (price == null) {
            positionsBehind = true; // until there is one
            return position;
        }
        return position.startDay(tradingDay, price, prices.closeBefore(tradingDay, position.symbol()));
    }

    /**
     * Books a fill: money, fee, position and realised result.
     *
     * @param closingPrice of a unit at the end of the trading day before; {@code null} when it is not known
     */
    Position book(String symbol, Side side, BigDecimal qty, BigDecimal price, BigDecimal fee, BigDecimal closingPrice) {
        BigDecimal signed = side == Side.BUY ? qty : qty.negate();
        Position before = position(symbol);
        Position.Fill fill = (before.isFlat() ? before.openedOn(tradingDay, closingPrice) : before).fill(signed, price);
        putPosition(fill.position());
        cash = Decimals.normal(cash.subtract(signed.multiply(price)).subtract(fee));
        realized = Decimals.normal(realized.add(fill.realized()));
        realizedToday = Decimals.normal(realizedToday.add(fill.realized()));
        fees = Decimals.normal(fees.add(fee));
        feesToday = Decimals.normal(feesToday.add(fee));
        return fill.position();
    }

    /** Cash and positions at the latest prices. */
    BigDecimal equity(Prices prices) {
        BigDecimal equity = cash;
        for (Position position : positions.values()) {
            equity = equity.add(position.marketValue(prices.last(position.symbol())));
        }
        return equity;
    }

    /** What the account won or lost on this trading day, after fees. */
    BigDecimal dailyResult(Prices prices) {
        return equity(prices).subtract(lastEquity);
    }

    Json toJson(Prices prices, long nowMs) {
        rollDay(prices, nowMs);
        BigDecimal longValue = BigDecimal.ZERO;
        BigDecimal shortValue = BigDecimal.ZERO;
        BigDecimal cost = BigDecimal.ZERO;
        for (Position position : positions.values()) {
            BigDecimal value = position.marketValue(prices.last(position.symbol()));
            if (position.qty().signum() < 0) {
                shortValue = shortValue.add(value);
            } else {
                longValue = longValue.add(value);
            }
            cost = cost.add(position.costBasis());
        }
        BigDecimal value = longValue.add(shortValue);
        BigDecimal equity = Decimals.normal(cash.add(value));
        BigDecimal longs = Decimals.normal(longValue);
        BigDecimal shorts = Decimals.normal(shortValue);
        BigDecimal unrealized = Decimals.normal(value.subtract(cost));
        BigDecimal margin = Decimals.normal(longValue.add(rules.margin(shortValue.negate())));
        // Money that can be spent: a short that went wrong leaves less than none, and none is what can be spent then.
        BigDecimal power = Decimals.normal(buyingPower(prices).max(BigDecimal.ZERO));
        return JsonObjects.write(out -> out.text("id", id)
                .text("account_number", id)
                .text("status", "ACTIVE")
                .text("currency", "USD")
                .decimal("cash", cash)
                .decimal("buying_power", power)
                .decimal("equity", equity)
                .decimal("portfolio_value", equity)
                .decimal("last_equity", lastEquity)
                .decimal("long_market_value", longs)
                .decimal("short_market_value", shorts)
                .decimal("realized_pl", realized)
                .decimal("unrealized_pl", unrealized)
                .decimal("daily_pl", Decimals.normal(equity.subtract(lastEquity)))
                .decimal("fees", fees)
                .decimal("deposits", deposits)
                .text("trading_day", tradingDay.toString())
                .time("created_at", createdAtMs)
                .time("updated_at", nowMs)
                .decimal("daily_realized_pl", realizedToday)
                .decimal("daily_fees", feesToday)
                .text("multiplier", MULTIPLIER)
                .flag("shorting_enabled", rules.shorting())
                .decimal("regt_buying_power", power)
                .decimal("non_marginable_buying_power", power)
                .decimal("daytrading_buying_power", BigDecimal.ZERO)
                .decimal("initial_margin", margin)
                .decimal("maintenance_margin", margin)
                .decimal("accrued_fees", BigDecimal.ZERO)
                .flag("pattern_day_trader", false));
    }
}
