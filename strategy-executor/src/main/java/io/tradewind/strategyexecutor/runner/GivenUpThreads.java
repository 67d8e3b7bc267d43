package io.tradewind.strategyexecutor.runner;

import java.util.ArrayList;
import java.util.List;

/**
 * The threads of all strategies that were given up and still run: each may burn a core, so their number is bounded.
 * Belongs to the event loop.
 */
public final class GivenUpThreads {

    /** Beyond it, a strategy is parked rather than replaced, and none is started. */
    public static final int MAX_ALIVE = 16;

    private final List<CallThread> threads = new ArrayList<>();

    void add(CallThread thread) {
        threads.add(thread);
    }

    /** Those that run still. */
    public int alive() {
        threads.removeIf(thread -> !thread.isAlive());
        return threads.size();
    }

    public boolean isFull() {
        return alive() >= MAX_ALIVE;
    }
}
