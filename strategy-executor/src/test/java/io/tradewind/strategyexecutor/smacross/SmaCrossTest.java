package io.tradewind.strategyexecutor.smacross;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.strategy.Strategy;
import io.tradewind.contracts.strategy.StrategyContext;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmaCrossTest {

    private static final long BAR_MS = 5_000;

    private final FakeContext context = new FakeContext();
    private final Strategy strategy = make(Map.of("fast", "2", "slow", "4", "qty", "3"));
    private int bars;

    @Test
    void shouldBuyOnTheRiseAndSellOnTheFall() {
        play(12, 11, 10, 9, 8);
        assertEquals(List.of(), context.orders);
        // The averages of 2 and of 4 bars: 8.5 and 9.5 before, 10 and 9.75 now.
        play(12);
        assertEquals(List.of("buy 3 AAPL"), context.orders);
        filled("3");
        play(14, 15);
        assertEquals(List.of("buy 3 AAPL"), context.orders);
        // 14.5 and 12.25 before, 11.5 and 12.25 now.
        play(8);
        assertEquals(List.of("buy 3 AAPL", "sell 3 AAPL"), context.orders);
        assertEquals(List.of(1.0, -1.0), context.signals);
    }

    @Test
    void shouldSayNothingBeforeTheSlowAverageIsFull() {
        play(10, 9, 8, 20);
        assertEquals(List.of(), context.signals);
    }

    @Test
    void shouldNotSellWhatItDoesNotHoldNorBuyTwice() {
        play(8, 9, 10, 11, 12, 8);
        assertEquals(List.of(-1.0), context.signals);
        context.position = new BigDecimal("1");
        play(7, 14);
        assertEquals(List.of(-1.0, 1.0), context.signals);
        assertEquals(List.of(), context.orders);
    }

    @Test
    void shouldSendOneOrderAtATime() {
        play(12, 11, 10, 9, 8, 12, 14, 15, 8, 7, 14, 16);
        assertEquals(List.of("buy 3 AAPL"), context.orders);
    }

    @Test
    void shouldTryAgainAtTheNextCrossingAfterADenial() {
        context.answer = new PlaceResult.Denied(Denial.of(DenialCode.RISK_BUYING_POWER, "no money", null));
        play(12, 11, 10, 9, 8, 12, 14, 15, 8, 7, 14, 16);
        assertEquals(List.of("buy 3 AAPL", "buy 3 AAPL"), context.orders);
    }

    @Test
    void shouldIgnoreOtherInstruments() {
        for (int price : new int[] {12, 11, 10, 9, 8, 12}) {
            strategy.onBar(bar("MSFT", price), context);
        }
        assertEquals(List.of(), context.signals);
    }

    @ParameterizedTest
    @CsvSource({"fast, 0", "fast, x", "slow, 501", "fast, 20", "qty, -1", "qty, abc", "symbol, ' '"})
    void shouldNameAParameterThatDoesNotFit(String name, String value) {
        String message = assertThrows(IllegalArgumentException.class, () -> make(Map.of(name, value)))
                .getMessage();
        assertTrue(message.startsWith(name), message);
    }

    private static Strategy make(Map<String, String> given) {
        SmaCrossFactory factory = new SmaCrossFactory();
        Map<String, String> parameters = new HashMap<>(factory.defaults());
        parameters.putAll(given);
        return factory.create(parameters);
    }

    private void play(int... closes) {
        for (int close : closes) {
            strategy.onBar(bar("AAPL", close), context);
        }
    }

    private Bar bar(String symbol, int close) {
        BigDecimal price = BigDecimal.valueOf(close);
        return new Bar(symbol, bars++ * BAR_MS, BAR_MS, price, price, price, price, BigDecimal.ONE);
    }

    private void filled(String position) {
        context.position = new BigDecimal(position);
        Order order = Order.accepted("o", context.lastOrder, 1).withStatus(OrderStatus.FILLED, 2, null);
        strategy.onOrder(order, context);
    }

    /** Notes what the strategy does; answers every order with {@link #answer}. */
    private static final class FakeContext implements StrategyContext {

        final List<String> orders = new ArrayList<>();
        final List<Double> signals = new ArrayList<>();
        BigDecimal position = BigDecimal.ZERO;
        PlaceOrder lastOrder;
        PlaceResult answer = new PlaceResult.Accepted(Json.of("{}"));

        @Override
        public String accountId() {
            return "default";
        }

        @Override
        public Map<String, String> parameters() {
            return Map.of();
        }

        @Override
        public long nowMs() {
            return 0;
        }

        @Override
        public BigDecimal position(String symbol) {
            return position;
        }

        @Override
        public CompletionStage<PlaceResult> marketOrder(String symbol, Side side, BigDecimal qty, Priority priority) {
            orders.add(side.text() + " " + qty + " " + symbol);
            lastOrder = new PlaceOrder(
                    "default", "c", symbol, qty, side, OrderType.MARKET, TimeInForce.DAY, null, priority, "s", "x");
            return CompletableFuture.completedStage(answer);
        }

        @Override
        public CompletionStage<PlaceResult> limitOrder(
                String symbol, Side side, BigDecimal qty, BigDecimal limitPrice, Priority priority) {
            throw new AssertionError("sma-cross trades at the market");
        }

        @Override
        public void signal(String symbol, double strength, String reason) {
            signals.add(strength);
        }

        @Override
        public void checkCancelled() {}
    }
}
