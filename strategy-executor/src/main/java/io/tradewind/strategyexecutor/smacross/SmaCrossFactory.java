package io.tradewind.strategyexecutor.smacross;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.strategy.Strategy;
import io.tradewind.contracts.strategy.StrategyFactory;
import java.math.BigDecimal;
import java.util.Map;

/** Makes {@link SmaCross} strategies; found through {@code META-INF/services}. */
public final class SmaCrossFactory implements StrategyFactory {

    static final String SYMBOL = "symbol";
    static final String FAST = "fast";
    static final String SLOW = "slow";
    static final String QTY = "qty";

    /** Longest average, in bars. */
    static final int MAX_BARS = 500;

    @Override
    public String name() {
        return "sma-cross";
    }

    @Override
    public Map<String, String> defaults() {
        return Map.of(SYMBOL, "AAPL", FAST, "5", SLOW, "20", QTY, "10");
    }

    @Override
    public Strategy create(Map<String, String> parameters) {
        String symbol = parameters.get(SYMBOL);
        if (symbol.isBlank()) {
            throw new IllegalArgumentException(SYMBOL + " must not be empty");
        }
        int fast = bars(parameters, FAST);
        int slow = bars(parameters, SLOW);
        if (fast >= slow) {
            throw new IllegalArgumentException(FAST + " = " + fast + ": must be less than " + SLOW + " = " + slow);
        }
        return new SmaCross(symbol, fast, slow, qty(parameters.get(QTY)));
    }

    private static int bars(Map<String, String> parameters, String name) {
        String text = parameters.get(name);
        int value;
        try {
            value = Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " = " + text + ": must be a whole number of bars", e);
        }
        if (value < 1 || value > MAX_BARS) {
            throw new IllegalArgumentException(name + " = " + value + ": must be within 1.." + MAX_BARS + " bars");
        }
        return value;
    }

    private static BigDecimal qty(String text) {
        BigDecimal qty;
        try {
            qty = Decimals.parse(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(QTY + " = " + text + ": " + e.getMessage(), e);
        }
        if (qty.signum() <= 0) {
            throw new IllegalArgumentException(QTY + " = " + text + ": must be above 0");
        }
        return qty;
    }
}
