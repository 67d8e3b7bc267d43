package io.tradewind.contracts.state;

/** What a write is answered after. */
public enum Durability {
    /** Answered after the log has fsynced it. */
    DURABLE,
    /** Answered at once; conflated per entity, logged in the background. For market data, marks, heartbeats. */
    RELAXED
}
