package io.tradewind.monitor.domain;

import java.util.Locale;

/** How a service is, from best to worst. */
public enum ServiceState {
    UP,
    /** It works, with something wrong. */
    DEGRADED,
    STARTING,
    STOPPING,
    /** It was not heard of yet, and the monitor has not listened for long. */
    UNKNOWN,
    /** It says so, or it is not heard of any more. */
    DOWN;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As written in JSON. */
    public String text() {
        return text;
    }

    /** Whether it can do its work. */
    public boolean isWorking() {
        return this == UP || this == DEGRADED;
    }

    /** The state that a service calls {@code text}; {@link #UNKNOWN} for a word that this program does not know. */
    public static ServiceState parse(String text) {
        for (ServiceState state : values()) {
            if (state.text.equals(text)) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
