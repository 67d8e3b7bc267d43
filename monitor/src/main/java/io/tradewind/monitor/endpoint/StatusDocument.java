package io.tradewind.monitor.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.monitor.domain.Finding;
import io.tradewind.monitor.domain.MachineSample;
import io.tradewind.monitor.domain.PostgresStatus;
import io.tradewind.monitor.domain.RedisStatus;
import io.tradewind.monitor.domain.Score;
import io.tradewind.monitor.domain.ServiceView;
import io.tradewind.monitor.domain.SystemStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Writes the state of the system down as JSON. Field names end in their unit. What is not known is left out. Pure.
 *
 * <pre>
 *   {"status": "up|degraded|down", "version", "time",
 *    "services": [{"name", "instance", "state", "since", "age_ms", "details", "admin"}, …],
 *    "machine": {…}, "redis": {"status", …}, "postgres": {"status", …},
 *    "score": {"points": 0–100, "reasons": [{"code", "subject", "points", "reason"}, …]}}
 * </pre>
 */
public final class StatusDocument {

    private static final int DECIMALS = 2;

    private StatusDocument() {}

    public static Json of(SystemStatus status, String version) {
        JsonArray services = new JsonArray();
        status.services().forEach(service -> services.add(service(service)));
        JsonObject json = new JsonObject()
                .put("status", status.status().text())
                .put("version", version)
                .put("time", JsonObjects.timeText(status.timeMs()))
                .put("services", services)
                .put("score", score(status.score()));
        put(json, "machine", status.machine() == null ? null : machine(status.machine()));
        put(json, "redis", status.redis() == null ? null : redis(status.redis()));
        put(json, "postgres", status.postgres() == null ? null : postgres(status.postgres()));
        return Json.ofBytes(json.toBuffer().getBytes());
    }

    private static JsonObject service(ServiceView service) {
        JsonObject json = new JsonObject().put("name", service.name());
        put(json, "instance", service.instance());
        json.put("state", service.state().text());
        put(json, "since", service.since());
        put(json, "age_ms", service.ageMs() == ServiceView.NEVER ? null : service.ageMs());
        put(json, "admin", service.admin());
        return json.put("details", new JsonObject(service.details()));
    }

    private static JsonObject score(Score score) {
        JsonArray reasons = new JsonArray();
        for (Finding finding : score.findings()) {
            reasons.add(new JsonObject()
                    .put("code", finding.code())
                    .put("subject", finding.subject())
                    .put("points", finding.points())
                    .put("reason", finding.reason()));
        }
        return new JsonObject().put("points", score.points()).put("reasons", reasons);
    }

    private static JsonObject machine(MachineSample machine) {
        JsonObject json = new JsonObject()
                .put("time", JsonObjects.timeText(machine.timeMs()))
                .put("cpu_cores", machine.cpuCores());
        put(json, "cpu_percent", rounded(machine.cpuPercent()));
        put(json, "load_1m", rounded(machine.load1m()));
        put(json, "load_5m", rounded(machine.load5m()));
        put(json, "load_15m", rounded(machine.load15m()));
        put(json, "temperature_celsius", rounded(machine.temperatureCelsius()));
        json.put("memory_total_bytes", machine.memoryTotalBytes())
                .put("memory_available_bytes", machine.memoryAvailableBytes())
                .put("memory_used_percent", rounded(machine.memoryUsedPercent()))
                .put("swap_total_bytes", machine.swapTotalBytes())
                .put("swap_used_bytes", machine.swapUsedBytes())
                .put("disk_total_bytes", machine.diskTotalBytes())
                .put("disk_free_bytes", machine.diskFreeBytes())
                .put("disk_used_percent", rounded(machine.diskUsedPercent()));
        put(json, "disk_read_bytes_per_s", rounded(machine.diskReadBytesPerS()));
        put(json, "disk_write_bytes_per_s", rounded(machine.diskWriteBytesPerS()));
        put(json, "disk_operations_per_s", rounded(machine.diskOperationsPerS()));
        put(json, "network_in_bytes_per_s", rounded(machine.networkInBytesPerS()));
        put(json, "network_out_bytes_per_s", rounded(machine.networkOutBytesPerS()));
        json.put("network_errors", machine.networkErrors());
        put(json, "context_switches_per_s", rounded(machine.contextSwitchesPerS()));
        json.put("processes", machine.processes())
                .put("threads", machine.threads())
                .put("uptime_s", machine.uptimeS())
                .put("process_resident_bytes", machine.processResidentBytes());
        put(json, "process_cpu_percent", rounded(machine.processCpuPercent()));
        return json.put("process_open_files", machine.processOpenFiles())
                .put("heap_used_bytes", machine.heapUsedBytes())
                .put("heap_max_bytes", machine.heapMaxBytes());
    }

    private static JsonObject redis(RedisStatus redis) {
        if (!redis.isUp()) {
            return down(redis.error());
        }
        RedisStatus.Facts facts = redis.facts();
        return new JsonObject()
                .put("status", "up")
                .put("ping_ms", rounded(redis.pingMs()))
                .put("version", facts.version())
                .put("uptime_s", facts.uptimeS())
                .put("clients", facts.clients())
                .put("operations_per_s", facts.operationsPerS())
                .put("used_memory_bytes", facts.usedMemoryBytes())
                .put("max_memory_bytes", facts.maxMemoryBytes())
                .put("maxmemory_policy", facts.evictionPolicy())
                .put("appendonly", facts.appendOnly())
                .put("appendfsync", facts.appendFsync())
                .put("aof_last_write_status", facts.lastWriteStatus())
                .put("aof_bytes", facts.appendOnlyFileBytes());
    }

    private static JsonObject postgres(PostgresStatus postgres) {
        if (!postgres.isUp()) {
            return down(postgres.error());
        }
        PostgresStatus.Facts facts = postgres.facts();
        return new JsonObject()
                .put("status", "up")
                .put("query_ms", rounded(postgres.queryMs()))
                .put("version", facts.version())
                .put("uptime_s", facts.uptimeS())
                .put("synchronous_commit", facts.synchronousCommit())
                .put("fsync", facts.fsync())
                .put("database_bytes", facts.databaseBytes())
                .put("connections", facts.connections())
                .put("max_connections", facts.maxConnections());
    }

    private static JsonObject down(String error) {
        return new JsonObject().put("status", "down").put("error", error);
    }

    private static Double rounded(Double value) {
        return value == null || !Double.isFinite(value)
                ? null
                : BigDecimal.valueOf(value)
                        .setScale(DECIMALS, RoundingMode.HALF_UP)
                        .doubleValue();
    }

    private static void put(JsonObject json, String name, Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
