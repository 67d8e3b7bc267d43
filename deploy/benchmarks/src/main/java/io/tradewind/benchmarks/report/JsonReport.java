package io.tradewind.benchmarks.report;

import io.tradewind.benchmarks.BenchConfig;
import io.tradewind.benchmarks.audit.AuditResult;
import io.tradewind.benchmarks.load.LoadResult;
import io.tradewind.benchmarks.load.Tally;
import io.tradewind.benchmarks.report.BenchReport.Completion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The report for programs: one JSON object, units in the names, nothing that the table has is missing here. */
public final class JsonReport {

    /** Raised when a field changes its meaning or goes; new fields come without. */
    public static final int FORMAT = 2;

    private JsonReport() {}

    public static JsonObject of(BenchReport report) {
        JsonObject json = new JsonObject()
                .put("format", FORMAT)
                .put("run", report.runId())
                .put("started_at", report.startedAt())
                .put("passed", report.passed())
                .put("config", config(report.config()))
                .put("machine", machine(report.machine()))
                .put(
                        "durability",
                        new JsonObject().put("redis", map(report.redis())).put("postgres", map(report.postgres())))
                .put("load", load(report.load()));
        if (report.completion() != null) {
            json.put("completion", completion(report.completion()));
        }
        if (report.stream() != null) {
            json.put(
                    "stream",
                    new JsonObject()
                            .put("filled", report.stream().filled())
                            .put("ended", report.stream().ended()));
        }
        if (report.sync() != null) {
            SyncFigures sync = report.sync();
            json.put(
                    "sync",
                    new JsonObject()
                            .put("lag_p50_ms", sync.lagMs().getValueAtPercentile(50))
                            .put("lag_p99_ms", sync.lagMs().getValueAtPercentile(99))
                            .put("lag_max_ms", sync.lagMs().getMaxValue())
                            .put("away_s", sync.awayS())
                            .put("away_lag_ms", sync.awayLagMs())
                            .put("caught_up_after_ms", sync.caughtUpMs() < 0 ? null : sync.caughtUpMs()));
        }
        if (report.heap() != null) {
            json.put("heap", heap(report.heap()));
        }
        if (report.audit() != null) {
            json.put("audit", audit(report.audit()));
        }
        if (report.baseline() != null) {
            json.put(
                    "baseline",
                    new JsonObject()
                            .put("load", load(report.baseline()))
                            .put("accepted_ratio", rounded(report.baselineRatio())));
        }
        if (report.peer() != null) {
            json.put(
                    "peer",
                    new JsonObject()
                            .put("load", load(report.peer().load()))
                            .put("filled", report.peer().filled())
                            .put("elapsed_ms", report.peer().elapsedMs())
                            .put("completed_per_s", rounded(report.peer().completedPerS()))
                            .put("accepted_ratio", rounded(report.peerAcceptedRatio()))
                            .put("completed_ratio", rounded(report.peerCompletedRatio())));
        }
        return json;
    }

    private static JsonObject config(BenchConfig config) {
        return new JsonObject()
                .put("mode", config.saturate() ? "saturate" : "rate")
                .put("rate_per_s", config.saturate() ? null : config.ratePerS())
                .put("seconds", config.seconds())
                .put("warmup_s", config.warmupS())
                .put("connections", config.connections())
                .put("pipeline", config.pipeline())
                .put("batch", config.batch())
                .put("limit_share", config.limitShare())
                .put("symbols", new JsonArray(config.symbols()))
                .put("qty", config.qty().toPlainString());
    }

    private static JsonObject machine(Machine machine) {
        return new JsonObject()
                .put("cores", machine.cores())
                .put("processor", machine.processor())
                .put("os", machine.os())
                .put("java", machine.java());
    }

    private static JsonObject load(LoadResult load) {
        return new JsonObject()
                .put("planned", load.measuredOrders())
                .mergeIn(tally(load.measured()))
                .put("accepted_per_s", rounded(load.acknowledgedPerS()))
                .put("latency_us", histogram(load.latencyUs()))
                .put("service_us", histogram(load.serviceUs()))
                .put("worst_send_delay_us", load.worstDelayNs() / 1_000)
                .put("behind_schedule", load.behindSchedule())
                .put("transport", load.transport())
                .put("warmup", tally(load.warmup()));
    }

    private static JsonObject tally(Tally tally) {
        return new JsonObject()
                .put("sent", tally.sent())
                .put("acknowledged", tally.acknowledged())
                .put("denied", map(tally.denied()))
                .put("unknown", map(tally.unknown()))
                .put("errors", map(tally.errors()));
    }

    private static JsonObject completion(Completion completion) {
        return new JsonObject()
                .put("filled", completion.filled())
                .put("filled_per_s", rounded(completion.filledPerS()))
                .put("fill_ms", histogram(completion.fillMs()))
                .put("drained_after_load_ms", completion.drainedMs())
                .put(
                        "in_postgres_after_load_ms",
                        completion.postgresDrainedMs() < 0 ? null : completion.postgresDrainedMs())
                .put("in_postgres_after_ms", completion.inPostgresMs() < 0 ? null : completion.inPostgresMs())
                .put("completed_per_s", completion.inPostgresMs() < 0 ? null : rounded(completion.completedPerS()));
    }

    private static JsonObject heap(HeapFigures heap) {
        JsonArray stays = new JsonArray();
        heap.stays()
                .forEach(stay -> stays.add(new JsonObject()
                        .put("at_ms", stay.atMs())
                        .put("bytes", stay.bytes())
                        .put("collections", stay.collections())));
        double slope = heap.slopePerMinute();
        return new JsonObject()
                .put("most_bytes", heap.mostBytes())
                .put("collected_in_full", heap.full())
                .put("in_use", stays)
                .put("slope_bytes_per_minute", Double.isNaN(slope) ? null : rounded(slope));
    }

    private static JsonObject audit(AuditResult audit) {
        JsonObject differences = new JsonObject();
        audit.differences().forEach((kind, count) -> differences.put(kind.name(), count));
        JsonArray listed = new JsonArray();
        audit.listed()
                .forEach(difference -> listed.add(new JsonObject()
                        .put("kind", difference.kind().name())
                        .put("client_order_id", difference.clientOrderId())
                        .put("detail", difference.detail())));
        return new JsonObject()
                .put("holds", audit.holds())
                .put("acknowledged", audit.acknowledged())
                .put("unknown", audit.unknown())
                .put("denied", audit.denied())
                .put("in_log", audit.inLog())
                .put("unknown_in_log", audit.unknownInLog())
                .put("filled", audit.filled())
                .put("in_postgres", audit.inPostgres() < 0 ? null : audit.inPostgres())
                .put("differences", differences)
                .put("listed", listed);
    }

    private static JsonObject histogram(Histogram histogram) {
        return new JsonObject()
                .put("count", histogram.getTotalCount())
                .put("p50", histogram.getValueAtPercentile(50))
                .put("p90", histogram.getValueAtPercentile(90))
                .put("p99", histogram.getValueAtPercentile(99))
                .put("p99_9", histogram.getValueAtPercentile(99.9))
                .put("max", histogram.getMaxValue());
    }

    private static JsonObject map(Map<String, ?> values) {
        JsonObject json = new JsonObject();
        values.forEach(json::put);
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
