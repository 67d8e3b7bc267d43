package io.tradewind.strategyexecutor.runner;

import io.vertx.core.Vertx;

/**
 * Time as a runner sees it: calls that come after a while. Set on the runner's event loop, and called there. Handed in,
 * so that a test can say when a deadline has passed.
 */
public interface Timers {

    /** @return what {@link #cancel} wants */
    long set(long delayMs, Runnable action);

    /** @return whether it had not come yet, and now never will */
    boolean cancel(long timer);

    /** Those of the event loop that they are set on. */
    static Timers of(Vertx vertx) {
        return new Timers() {
            @Override
            public long set(long delayMs, Runnable action) {
                return vertx.setTimer(delayMs, id -> action.run());
            }

            @Override
            public boolean cancel(long timer) {
                return vertx.cancelTimer(timer);
            }
        };
    }
}
