package io.tradewind.strategyexecutor.domain;

import java.util.ArrayDeque;

/**
 * Bounds how many calls run at once, over all strategies; who finds none free waits in line. Each waits for one slot at
 * a time, so the line is as long as there are strategies. Pure; one caller at a time.
 */
public final class RunningSlots {

    private final int max;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int taken;

    /** @param max calls that may run at once, at least 1 */
    public RunningSlots(int max) {
        if (max < 1) {
            throw new IllegalArgumentException(max + " slots: must be at least 1");
        }
        this.max = max;
    }

    /** Runs {@code whenFree}, which owns a slot then: at once when one is free, else when its turn comes. */
    public void acquire(Runnable whenFree) {
        if (taken < max) {
            taken++;
            whenFree.run();
        } else {
            waiting.addLast(whenFree);
        }
    }

    /** Gives a slot back; the first in line gets it. */
    public void release() {
        Runnable next = waiting.pollFirst();
        if (next == null) {
            taken--;
        } else {
            next.run();
        }
    }

    public int taken() {
        return taken;
    }

    public int waiting() {
        return waiting.size();
    }
}
