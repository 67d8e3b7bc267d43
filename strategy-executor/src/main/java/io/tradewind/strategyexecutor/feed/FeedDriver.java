package io.tradewind.strategyexecutor.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.market.Quotes;
import io.tradewind.strategyexecutor.domain.Feed;
import io.tradewind.strategyexecutor.domain.FeedTick;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Drives a feed by the clock: at every tick it publishes the new quotes, for the paper broker first of all, and hands
 * the tick on. Belongs to the event loop that it was started on. Closed by whoever started it.
 */
public final class FeedDriver {

    private final Vertx vertx;
    private final Clock clock;
    private final Feed feed;
    private final Consumer<FeedTick> listener;
    private final Counter quotes;
    private long timer = -1;
    private long lastTickMs;

    public FeedDriver(Vertx vertx, Clock clock, MeterRegistry meters, Feed feed, Consumer<FeedTick> listener) {
        this.vertx = vertx;
        this.clock = clock;
        this.feed = feed;
        this.listener = listener;
        this.quotes = Counter.builder("tradewind.feed.quotes")
                .description("Quotes published")
                .register(meters);
    }

    /** @param tickMs how often, milliseconds */
    public void start(long tickMs) {
        tick();
        timer = vertx.setPeriodic(tickMs, id -> tick());
    }

    public void close() {
        vertx.cancelTimer(timer);
    }

    /** Milliseconds since the last tick. */
    public long ageMs() {
        return clock.millis() - lastTickMs;
    }

    private void tick() {
        lastTickMs = clock.millis();
        FeedTick tick = feed.advance(lastTickMs);
        if (!tick.quotes().isEmpty()) {
            vertx.eventBus().publish(Addresses.MARKET_QUOTES, new Quotes(tick.quotes()));
            quotes.increment(tick.quotes().size());
        }
        listener.accept(tick);
    }
}
