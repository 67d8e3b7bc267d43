package io.tradewind.strategyexecutor.domain;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What the simulated feed needs to know of an instrument.
 *
 * @param startPrice where its walk begins, and what it is drawn back to
 * @param tick smallest step of a price
 * @param halfSpreadBps half the distance of bid and ask, in hundredths of a percent of the price
 * @param yearlyVolatility standard deviation of a year's logarithmic return, such as 0.3
 * @param sizeStep sizes are multiples of it
 * @param minSizeSteps smallest size on offer, in steps
 * @param maxSizeSteps largest size on offer, in steps
 */
public record Instrument(
        String symbol,
        double startPrice,
        BigDecimal tick,
        double halfSpreadBps,
        double yearlyVolatility,
        BigDecimal sizeStep,
        int minSizeSteps,
        int maxSizeSteps) {

    /** Largest start price of a configured instrument; more would leave the digits that a price may have. */
    public static final double MAX_START_PRICE = 1_000_000;

    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final BigDecimal LOT = new BigDecimal(100);
    private static final BigDecimal COIN_STEP = new BigDecimal("0.01");

    private static final Map<String, Instrument> KNOWN = byName(
            share("AAPL", 230, 0.5, 0.28),
            share("MSFT", 420, 0.5, 0.25),
            share("GOOG", 175, 0.6, 0.30),
            share("AMZN", 200, 0.6, 0.33),
            share("NVDA", 135, 0.6, 0.50),
            share("SPY", 580, 0.2, 0.16),
            coin("BTC/USD", 95_000, 1.0, 0.60),
            coin("ETH/USD", 3_300, 1.5, 0.75));

    public Instrument {
        Objects.requireNonNull(symbol, "symbol");
        if (!(startPrice > 0 && startPrice <= MAX_START_PRICE)) {
            throw new IllegalArgumentException("start price " + startPrice + " of " + symbol
                    + ": must be above 0 and at most " + (long) MAX_START_PRICE);
        }
    }

    /** The symbols that need no start price. */
    public static List<String> knownSymbols() {
        return List.copyOf(KNOWN.keySet());
    }

    /**
     * An instrument as a user writes it: {@code AAPL} for a known one, {@code TSLA:250} for another one with its start
     * price; a slash in the symbol makes it a coin.
     *
     * @throws IllegalArgumentException when it is neither; the message says what would do
     */
    public static Instrument parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            Instrument known = KNOWN.get(text);
            if (known == null) {
                throw new IllegalArgumentException("'" + text + "' has no start price and is none of "
                        + String.join(", ", KNOWN.keySet()) + "; give one, such as " + text + ":100");
            }
            return known;
        }
        String symbol = text.substring(0, colon);
        if (symbol.isBlank()) {
            throw new IllegalArgumentException("'" + text + "' has no symbol before the colon");
        }
        double price;
        try {
            price = Double.parseDouble(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text.substring(colon + 1) + "' is not a start price for " + symbol, e);
        }
        return symbol.indexOf('/') < 0 ? share(symbol, price, 1.0, 0.35) : coin(symbol, price, 2.0, 0.80);
    }

    // Sizes are generous: a simulated market is to fill what a demonstration or a load test sends it.
    private static Instrument share(String symbol, double price, double halfSpreadBps, double volatility) {
        return new Instrument(symbol, price, CENT, halfSpreadBps, volatility, LOT, 500, 2_000);
    }

    private static Instrument coin(String symbol, double price, double halfSpreadBps, double volatility) {
        return new Instrument(symbol, price, CENT, halfSpreadBps, volatility, COIN_STEP, 50_000, 200_000);
    }

    private static Map<String, Instrument> byName(Instrument... instruments) {
        return Arrays.stream(instruments)
                .collect(Collectors.toMap(
                        Instrument::symbol,
                        instrument -> instrument,
                        (a, b) -> {
                            throw new IllegalStateException("two instruments " + a.symbol());
                        },
                        LinkedHashMap::new));
    }
}
