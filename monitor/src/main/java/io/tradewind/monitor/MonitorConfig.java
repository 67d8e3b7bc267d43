package io.tradewind.monitor;

import io.tradewind.monitor.domain.Limits;
import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.Doc;
import java.time.Duration;
import java.util.List;

/** What is watched, how often, and from where on something is wrong: section {@value #SECTION}. */
@Doc("Watching services, machine, Redis and Postgres.")
public record MonitorConfig(
        @Doc("Services that have to be there.") List<String> services,

        @Doc("A service that is not heard of for longer counts as down; several times runtime.heartbeat. 500ms..5m.")
        Duration heartbeatTimeout,

        @Doc("How often the resources of the machine are read. 500ms..10m.")
        Duration machineInterval,

        @Doc("A path on the file system whose space is watched: where the data is.")
        String diskPath,

        @Doc("How often Redis and Postgres are asked how they are. 200ms..10m.")
        Duration probeInterval,

        @Doc("How long Redis and Postgres may take for one answer. 50ms..1m.")
        Duration probeTimeout,

        @Doc("CPU in percent from which on it is reported. 1..100.")
        Double cpuPercent,

        @Doc("Used memory in percent from which on it is reported. 1..100.")
        Double memoryPercent,

        @Doc("Used disk in percent from which on it is reported. 1..100.")
        Double diskPercent,

        @Doc("Used share of Redis' maxmemory in percent from which on it is reported. 1..100.")
        Double redisMemoryPercent,

        @Doc("PING of Redis in milliseconds from which on it is reported. 0.1..60000.")
        Double redisPingMs,

        @Doc("SELECT 1 of Postgres in milliseconds from which on it is reported. 0.1..60000.")
        Double postgresQueryMs,

        @Doc("Temperature of the processor in degrees Celsius from which on it is reported. 30..120.")
        Double temperatureCelsius) {

    public static final String SECTION = "monitor";

    static final List<String> DEFAULT_SERVICES =
            List.of("state-store", "order-queue", "db-sync", "gateway", "strategy-executor", SECTION);
    static final Duration DEFAULT_HEARTBEAT_TIMEOUT = Duration.ofSeconds(5);
    static final Duration DEFAULT_MACHINE_INTERVAL = Duration.ofSeconds(5);
    static final String DEFAULT_DISK_PATH = ".";
    static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(2);
    static final Duration DEFAULT_PROBE_TIMEOUT = Duration.ofSeconds(2);
    static final double DEFAULT_CPU_PERCENT = 90;
    static final double DEFAULT_MEMORY_PERCENT = 85;
    static final double DEFAULT_DISK_PERCENT = 95;
    static final double DEFAULT_REDIS_MEMORY_PERCENT = 90;
    static final double DEFAULT_REDIS_PING_MS = 50;
    static final double DEFAULT_POSTGRES_QUERY_MS = 250;
    static final double DEFAULT_TEMPERATURE_CELSIUS = 90;

    private static final double MIN_MS = 0.1;
    private static final double MAX_MS = 60_000;

    public MonitorConfig {
        services = List.copyOf(Check.orDefault(services, DEFAULT_SERVICES));
        heartbeatTimeout = Check.inRange(
                "heartbeat-timeout",
                Check.orDefault(heartbeatTimeout, DEFAULT_HEARTBEAT_TIMEOUT),
                Duration.ofMillis(500),
                Duration.ofMinutes(5));
        machineInterval = Check.inRange(
                "machine-interval",
                Check.orDefault(machineInterval, DEFAULT_MACHINE_INTERVAL),
                Duration.ofMillis(500),
                Duration.ofMinutes(10));
        diskPath = Check.notBlank("disk-path", Check.orDefault(diskPath, DEFAULT_DISK_PATH));
        probeInterval = Check.inRange(
                "probe-interval",
                Check.orDefault(probeInterval, DEFAULT_PROBE_INTERVAL),
                Duration.ofMillis(200),
                Duration.ofMinutes(10));
        probeTimeout = Check.inRange(
                "probe-timeout",
                Check.orDefault(probeTimeout, DEFAULT_PROBE_TIMEOUT),
                Duration.ofMillis(50),
                Duration.ofMinutes(1));
        cpuPercent = percent("cpu-percent", Check.orDefault(cpuPercent, DEFAULT_CPU_PERCENT));
        memoryPercent = percent("memory-percent", Check.orDefault(memoryPercent, DEFAULT_MEMORY_PERCENT));
        diskPercent = percent("disk-percent", Check.orDefault(diskPercent, DEFAULT_DISK_PERCENT));
        redisMemoryPercent =
                percent("redis-memory-percent", Check.orDefault(redisMemoryPercent, DEFAULT_REDIS_MEMORY_PERCENT));
        redisPingMs =
                Check.inRange("redis-ping-ms", Check.orDefault(redisPingMs, DEFAULT_REDIS_PING_MS), MIN_MS, MAX_MS);
        postgresQueryMs = Check.inRange(
                "postgres-query-ms", Check.orDefault(postgresQueryMs, DEFAULT_POSTGRES_QUERY_MS), MIN_MS, MAX_MS);
        temperatureCelsius = Check.inRange(
                "temperature-celsius", Check.orDefault(temperatureCelsius, DEFAULT_TEMPERATURE_CELSIUS), 30.0, 120.0);
    }

    Limits limits() {
        return new Limits(
                cpuPercent,
                memoryPercent,
                diskPercent,
                redisMemoryPercent,
                redisPingMs,
                postgresQueryMs,
                temperatureCelsius);
    }

    private static double percent(String key, double value) {
        return Check.inRange(key, value, 1.0, 100.0);
    }
}
