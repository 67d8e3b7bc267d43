package io.tradewind.monitor.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How well the system is, from 100 down to 0, and why it is no better. It starts at 100 and loses points for each
 * finding:
 *
 * <table>
 * <caption>Deductions</caption>
 * <tr><th>code</th><th>points</th><th>when</th></tr>
 * <tr><td>service_down</td><td>40</td><td>no process runs the service</td></tr>
 * <tr><td>instance_down</td><td>10</td><td>one process of several that run it is gone</td></tr>
 * <tr><td>service_degraded</td><td>10</td><td>the service says so</td></tr>
 * <tr><td>service_unsettled</td><td>5</td><td>it starts, stops or was not heard of yet</td></tr>
 * <tr><td>redis_down</td><td>50</td><td>Redis does not answer: nothing can be acknowledged</td></tr>
 * <tr><td>redis_not_durable</td><td>25</td><td>appendonly or appendfsync is weaker than promised, writes fail</td></tr>
 * <tr><td>redis_may_evict</td><td>15</td><td>the log may be thrown away when memory is short</td></tr>
 * <tr><td>redis_memory_high</td><td>15</td><td>used share of maxmemory over its limit</td></tr>
 * <tr><td>redis_slow</td><td>5</td><td>PING over its limit</td></tr>
 * <tr><td>postgres_down</td><td>25</td><td>Postgres does not answer: history stands still</td></tr>
 * <tr><td>postgres_not_durable</td><td>15</td><td>fsync or synchronous_commit is off</td></tr>
 * <tr><td>postgres_slow</td><td>5</td><td>SELECT 1 over its limit</td></tr>
 * <tr><td>cpu_high</td><td>10</td><td>over its limit</td></tr>
 * <tr><td>memory_high</td><td>10</td><td>over its limit</td></tr>
 * <tr><td>disk_full</td><td>25</td><td>over its limit: Redis stops when it cannot write</td></tr>
 * <tr><td>temperature_high</td><td>5</td><td>over its limit</td></tr>
 * <tr><td>machine_unknown</td><td>5</td><td>the machine's resources cannot be read</td></tr>
 * </table>
 *
 * What is not known yet costs nothing. Pure.
 *
 * @param findings the costliest first
 */
public record Score(int points, List<Finding> findings) {

    private static final int FULL = 100;

    public Score {
        findings = List.copyOf(findings);
    }

    /** The score of a system with these parts; {@code null} stands for what was not looked at yet. */
    public static Score of(
            List<ServiceView> services,
            MachineSample machine,
            String machineError,
            RedisStatus redis,
            PostgresStatus postgres,
            Limits limits) {
        List<Finding> findings = new ArrayList<>();
        services.forEach(service -> judge(service, services, findings));
        if (redis != null) {
            judge(redis, limits, findings);
        }
        if (postgres != null) {
            judge(postgres, limits, findings);
        }
        if (machineError != null) {
            findings.add(new Finding("machine_unknown", "machine", 5, "resources cannot be read: " + machineError));
        } else if (machine != null) {
            judge(machine, limits, findings);
        }
        findings.sort(Comparator.comparingInt(Finding::points).reversed());
        int lost = findings.stream().mapToInt(Finding::points).sum();
        return new Score(Math.max(0, FULL - lost), findings);
    }

    private static void judge(ServiceView service, List<ServiceView> all, List<Finding> findings) {
        String silence = service.ageMs() == ServiceView.NEVER
                ? "it was never heard of"
                : "it was heard of last " + service.ageMs() + " ms ago";
        switch (service.state()) {
            case UP -> {}
            case DEGRADED ->
                findings.add(new Finding(
                        "service_degraded", service.name(), 10, service.name() + " says that it is degraded"));
            case STARTING, STOPPING, UNKNOWN ->
                findings.add(new Finding(
                        "service_unsettled",
                        service.name(),
                        5,
                        service.name() + " is " + service.state().text() + "; " + silence));
            case DOWN -> {
                boolean another = all.stream()
                        .anyMatch(other -> other.name().equals(service.name())
                                && other.state().isWorking());
                findings.add(
                        another
                                ? new Finding(
                                        "instance_down",
                                        service.name(),
                                        10,
                                        service.name() + " on " + service.instance() + " is down; " + silence)
                                : new Finding(
                                        "service_down", service.name(), 40, service.name() + " is down; " + silence));
            }
        }
    }

    private static void judge(RedisStatus redis, Limits limits, List<Finding> findings) {
        if (!redis.isUp()) {
            findings.add(new Finding("redis_down", "redis", 50, "Redis does not answer: " + redis.error()));
            return;
        }
        over("redis_slow", "redis", 5, "PING of Redis", redis.pingMs(), limits.redisPingMs(), "ms", findings);
        RedisStatus.Facts facts = redis.facts();
        if (!facts.appendOnly().equals("yes")
                || !facts.appendFsync().equals("always")
                || facts.lastWriteStatus().equals("err")) {
            findings.add(new Finding(
                    "redis_not_durable",
                    "redis",
                    25,
                    "appendonly is " + facts.appendOnly() + ", appendfsync is " + facts.appendFsync()
                            + ", last write " + facts.lastWriteStatus()
                            + "; acknowledged orders are only safe with yes, always and ok"));
        }
        if (!facts.evictionPolicy().equals("noeviction")) {
            findings.add(new Finding(
                    "redis_may_evict",
                    "redis",
                    15,
                    "maxmemory-policy is " + facts.evictionPolicy() + "; only noeviction keeps the log"));
        }
        if (facts.maxMemoryBytes() > 0) {
            double percent = 100.0 * facts.usedMemoryBytes() / facts.maxMemoryBytes();
            over(
                    "redis_memory_high",
                    "redis",
                    15,
                    "Memory of Redis",
                    percent,
                    limits.redisMemoryPercent(),
                    "%",
                    findings);
        }
    }

    private static void judge(PostgresStatus postgres, Limits limits, List<Finding> findings) {
        if (!postgres.isUp()) {
            findings.add(new Finding("postgres_down", "postgres", 25, "Postgres does not answer: " + postgres.error()));
            return;
        }
        over(
                "postgres_slow",
                "postgres",
                5,
                "SELECT 1 of Postgres",
                postgres.queryMs(),
                limits.postgresQueryMs(),
                "ms",
                findings);
        PostgresStatus.Facts facts = postgres.facts();
        if (facts.fsync().equals("off") || facts.synchronousCommit().equals("off")) {
            findings.add(new Finding(
                    "postgres_not_durable",
                    "postgres",
                    15,
                    "fsync is " + facts.fsync() + ", synchronous_commit is " + facts.synchronousCommit()
                            + "; a crash may lose rows that were written"));
        }
    }

    private static void judge(MachineSample machine, Limits limits, List<Finding> findings) {
        over("cpu_high", "machine", 10, "CPU", machine.cpuPercent(), limits.cpuPercent(), "%", findings);
        over(
                "memory_high",
                "machine",
                10,
                "Memory",
                machine.memoryUsedPercent(),
                limits.memoryPercent(),
                "%",
                findings);
        over("disk_full", "machine", 25, "Disk", machine.diskUsedPercent(), limits.diskPercent(), "%", findings);
        over(
                "temperature_high",
                "machine",
                5,
                "Temperature",
                machine.temperatureCelsius(),
                limits.temperatureCelsius(),
                "°C",
                findings);
    }

    private static void over(
            String code,
            String subject,
            int points,
            String what,
            Double value,
            double limit,
            String unit,
            List<Finding> findings) {
        if (value != null && value > limit) {
            findings.add(new Finding(
                    code,
                    subject,
                    points,
                    String.format(
                            Locale.ROOT, "%s is at %.1f %s, the limit is %.1f %s", what, value, unit, limit, unit)));
        }
    }
}
