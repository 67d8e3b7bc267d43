package io.tradewind.gateway;

import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.DataSize;
import io.tradewind.servicekit.config.Doc;
import java.nio.file.Path;
import java.time.Duration;

/** Where the gateway listens and how much it takes: section {@value #SECTION}. */
@Doc("The HTTP API, the event stream and the dashboard.")
public record GatewayConfig(
        @Doc("Address to listen on. The API has no TLS of its own: put a proxy before it beyond this machine.")
        String host,

        @Doc("Port to listen on, 1024..65535, or 0 for any free one.")
        Integer port,

        @Doc("true: a taken port is an error; false: the next free one is used, with a warning.")
        Boolean strictPort,

        @Doc("Event loops that serve HTTP; by default half the cores, at least 1. 1..64.")
        Integer instances,

        @Doc("File with the API keys: a JSON array of key_id, secret_sha256, account, scopes.")
        Path keysFile,

        @Doc("Largest request body. 1KiB..1MiB.") DataSize maxBody,

        @Doc("A connection without any traffic for so long is closed; longer than stream-heartbeat. 2s..1h.")
        Duration idleTimeout,

        @Doc("How long requests in progress may take to finish when the gateway stops. 100ms..1m.")
        Duration drainTimeout,

        @Doc("How long a browser stays signed in. 1m..30d.") Duration sessionLifetime,

        @Doc("How long an order, cancel or command may take before its outcome counts as unknown. 100ms..1m.")
        Duration commandDeadline,

        @Doc("How long a query to another service may take. 100ms..1m.")
        Duration queryDeadline,

        @Doc("How long an operator's command may take on one partition, a snapshot for instance. 1s..1h.")
        Duration operatorDeadline,

        @Doc("Orders of one event loop waiting for their answer; more are refused with 429. 1..1000000.")
        Integer maxOrdersInFlight,

        @Doc("Orders passed on in one message. 1..2048.") Integer maxOrdersPerBatch,

        @Doc("Orders that one query may look through before it answers with what it has found. 500..1000000.")
        Integer maxOrdersScanned,

        @Doc("Answers of the state-store that an event loop remembers, for when it is away. 0..1000000.")
        Integer maxRememberedAnswers,

        @Doc("Heap that they may take, about. 64KiB..1GiB.") DataSize maxRememberedSize,

        @Doc("Whether orders that are over and have left the state are looked up in Postgres.")
        Boolean pastOrders,

        @Doc("Event streams per event loop; more are refused with 503. 1..100000.")
        Integer maxStreams,

        @Doc("How often a quiet event stream says that it lives. 100ms..5m.")
        Duration streamHeartbeat,

        @Doc("An event stream with more unsent bytes than this is cut. 64KiB..256MiB.")
        DataSize streamMaxPending,

        @Doc("An event stream whose client takes nothing for so long is cut. 100ms..5m.")
        Duration streamSlowAfter,

        @Doc(
                "Newest entities of one topic in the snapshot of an event stream; older open orders come on top. 1..1000000.")
        Integer streamSnapshotEntities,

        @Doc("Send buffer of a connection in the kernel; small, so that a slow client shows early. 4KiB..16MiB.")
        DataSize sendBuffer) {

    public static final String SECTION = "gateway";

    public GatewayConfig {
        host = Check.notBlank("host", Check.orDefault(host, "127.0.0.1"));
        port = Check.port("port", Check.orDefault(port, 8080));
        strictPort = Check.orDefault(strictPort, false);
        instances = Check.orDefault(instances, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        keysFile = Check.orDefault(keysFile, Path.of("keys.json"));
        maxBody = Check.orDefault(maxBody, DataSize.ofKiB(64));
        idleTimeout = Check.orDefault(idleTimeout, Duration.ofSeconds(75));
        drainTimeout = Check.orDefault(drainTimeout, Duration.ofSeconds(3));
        sessionLifetime = Check.orDefault(sessionLifetime, Duration.ofHours(12));
        commandDeadline = Check.orDefault(commandDeadline, Duration.ofSeconds(10));
        queryDeadline = Check.orDefault(queryDeadline, Duration.ofSeconds(5));
        operatorDeadline = Check.orDefault(operatorDeadline, Duration.ofMinutes(10));
        maxOrdersInFlight = Check.orDefault(maxOrdersInFlight, 10_000);
        maxOrdersPerBatch = Check.orDefault(maxOrdersPerBatch, 512);
        maxOrdersScanned = Check.orDefault(maxOrdersScanned, 20_000);
        maxRememberedAnswers = Check.orDefault(maxRememberedAnswers, 4_096);
        maxRememberedSize = Check.orDefault(maxRememberedSize, DataSize.ofMiB(8));
        pastOrders = Check.orDefault(pastOrders, true);
        maxStreams = Check.orDefault(maxStreams, 1_000);
        streamHeartbeat = Check.orDefault(streamHeartbeat, Duration.ofSeconds(15));
        streamMaxPending = Check.orDefault(streamMaxPending, DataSize.ofMiB(4));
        streamSlowAfter = Check.orDefault(streamSlowAfter, Duration.ofSeconds(10));
        streamSnapshotEntities = Check.orDefault(streamSnapshotEntities, 2_000);
        sendBuffer = Check.orDefault(sendBuffer, DataSize.ofKiB(64));

        Check.inRange("instances", instances, 1, 64);
        Check.inRange("max-body", maxBody, DataSize.ofKiB(1), DataSize.ofMiB(1));
        Check.inRange("idle-timeout", idleTimeout, Duration.ofSeconds(2), Duration.ofHours(1));
        Check.inRange("drain-timeout", drainTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        Check.inRange("session-lifetime", sessionLifetime, Duration.ofMinutes(1), Duration.ofDays(30));
        Check.inRange("command-deadline", commandDeadline, Duration.ofMillis(100), Duration.ofMinutes(1));
        Check.inRange("query-deadline", queryDeadline, Duration.ofMillis(100), Duration.ofMinutes(1));
        Check.inRange("operator-deadline", operatorDeadline, Duration.ofSeconds(1), Duration.ofHours(1));
        Check.inRange("max-orders-in-flight", maxOrdersInFlight, 1, 1_000_000);
        Check.inRange("max-orders-per-batch", maxOrdersPerBatch, 1, PlaceOrders.MAX_ORDERS);
        Check.inRange("max-orders-scanned", maxOrdersScanned, 500, 1_000_000);
        Check.inRange("max-remembered-answers", maxRememberedAnswers, 0, 1_000_000);
        Check.inRange("max-remembered-size", maxRememberedSize, DataSize.ofKiB(64), DataSize.ofMiB(1024));
        Check.inRange("max-streams", maxStreams, 1, 100_000);
        Check.inRange("stream-heartbeat", streamHeartbeat, Duration.ofMillis(100), Duration.ofMinutes(5));
        Check.inRange("stream-max-pending", streamMaxPending, DataSize.ofKiB(64), DataSize.ofMiB(256));
        Check.inRange("stream-slow-after", streamSlowAfter, Duration.ofMillis(100), Duration.ofMinutes(5));
        Check.inRange("stream-snapshot-entities", streamSnapshotEntities, 1, 1_000_000);
        Check.inRange("send-buffer", sendBuffer, DataSize.ofKiB(4), DataSize.ofMiB(16));
        Check.that(
                idleTimeout.compareTo(streamHeartbeat) > 0,
                "idle-timeout",
                idleTimeout.toSeconds() + "s",
                "must be longer than stream-heartbeat, or quiet event streams are closed");
    }
}
