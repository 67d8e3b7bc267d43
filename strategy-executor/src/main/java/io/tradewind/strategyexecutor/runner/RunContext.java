package io.tradewind.strategyexecutor.runner;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.strategy.StrategyContext;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What one incarnation of a strategy may do. Refuses every other thread, and everything once the incarnation was given
 * up: a runaway thread that comes back can neither trade nor signal.
 *
 * <p>The answer to an order is delivered on the strategy's own thread, in a call of its own. Waiting for it within a
 * call therefore ends at the deadline; attach what is to be done next.
 */
final class RunContext implements StrategyContext {

    /** Orders of one strategy that wait for an answer. */
    static final int MAX_ORDERS_IN_FLIGHT = 100;

    /** How the runner gets work off the strategy's thread and answers back onto it. */
    interface Bridge {

        /** On the event loop, later: send it, and have the answer delivered on the strategy's thread. */
        void place(PlaceOrder order, Consumer<PlaceResult> answer);

        /** On the event loop, later. */
        void signal(Signal signal);

        BigDecimal position(String symbol);

        String newId();
    }

    private final String strategy;
    private final String accountId;
    private final Map<String, String> parameters;
    private final Bridge bridge;
    private CallThread thread;
    private volatile boolean revoked;

    // These belong to the thread of the strategy.
    private Call call;
    private long nowMs;
    private int ordersInFlight;

    RunContext(String strategy, String accountId, Map<String, String> parameters, Bridge bridge) {
        this.strategy = strategy;
        this.accountId = accountId;
        this.parameters = parameters;
        this.bridge = bridge;
    }

    /** The source that its orders carry. */
    static String source(String strategy) {
        return "strategy:" + strategy;
    }

    void belongsTo(CallThread owner) {
        thread = owner;
    }

    /** From any thread: nothing is possible any more. */
    void revoke() {
        revoked = true;
    }

    boolean isRevoked() {
        return revoked;
    }

    /** On the thread of the strategy, before each call. */
    void enter(Call next) {
        call = next;
        if (next.task.timeMs() != 0) {
            nowMs = next.task.timeMs();
        }
    }

    @Override
    public String accountId() {
        return accountId;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public BigDecimal position(String symbol) {
        checkThread();
        return bridge.position(symbol);
    }

    @Override
    public CompletionStage<PlaceResult> marketOrder(String symbol, Side side, BigDecimal qty, Priority priority) {
        return place(symbol, side, qty, OrderType.MARKET, null, priority);
    }

    @Override
    public CompletionStage<PlaceResult> limitOrder(
            String symbol, Side side, BigDecimal qty, BigDecimal limitPrice, Priority priority) {
        return place(symbol, side, qty, OrderType.LIMIT, limitPrice, priority);
    }

    private CompletionStage<PlaceResult> place(
            String symbol, Side side, BigDecimal qty, OrderType type, BigDecimal limitPrice, Priority priority) {
        checkThread();
        checkCancelled();
        CompletableFuture<PlaceResult> answer = new CompletableFuture<>();
        if (ordersInFlight >= MAX_ORDERS_IN_FLIGHT) {
            answer.complete(new PlaceResult.Denied(Denial.of(
                    DenialCode.QUEUE_ACCOUNT_FULL,
                    ordersInFlight + " orders of " + source(strategy) + " wait for an answer, more are not allowed",
                    null)));
            return answer.minimalCompletionStage();
        }
        String id = bridge.newId();
        PlaceOrder order = new PlaceOrder(
                accountId,
                strategy + "-" + id,
                symbol,
                qty,
                side,
                type,
                // Coins trade around the clock, so that a trading day means nothing to them.
                symbol.indexOf('/') < 0 ? TimeInForce.DAY : TimeInForce.GTC,
                limitPrice,
                priority,
                source(strategy),
                id);
        ordersInFlight++;
        bridge.place(order, result -> {
            ordersInFlight--;
            answer.complete(result);
        });
        return answer.minimalCompletionStage();
    }

    @Override
    public void signal(String symbol, double strength, String reason) {
        checkThread();
        checkCancelled();
        if (!(strength >= -1 && strength <= 1)) {
            throw new IllegalArgumentException("strength " + strength + ": must be within -1..1");
        }
        bridge.signal(new Signal(bridge.newId(), strategy, accountId, symbol, strength, reason, nowMs));
    }

    @Override
    public void checkCancelled() {
        if (revoked || call.isCancelled()) {
            throw new CallCancelledException("the call " + call.task.what() + " is to end");
        }
    }

    private void checkThread() {
        if (!thread.isCurrent()) {
            throw new IllegalStateException("the context of a strategy belongs to its own thread, not to "
                    + Thread.currentThread().getName());
        }
    }
}
