package io.tradewind.servicekit.config;

import java.time.Duration;

/** Where the log lives: section {@value #SECTION}. */
@Doc("The Redis server that keeps the log.")
public record RedisConfig(
        @Doc("Address, redis://[user:password@]host:port or rediss:// for TLS.")
        String uri,

        @Doc("How long one attempt to connect may take. 50ms..1m.")
        Duration connectTimeout,

        @Doc("How long one command may take before its outcome counts as unknown. 50ms..1m.")
        Duration commandTimeout,

        @Doc("Shortest wait before connecting again. 10ms..10s.")
        Duration reconnectMin,

        @Doc("Longest wait before connecting again. 100ms..5m.")
        Duration reconnectMax) {

    public static final String SECTION = "redis";

    static final String DEFAULT_URI = "redis://127.0.0.1:6379";
    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);
    static final Duration DEFAULT_COMMAND_TIMEOUT = Duration.ofSeconds(5);
    static final Duration DEFAULT_RECONNECT_MIN = Duration.ofMillis(50);
    static final Duration DEFAULT_RECONNECT_MAX = Duration.ofSeconds(2);

    public RedisConfig {
        uri = Check.orDefault(uri, DEFAULT_URI);
        Check.that(
                uri.startsWith("redis://") || uri.startsWith("rediss://"),
                "uri",
                uri,
                "must begin with redis:// or rediss://");
        connectTimeout = Check.orDefault(connectTimeout, DEFAULT_CONNECT_TIMEOUT);
        commandTimeout = Check.orDefault(commandTimeout, DEFAULT_COMMAND_TIMEOUT);
        reconnectMin = Check.orDefault(reconnectMin, DEFAULT_RECONNECT_MIN);
        reconnectMax = Check.orDefault(reconnectMax, DEFAULT_RECONNECT_MAX);

        Check.inRange("command-timeout", commandTimeout, Duration.ofMillis(50), Duration.ofMinutes(1));
        Connecting.check(connectTimeout, reconnectMin, reconnectMax);
    }

    // A password within the address must not reach a log through a record that is printed by accident.
    @Override
    public String toString() {
        return "RedisConfig[uri=" + Redaction.maskUris(uri) + "]";
    }
}
