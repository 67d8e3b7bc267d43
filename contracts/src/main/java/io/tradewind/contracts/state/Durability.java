package io.tradewind.contracts.state;

/** What a write is answered after, and whether it is still taken when the log is short of memory. */
public enum Durability {
    /** Answered after the log has fsynced it. Refused while the log is over its budget. */
    DURABLE,

    /**
     * As {@link #DURABLE}, for what has to be booked because it has happened already, or gets something over with: an
     * execution, a cancel, an owner, a halt. Also taken while the log is over its budget, up to a hard stop. Whoever
     * writes so must not begin anything new meanwhile, see {@link LogPressure}.
     */
    SETTLING,

    /**
     * Answered at once; conflated per entity, logged in the background. For market data, marks, heartbeats. Refused
     * while the log is over its budget.
     */
    RELAXED
}
