package io.tradewind.strategyexecutor;

/** Where market data comes from. */
public enum FeedKind {
    /** A seeded random walk. */
    SIM,
    /** A recording, played at a speed. */
    REPLAY,
    /** Nowhere: another process brings it. */
    NONE
}
