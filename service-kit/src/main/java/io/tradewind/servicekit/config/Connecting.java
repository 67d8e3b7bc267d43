package io.tradewind.servicekit.config;

import java.time.Duration;

/** The limits of connecting and connecting again, which are the same for every server. */
final class Connecting {

    private static final Duration MIN_CONNECT_TIMEOUT = Duration.ofMillis(50);
    private static final Duration MAX_CONNECT_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LOWEST_RECONNECT_MIN = Duration.ofMillis(10);
    private static final Duration HIGHEST_RECONNECT_MIN = Duration.ofSeconds(10);
    private static final Duration LOWEST_RECONNECT_MAX = Duration.ofMillis(100);
    private static final Duration HIGHEST_RECONNECT_MAX = Duration.ofMinutes(5);

    private Connecting() {}

    /** @throws ConfigException that names key, value and limit */
    static void check(Duration connectTimeout, Duration reconnectMin, Duration reconnectMax) {
        Check.inRange("connect-timeout", connectTimeout, MIN_CONNECT_TIMEOUT, MAX_CONNECT_TIMEOUT);
        Check.inRange("reconnect-min", reconnectMin, LOWEST_RECONNECT_MIN, HIGHEST_RECONNECT_MIN);
        Check.inRange("reconnect-max", reconnectMax, LOWEST_RECONNECT_MAX, HIGHEST_RECONNECT_MAX);
        Check.that(
                reconnectMin.compareTo(reconnectMax) <= 0,
                "reconnect-min",
                Durations.format(reconnectMin),
                "must not exceed reconnect-max (" + Durations.format(reconnectMax) + ")");
    }
}
