package io.tradewind.contracts.orders;

/**
 * How much of something is allowed in a span of time, told to one who has used it up.
 *
 * @param limit how often, within the window that is full
 * @param resetAtMs when there is room again, milliseconds since the epoch
 */
public record RateLimit(int limit, long resetAtMs) {}
