package io.tradewind.strategyexecutor.domain;

/**
 * A source of market data that is asked for what is new. Pure: it knows the time that it is told, keeps no thread and
 * needs no closing. One caller at a time.
 */
public interface Feed {

    /**
     * Moves on to {@code nowMs}, milliseconds since the epoch, which never runs backwards.
     *
     * @return what came up since the last call
     */
    FeedTick advance(long nowMs);
}
