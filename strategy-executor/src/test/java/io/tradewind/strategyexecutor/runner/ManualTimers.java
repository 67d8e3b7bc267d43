package io.tradewind.strategyexecutor.runner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes only when the test says so, in the place of deadlines that a busy machine would miss. One thread. */
final class ManualTimers implements Timers {

    private record Timer(long id, long atMs, Runnable action) {}

    private final List<Timer> timers = new ArrayList<>();
    private long nowMs;
    private long ids;

    @Override
    public long set(long delayMs, Runnable action) {
        timers.add(new Timer(++ids, nowMs + delayMs, action));
        return ids;
    }

    @Override
    public boolean cancel(long timer) {
        return timers.removeIf(each -> each.id() == timer);
    }

    /** Lets so much time pass, and calls what is due meanwhile, in its order. */
    void pass(long ms) {
        long untilMs = nowMs + ms;
        for (Timer next = next(untilMs); next != null; next = next(untilMs)) {
            timers.remove(next);
            nowMs = next.atMs();
            next.action().run();
        }
        nowMs = untilMs;
    }

    private Timer next(long untilMs) {
        return timers.stream()
                .filter(each -> each.atMs() <= untilMs)
                .min(Comparator.comparingLong(Timer::atMs).thenComparingLong(Timer::id))
                .orElse(null);
    }
}
