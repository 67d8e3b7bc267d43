package io.tradewind.strategyexecutor.runner;

/**
 * Something that a strategy is to be told.
 *
 * @param kind whether it is part of its life cycle
 * @param what for people, such as {@code onBar AAPL}
 * @param timeMs the time of the feed, milliseconds since the epoch; 0 for that of the task before
 * @param deadlineMs longest call, milliseconds
 * @param work run on the thread of the strategy
 */
record Task(Kind kind, String what, long timeMs, long deadlineMs, Work work) {

    enum Kind {
        START,
        NEWS,
        STOP
    }

    @FunctionalInterface
    interface Work {
        void run(Incarnation self);
    }
}
