package io.tradewind.strategyexecutor.domain;

import java.util.Locale;

/** Where a strategy is in its life. */
public enum RunState {
    /** It is being made. */
    STARTING,
    RUNNING,
    /** It gets no news any more and is about to be told to stop. */
    STOPPING,
    STOPPED,
    /** Taken out of service after failing too often; a new start brings it back. */
    PARKED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** Whether it takes part in anything. */
    public boolean isActive() {
        return this == STARTING || this == RUNNING || this == STOPPING;
    }
}
