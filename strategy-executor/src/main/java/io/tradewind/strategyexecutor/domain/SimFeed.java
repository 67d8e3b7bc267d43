package io.tradewind.strategyexecutor.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.market.Quote;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A made-up market: each instrument walks at random, geometrically, with a weak pull back to its start price, and is
 * held between a quarter and the fourfold of it. So a price neither reaches zero nor runs away, however long it walks.
 *
 * <p>One call is one step of {@code stepMs}, however late it comes: the same seed gives the same sequence on every
 * machine, only the times differ. Each instrument has a random source of its own, so that adding one does not change
 * the others.
 *
 * <p>Pure; one caller at a time.
 */
public final class SimFeed implements Feed {

    private static final double MAX_LOG_DISTANCE = Math.log(4);
    private static final double PULL_PER_STEP = 1e-5;
    private static final double MS_PER_TRADING_YEAR = 252 * 6.5 * 3600 * 1000;
    private static final double BPS = 1e-4;
    private static final int MAX_TRADED_STEPS = 20;

    private final List<Walk> walks;
    private final BarBuilder bars;

    /**
     * @param stepMs time that one step stands for, milliseconds
     * @param barMs length of a bar, milliseconds
     * @param lastPrices where walks go on that began earlier, by symbol; the others begin at their start price
     */
    public SimFeed(
            long seed, List<Instrument> instruments, long stepMs, long barMs, Map<String, BigDecimal> lastPrices) {
        this.walks = instruments.stream()
                .map(instrument -> new Walk(instrument, seed, stepMs, lastPrices.get(instrument.symbol())))
                .toList();
        this.bars = new BarBuilder(barMs);
    }

    @Override
    public FeedTick advance(long nowMs) {
        List<Quote> quotes = new ArrayList<>(walks.size());
        List<Bar> completed = new ArrayList<>();
        for (Walk walk : walks) {
            Quote quote = walk.next(nowMs);
            quotes.add(quote);
            bars.add(quote.symbol(), quote.last(), walk.traded(), nowMs).ifPresent(completed::add);
        }
        return new FeedTick(nowMs, quotes, completed);
    }

    private static final class Walk {

        private final Instrument instrument;
        private final Random random;
        private final double stepDeviation;
        private double logDistance;
        private BigDecimal traded = BigDecimal.ZERO;

        Walk(Instrument instrument, long seed, long stepMs, BigDecimal lastPrice) {
            this.instrument = instrument;
            // String.hashCode and Random are specified to the bit: the same on every JVM.
            this.random = new Random(seed * 31 + instrument.symbol().hashCode());
            this.stepDeviation = instrument.yearlyVolatility() * Math.sqrt(stepMs / MS_PER_TRADING_YEAR);
            this.logDistance =
                    lastPrice == null ? 0 : within(Math.log(lastPrice.doubleValue() / instrument.startPrice()));
        }

        Quote next(long nowMs) {
            double moved = logDistance * (1 - PULL_PER_STEP) + stepDeviation * random.nextGaussian();
            logDistance = within(moved);
            double mid = instrument.startPrice() * Math.exp(logDistance);
            double half = mid * instrument.halfSpreadBps() * BPS;
            BigDecimal tick = instrument.tick();
            // At least one tick, also for an instrument so cheap that a quarter of it is less.
            BigDecimal bid = toTick(mid - half, tick, RoundingMode.FLOOR).max(tick);
            BigDecimal ask = toTick(mid + half, tick, RoundingMode.CEILING).max(bid.add(tick));
            BigDecimal last = random.nextBoolean() ? bid : ask;
            traded = steps(1 + random.nextInt(MAX_TRADED_STEPS));
            return new Quote(
                    instrument.symbol(),
                    Decimals.normal(bid),
                    size(),
                    Decimals.normal(ask),
                    size(),
                    Decimals.normal(last),
                    nowMs);
        }

        /** Units that changed hands in the last step. */
        BigDecimal traded() {
            return traded;
        }

        private BigDecimal size() {
            int span = instrument.maxSizeSteps() - instrument.minSizeSteps() + 1;
            return steps(instrument.minSizeSteps() + random.nextInt(span));
        }

        private BigDecimal steps(int count) {
            return Decimals.normal(instrument.sizeStep().multiply(BigDecimal.valueOf(count)));
        }

        private static double within(double distance) {
            return Math.max(-MAX_LOG_DISTANCE, Math.min(MAX_LOG_DISTANCE, distance));
        }

        private static BigDecimal toTick(double price, BigDecimal tick, RoundingMode rounding) {
            return BigDecimal.valueOf(price).divide(tick, 0, rounding).multiply(tick);
        }
    }
}
