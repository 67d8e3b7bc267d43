package io.tradewind.servicekit;

/** Where a service is in its life, from best to worst as far as callers are concerned. */
public enum ServiceState {
    /** Serving. */
    UP,
    /** Serving, with something wrong that an operator should see. */
    DEGRADED,
    /** Opening, recovering, registering; not serving yet. */
    STARTING,
    /** Draining; takes no new work. */
    STOPPING,
    /** Not serving: did not start, or a check says so. */
    DOWN;

    /** Whether the service has finished starting and not begun to stop. */
    public boolean isStarted() {
        return this == UP || this == DEGRADED;
    }
}
