package io.tradewind.statestore;

import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.Doc;
import java.time.Duration;

/** Configuration of the state-store. */
@Doc("Partitions, versions and their log.")
public record StateStoreConfig(
        @Doc("Commits of one partition on their way to Redis at the same time. 1..16.")
        Integer maxAppendsInFlight,

        @Doc("How long relaxed writes gather before they go to the log. 10ms..1m.")
        Duration relaxedInterval,

        @Doc("Pause before a partition that could not be loaded is tried again. 10ms..10s.")
        Duration retryInterval) {

    static final int DEFAULT_MAX_APPENDS_IN_FLIGHT = 2;
    static final Duration DEFAULT_RELAXED_INTERVAL = Duration.ofMillis(200);
    static final Duration DEFAULT_RETRY_INTERVAL = Duration.ofMillis(200);

    public StateStoreConfig {
        maxAppendsInFlight = Check.inRange(
                "max-appends-in-flight", Check.orDefault(maxAppendsInFlight, DEFAULT_MAX_APPENDS_IN_FLIGHT), 1, 16);
        relaxedInterval = Check.inRange(
                "relaxed-interval",
                Check.orDefault(relaxedInterval, DEFAULT_RELAXED_INTERVAL),
                Duration.ofMillis(10),
                Duration.ofMinutes(1));
        retryInterval = Check.inRange(
                "retry-interval",
                Check.orDefault(retryInterval, DEFAULT_RETRY_INTERVAL),
                Duration.ofMillis(10),
                Duration.ofSeconds(10));
    }
}
