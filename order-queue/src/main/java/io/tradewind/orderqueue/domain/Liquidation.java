package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Transaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules by which positions are closed. The kill switch cancels first, waits until every order in a symbol is over
 * and its fills are booked, and then sells what is really held, or buys back what is really owed: a position never turns
 * around. Where it stands follows from the open orders and positions alone, so that a crash anywhere is no matter: the
 * next desk goes on from what there is.
 *
 * <p>Pure, on the thread of the desk.
 */
public final class Liquidation {

    /** The source of orders that close positions; no API key has such a name. */
    public static final String SOURCE = "#closing";

    /** Decimal places of a part of a position. */
    private static final int QTY_SCALE = 9;

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Desk desk;
    private final String accountId;

    public Liquidation(Desk desk, String accountId) {
        this.desk = desk;
        this.accountId = accountId;
    }

    // ---- the kill switch

    /** Open orders to cancel now. Those that close a position are left to it. */
    public List<String> toCancel() {
        return account().openOrders().stream()
                .filter(order -> !SOURCE.equals(order.source()) && !desk.isCanceling(order.id()))
                .map(Order::id)
                .toList();
    }

    /** Symbols to close now: something is held, and no order in them is open. */
    public List<String> toClose() {
        Set<String> busy = new HashSet<>();
        account().openOrders().forEach(order -> busy.add(order.symbol()));
        return account().positions().stream()
                .filter(position -> !position.isFlat() && !busy.contains(position.symbol()))
                .map(Position::symbol)
                .toList();
    }

    /** Whether no order is open and nothing is held. */
    public boolean isFlat() {
        return account().openOrders().isEmpty()
                && account().positions().stream().allMatch(Position::isFlat);
    }

    /** The transaction that says that everything ordered for the account is done. */
    public Transaction done(TradingStates states, Cause cause, long nowMs) {
        return desk.transaction(
                cause, List.of(new Mutation(TradingStates.doneKey(accountId), states.doneJson(accountId, nowMs))));
    }

    // ---- closing

    /** What is held, in the order in which it came. */
    public List<String> held() {
        List<String> symbols = new ArrayList<>();
        account().positions().stream()
                .filter(position -> !position.isFlat())
                .forEach(position -> symbols.add(position.symbol()));
        return symbols;
    }

    /** Units held or owed. */
    public BigDecimal size(String symbol) {
        return account().position(symbol).qty().abs();
    }

    /** A part of what is held or owed, rounded down. */
    public BigDecimal part(String symbol, BigDecimal percentage) {
        return Decimals.normal(size(symbol).multiply(percentage).divide(HUNDRED, QTY_SCALE, RoundingMode.DOWN));
    }

    /** Units that no open order may close already. */
    public BigDecimal available(String symbol) {
        Side side = side(symbol);
        BigDecimal closing = account().openOrders().stream()
                .filter(order -> order.symbol().equals(symbol) && order.side() == side)
                .map(Order::leavesQty)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return size(symbol).subtract(closing);
    }

    /** The market order that closes so many units; goes before all others. */
    public PlaceOrder order(String symbol, BigDecimal qty, String clientOrderId, String correlationId) {
        return new PlaceOrder(
                accountId,
                clientOrderId,
                symbol,
                qty,
                side(symbol),
                OrderType.MARKET,
                TimeInForce.DAY,
                null,
                Priority.CRITICAL,
                SOURCE,
                correlationId);
    }

    private Side side(String symbol) {
        return account().position(symbol).qty().signum() > 0 ? Side.SELL : Side.BUY;
    }

    private Account account() {
        return desk.account(accountId);
    }
}
