package io.tradewind.strategyexecutor.smacross;

import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.strategy.Strategy;
import io.tradewind.contracts.strategy.StrategyContext;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ta4j.core.BarSeries;
import org.ta4j.core.BaseBarSeriesBuilder;
import org.ta4j.core.Rule;
import org.ta4j.core.indicators.SMAIndicator;
import org.ta4j.core.indicators.helpers.ClosePriceIndicator;
import org.ta4j.core.rules.CrossedDownIndicatorRule;
import org.ta4j.core.rules.CrossedUpIndicatorRule;

/**
 * Follows the trend of one instrument: buys when the average close of the last {@code fast} bars rises above that of the
 * last {@code slow} bars, sells what it holds when it falls below. One order at a time, at the market.
 *
 * <p>It looks at the position of the whole account: it does not buy where the account holds some already, and sells no
 * more than its own quantity.
 */
final class SmaCross implements Strategy {

    private static final Logger LOG = LoggerFactory.getLogger(SmaCross.class);

    /** A fate of an order that is still unknown after so many bars is no longer waited for. */
    static final int MAX_BARS_WAITED = 20;

    private final String symbol;
    private final int slow;
    private final BigDecimal qty;
    private final BarSeries series;
    private final Rule crossedUp;
    private final Rule crossedDown;
    private boolean waiting;
    private int barsWaited;

    SmaCross(String symbol, int fast, int slow, BigDecimal qty) {
        this.symbol = symbol;
        this.slow = slow;
        this.qty = qty;
        // A crossing looks back over bars on which both averages were equal; twice the window leaves room for it.
        this.series = new BaseBarSeriesBuilder()
                .withName(symbol)
                .withMaxBarCount(2 * slow + 2)
                .build();
        ClosePriceIndicator close = new ClosePriceIndicator(series);
        SMAIndicator fastAverage = new SMAIndicator(close, fast);
        SMAIndicator slowAverage = new SMAIndicator(close, slow);
        this.crossedUp = new CrossedUpIndicatorRule(fastAverage, slowAverage);
        this.crossedDown = new CrossedDownIndicatorRule(fastAverage, slowAverage);
    }

    @Override
    public void onBar(Bar bar, StrategyContext context) {
        if (!bar.symbol().equals(symbol)) {
            return;
        }
        ZonedDateTime end =
                Instant.ofEpochMilli(bar.openTimeMs() + bar.durationMs()).atZone(ZoneOffset.UTC);
        series.addBar(
                Duration.ofMillis(bar.durationMs()), end, bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
        if (waiting && ++barsWaited > MAX_BARS_WAITED) {
            LOG.warn("nothing was heard of the last order in {} for {} bars; trading goes on", symbol, MAX_BARS_WAITED);
            waiting = false;
        }
        // Before that, the slow average is not yet one of that many bars, neither now nor on the bar before.
        if (series.getBarCount() > slow) {
            decide(bar, context);
        }
    }

    @Override
    public void onOrder(Order order, StrategyContext context) {
        if (order.symbol().equals(symbol) && order.status().isTerminal()) {
            waiting = false;
        }
    }

    private void decide(Bar bar, StrategyContext context) {
        int last = series.getEndIndex();
        BigDecimal held = context.position(symbol);
        if (crossedUp.isSatisfied(last)) {
            context.signal(
                    symbol,
                    1,
                    "fast average rose above slow average at " + bar.close().toPlainString());
            if (held.signum() <= 0) {
                trade(context, Side.BUY, qty);
            }
        } else if (crossedDown.isSatisfied(last)) {
            context.signal(
                    symbol,
                    -1,
                    "fast average fell below slow average at " + bar.close().toPlainString());
            if (held.signum() > 0) {
                trade(context, Side.SELL, held.min(qty));
            }
        }
    }

    private void trade(StrategyContext context, Side side, BigDecimal units) {
        if (waiting) {
            LOG.info("{} {} is left out: the order before is still open", side.text(), symbol);
            return;
        }
        waiting = true;
        barsWaited = 0;
        context.marketOrder(symbol, side, units, Priority.NORMAL).thenAccept(this::onAnswer);
    }

    private void onAnswer(PlaceResult result) {
        if (result instanceof PlaceResult.Denied denied) {
            LOG.warn("order in {} was denied: {}", symbol, denied.denial());
            waiting = false;
        } else if (result instanceof PlaceResult.Unknown unknown) {
            // It may be there: what becomes of it is told by onOrder, or by nothing for a while.
            LOG.warn("whether the order in {} was placed is unknown: {}", symbol, unknown.reason());
        }
    }
}
