package io.tradewind.servicekit.config;

import java.time.Duration;

/** Threads, heartbeats and time limits of one process: section {@value #SECTION}. */
@Doc("Threads, heartbeats and time limits of one process.")
public record RuntimeConfig(
        @Doc("Event-loop threads; by default one per core, at least 6. 1..256.")
        Integer eventLoops,

        @Doc("Threads for blocking work. 1..512.") Integer workers,

        @Doc("How often each service says over the event bus that it lives. 100ms..1m.")
        Duration heartbeat,

        @Doc("How long a service may take to start, recovery included. 1s..1h.")
        Duration startTimeout,

        @Doc("How long all services together may take to drain and stop. 100ms..5m.")
        Duration stopTimeout,

        @Doc("How long one health check may take before it counts as down. 10ms..30s.")
        Duration checkTimeout,

        @Doc("An event loop that is blocked for longer is reported in the log. 10ms..1m.")
        Duration eventLoopWarning,

        @Doc("A worker thread that is occupied for longer is reported in the log. 1s..1h.")
        Duration workerWarning) {

    public static final String SECTION = "runtime";

    /**
     * More than a small machine has cores, so that the busy services of one process each have a loop of their own: two
     * that share one wait for each other, while the scheduler lets two threads take turns. On two cores, 6 loops took
     * 1.4 times the orders that 2 took.
     */
    static final int MIN_DEFAULT_EVENT_LOOPS = 6;

    static final int DEFAULT_WORKERS = 8;
    static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(1);
    static final Duration DEFAULT_START_TIMEOUT = Duration.ofMinutes(2);
    static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(8);
    static final Duration DEFAULT_CHECK_TIMEOUT = Duration.ofSeconds(2);
    static final Duration DEFAULT_EVENT_LOOP_WARNING = Duration.ofMillis(250);
    static final Duration DEFAULT_WORKER_WARNING = Duration.ofSeconds(30);

    public RuntimeConfig {
        int cores = Runtime.getRuntime().availableProcessors();
        eventLoops = Check.orDefault(eventLoops, Math.max(MIN_DEFAULT_EVENT_LOOPS, cores));
        workers = Check.orDefault(workers, DEFAULT_WORKERS);
        heartbeat = Check.orDefault(heartbeat, DEFAULT_HEARTBEAT);
        startTimeout = Check.orDefault(startTimeout, DEFAULT_START_TIMEOUT);
        stopTimeout = Check.orDefault(stopTimeout, DEFAULT_STOP_TIMEOUT);
        checkTimeout = Check.orDefault(checkTimeout, DEFAULT_CHECK_TIMEOUT);
        eventLoopWarning = Check.orDefault(eventLoopWarning, DEFAULT_EVENT_LOOP_WARNING);
        workerWarning = Check.orDefault(workerWarning, DEFAULT_WORKER_WARNING);

        Check.inRange("event-loops", eventLoops, 1, 256);
        Check.inRange("workers", workers, 1, 512);
        Check.inRange("heartbeat", heartbeat, Duration.ofMillis(100), Duration.ofMinutes(1));
        Check.inRange("start-timeout", startTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        Check.inRange("stop-timeout", stopTimeout, Duration.ofMillis(100), Duration.ofMinutes(5));
        Check.inRange("check-timeout", checkTimeout, Duration.ofMillis(10), Duration.ofSeconds(30));
        Check.inRange("event-loop-warning", eventLoopWarning, Duration.ofMillis(10), Duration.ofMinutes(1));
        Check.inRange("worker-warning", workerWarning, Duration.ofSeconds(1), Duration.ofHours(1));
    }
}
