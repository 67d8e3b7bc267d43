package io.tradewind.servicekit.config;

import java.time.Duration;
import java.util.List;

/** How the processes of one Tradewind find each other: section {@value #SECTION}; used with {@code --cluster} only. */
@Doc("How the processes of one Tradewind find each other; used with --cluster only.")
public record ClusterConfig(
        @Doc("Name of the cluster; processes with different names ignore each other.")
        String name,

        @Doc("Address of this machine that the other members reach.")
        String host,

        @Doc("Membership port, 1024..65535; when it is taken, one of the next ones is used.")
        Integer port,

        @Doc("Event-bus port, 1024..65535, or 0 for any free one.")
        Integer eventBusPort,

        @Doc("Addresses of members, host or host:port; one that runs is enough to join.")
        List<String> members,

        @Doc("How often members show each other that they live, in whole seconds. 1s..10s.")
        Duration heartbeatInterval,

        @Doc(
                "A member that was silent for so long is dropped, in whole seconds. 2s..1m; at least twice heartbeat-interval.")
        Duration heartbeatTimeout,

        @Doc("How often event-bus connections are probed; a dead one is closed after up to two of these. 100ms..20s.")
        Duration pingInterval) {

    public static final String SECTION = "cluster";

    static final String DEFAULT_NAME = "tradewind";
    static final String DEFAULT_HOST = "127.0.0.1";
    static final int DEFAULT_PORT = 5701;
    static final int ANY_PORT = 0;
    static final Duration DEFAULT_HEARTBEAT_INTERVAL = Duration.ofSeconds(1);
    static final Duration DEFAULT_HEARTBEAT_TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEFAULT_PING_INTERVAL = Duration.ofSeconds(2);

    public ClusterConfig {
        name = Check.notBlank("name", Check.orDefault(name, DEFAULT_NAME));
        host = Check.notBlank("host", Check.orDefault(host, DEFAULT_HOST));
        port = Check.inRange("port", Check.orDefault(port, DEFAULT_PORT), Check.MIN_PORT, Check.MAX_PORT);
        eventBusPort = Check.port("event-bus-port", Check.orDefault(eventBusPort, ANY_PORT));
        members = List.copyOf(Check.orDefault(members, List.of(DEFAULT_HOST)));
        heartbeatInterval = wholeSeconds(
                "heartbeat-interval", Check.orDefault(heartbeatInterval, DEFAULT_HEARTBEAT_INTERVAL), 1, 10);
        heartbeatTimeout =
                wholeSeconds("heartbeat-timeout", Check.orDefault(heartbeatTimeout, DEFAULT_HEARTBEAT_TIMEOUT), 2, 60);
        pingInterval = Check.inRange(
                "ping-interval",
                Check.orDefault(pingInterval, DEFAULT_PING_INTERVAL),
                Duration.ofMillis(100),
                Duration.ofSeconds(20));
        Check.that(
                heartbeatTimeout.compareTo(heartbeatInterval.multipliedBy(2)) >= 0,
                "heartbeat-timeout",
                Durations.format(heartbeatTimeout),
                "must be at least twice heartbeat-interval (" + Durations.format(heartbeatInterval)
                        + "), or one lost packet drops a member");
    }

    private static Duration wholeSeconds(String key, Duration value, long minSeconds, long maxSeconds) {
        Check.inRange(key, value, Duration.ofSeconds(minSeconds), Duration.ofSeconds(maxSeconds));
        Check.that(
                value.equals(Duration.ofSeconds(value.toSeconds())),
                key,
                Durations.format(value),
                "must be whole seconds");
        return value;
    }
}
