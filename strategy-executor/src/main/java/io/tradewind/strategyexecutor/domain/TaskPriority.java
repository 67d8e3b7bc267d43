package io.tradewind.strategyexecutor.domain;

/** How urgent a task is, most urgent first. */
public enum TaskPriority {
    /**
     * Starting, stopping, and answers that the strategy waits for. Never refused: whoever makes them bounds their
     * number.
     */
    URGENT,
    /** News of own orders. */
    HIGH,
    /** Bars. */
    NORMAL,
    /** Quotes. */
    LOW
}
