package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The money, positions and open orders of one account. Mutable, owned by its {@link Desk}.
 *
 * <p>Every open order holds back what it may still take: a buy its cost in cash, a sell its units. What is left is what
 * the next order may use, so that orders that are admitted can all be executed.
 */
final class Account {

    private final String id;
    private final BigDecimal deposits;
    private final long createdAtMs;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    /** Orders that are not terminal, by id. */
    private final Map<String, Order> open = new LinkedHashMap<>();

    private final Map<String, BigDecimal> reservedCashByOrder = new HashMap<>();
    private final Map<String, BigDecimal> reservedUnitsBySymbol = new HashMap<>();
    private BigDecimal cash;
    private BigDecimal realized;
    private BigDecimal fees;
    private BigDecimal reservedCash = BigDecimal.ZERO;
    private BigDecimal lastEquity;
    private LocalDate tradingDay;

    private Account(
            String id,
            BigDecimal deposits,
            BigDecimal cash,
            BigDecimal realized,
            BigDecimal fees,
            BigDecimal lastEquity,
            LocalDate tradingDay,
            long createdAtMs) {
        this.id = id;
        this.deposits = deposits;
        this.cash = cash;
        this.realized = realized;
        this.fees = fees;
        this.lastEquity = lastEquity;
        this.tradingDay = tradingDay;
        this.createdAtMs = createdAtMs;
    }

    /** A new account with some money. */
    static Account open(String id, BigDecimal deposit, long nowMs) {
        return new Account(id, deposit, deposit, BigDecimal.ZERO, BigDecimal.ZERO, deposit, dayOf(nowMs), nowMs);
    }

    static Account fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        return new Account(
                in.get("id"),
                new BigDecimal(in.get("deposits")),
                new BigDecimal(in.get("cash")),
                new BigDecimal(in.get("realized_pl")),
                new BigDecimal(in.get("fees")),
                new BigDecimal(in.get("last_equity")),
                LocalDate.parse(in.get("trading_day")),
                Instant.parse(in.get("created_at")).toEpochMilli());
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

    /** Cash that no open order may take. */
    BigDecimal buyingPower() {
        return cash.subtract(reservedCash);
    }

    /** Units that no open order sells. */
    BigDecimal sellable(String symbol) {
        return position(symbol).qty().subtract(reservedUnitsBySymbol.getOrDefault(symbol, BigDecimal.ZERO));
    }

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

    Order openOrder(String orderId) {
        return open.get(orderId);
    }

    Collection<Order> openOrders() {
        return open.values();
    }

    /**
     * An order was admitted, or loaded while it was open.
     *
     * @param reserve what it may cost, for a buy
     */
    void addOpen(Order order, BigDecimal reserve) {
        open.put(order.id(), order);
        if (order.side() == Side.BUY) {
            reservedCashByOrder.put(order.id(), reserve);
            reservedCash = reservedCash.add(reserve);
        } else {
            reservedUnitsBySymbol.merge(order.symbol(), order.leavesQty(), BigDecimal::add);
        }
    }

    /** An open order changed; a terminal one is let go with all that it held back. */
    void changeOpen(Order before, Order after) {
        if (after.status().isTerminal()) {
            open.remove(after.id());
        } else {
            open.put(after.id(), after);
        }
        BigDecimal leaves = after.status().isTerminal() ? BigDecimal.ZERO : after.leavesQty();
        if (after.side() == Side.SELL) {
            BigDecimal released = before.leavesQty().subtract(leaves);
            BigDecimal rest = reservedUnitsBySymbol
                    .getOrDefault(after.symbol(), BigDecimal.ZERO)
                    .subtract(released);
            if (rest.signum() == 0) {
                reservedUnitsBySymbol.remove(after.symbol());
            } else {
                reservedUnitsBySymbol.put(after.symbol(), rest);
            }
        } else {
            releaseCash(before, leaves);
        }
    }

    private void releaseCash(Order before, BigDecimal leaves) {
        BigDecimal held = reservedCashByOrder.getOrDefault(before.id(), BigDecimal.ZERO);
        BigDecimal still = leaves.signum() == 0
                ? BigDecimal.ZERO
                // Up: what is held back never falls short of what the rest may cost.
                : held.multiply(leaves).divide(before.leavesQty(), Position.SCALE, RoundingMode.UP);
        if (still.signum() == 0) {
            reservedCashByOrder.remove(before.id());
        } else {
            reservedCashByOrder.put(before.id(), still);
        }
        reservedCash = reservedCash.subtract(held).add(still);
    }

    /**
     * Begins a new trading day when the last one is over. To be called before anything is booked, so that the result of
     * a day counts from before its first fill.
     */
    void rollDay(Prices prices, long nowMs) {
        LocalDate today = dayOf(nowMs);
        if (!today.equals(tradingDay)) {
            tradingDay = today;
            lastEquity = Decimals.normal(equity(prices));
        }
    }

    /** Books a fill: money, fee, position and realised result. */
    Position book(String symbol, Side side, BigDecimal qty, BigDecimal price, BigDecimal fee) {
        BigDecimal signed = side == Side.BUY ? qty : qty.negate();
        Position.Fill fill = position(symbol).fill(signed, price);
        putPosition(fill.position());
        cash = Decimals.normal(cash.subtract(signed.multiply(price)).subtract(fee));
        realized = Decimals.normal(realized.add(fill.realized()));
        fees = Decimals.normal(fees.add(fee));
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

    Json toJson(Prices prices, long nowMs) {
        rollDay(prices, nowMs);
        BigDecimal longValue = BigDecimal.ZERO;
        BigDecimal shortValue = BigDecimal.ZERO;
        BigDecimal cost = BigDecimal.ZERO;
        for (Position position : positions.values()) {
            BigDecimal value = position.marketValue(prices.last(position.symbol()));
            longValue = longValue.add(value.max(BigDecimal.ZERO));
            shortValue = shortValue.add(value.min(BigDecimal.ZERO));
            cost = cost.add(position.costBasis());
        }
        BigDecimal value = longValue.add(shortValue);
        BigDecimal equity = Decimals.normal(cash.add(value));
        BigDecimal longs = Decimals.normal(longValue);
        BigDecimal shorts = Decimals.normal(shortValue);
        BigDecimal unrealized = Decimals.normal(value.subtract(cost));
        return JsonObjects.write(out -> out.text("id", id)
                .text("account_number", id)
                .text("status", "ACTIVE")
                .text("currency", "USD")
                .decimal("cash", cash)
                .decimal("buying_power", Decimals.normal(buyingPower()))
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
                .time("updated_at", nowMs));
    }

    private static LocalDate dayOf(long ms) {
        return Instant.ofEpochMilli(ms).atZone(ZoneOffset.UTC).toLocalDate();
    }
}
