package io.tradewind.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.benchmarks.BenchConfig;
import io.tradewind.benchmarks.audit.Audit;
import io.tradewind.benchmarks.audit.AuditResult;
import io.tradewind.benchmarks.load.LoadResult;
import io.tradewind.benchmarks.load.Outcomes;
import io.tradewind.benchmarks.load.Tally;
import io.tradewind.benchmarks.report.BenchReport.Completion;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Map<String, String> REDIS = Map.of("appendfsync", "always");
    private static final Map<String, String> POSTGRES = Map.of("fsync", "on");

    private static final SyncFigures SYNC = new SyncFigures(histogram(), 60, 12_345, 61_000);

    /** 60 MiB more in two minutes. */
    private static final HeapFigures HEAP = new HeapFigures(
            900 << 20,
            false,
            List.of(
                    new HeapFigures.Stay(20_000, 100 << 20, 3),
                    new HeapFigures.Stay(80_000, 130 << 20, 1),
                    new HeapFigures.Stay(140_000, 160 << 20, 2)));

    @Test
    void shouldSayEverythingInJson() {
        JsonObject json = JsonReport.of(report(audit(Map.of(), List.of()), null));
        assertEquals(JsonReport.FORMAT, json.getInteger("format"));
        assertEquals("rate", json.getJsonObject("config").getString("mode"));
        assertEquals(5_000, json.getJsonObject("config").getInteger("rate_per_s"));
        assertTrue(json.getJsonObject("machine").getInteger("cores") > 0);
        assertEquals(
                "always",
                json.getJsonObject("durability").getJsonObject("redis").getString("appendfsync"));
        JsonObject latency = json.getJsonObject("load").getJsonObject("latency_us");
        assertEquals(List.of("count", "p50", "p90", "p99", "p99_9", "max"), List.copyOf(latency.fieldNames()));
        assertEquals(1_000, latency.getLong("max"));
        JsonObject completion = json.getJsonObject("completion");
        assertEquals(500.0, completion.getDouble("filled_per_s"));
        assertEquals(250.0, completion.getDouble("completed_per_s"));
        assertTrue(json.getJsonObject("audit").getBoolean("holds"));
        assertEquals(json, new JsonObject(json.encode()));
    }

    @Test
    void shouldLeaveOutWhatWasNotMeasured() {
        BenchReport report = new BenchReport(
                "run",
                "now",
                config(),
                Machine.here(),
                Map.of(),
                Map.of(),
                load(null),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        JsonObject json = JsonReport.of(report);
        assertFalse(json.containsKey("audit"));
        assertFalse(json.containsKey("completion"));
        assertFalse(json.containsKey("baseline"));
        assertNull(json.getJsonObject("load").getString("behind_schedule"));
        assertTrue(TextReport.of(report).contains("Redis not asked"));
    }

    @Test
    void shouldNameDurabilityBesideTheFigures() {
        String text = TextReport.of(report(audit(Map.of(), List.of()), null));
        assertTrue(text.contains("appendfsync always"), text);
        assertTrue(text.contains("fsync on"), text);
    }

    @Test
    void shouldListDifferencesAndFail() {
        AuditResult audit = audit(
                Map.of(Audit.Kind.MISSING_IN_LOG, 12),
                List.of(new Audit.Difference(Audit.Kind.MISSING_IN_LOG, "run-000000003", "acknowledged")));
        BenchReport report = report(audit, null);
        assertFalse(report.passed());
        String text = TextReport.of(report);
        assertTrue(text.contains("DOES NOT HOLD"), text);
        assertTrue(text.contains("MISSING_IN_LOG run-000000003: acknowledged"), text);
        assertTrue(text.contains("FAILED: the audit does not hold"), text);
        JsonObject json = JsonReport.of(report).getJsonObject("audit");
        assertEquals(12, json.getJsonObject("differences").getInteger("MISSING_IN_LOG"));
        assertEquals(1, json.getJsonArray("listed").size());
    }

    @Test
    void shouldSayThatTheScheduleWasNotKept() {
        BenchReport report = new BenchReport(
                "run",
                "now",
                config(),
                Machine.here(),
                REDIS,
                POSTGRES,
                load("behind schedule: late"),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        assertFalse(report.passed());
        String text = TextReport.of(report);
        assertTrue(text.contains("behind schedule: late"), text);
        assertTrue(text.contains("FAILED: the schedule was not kept"), text);
    }

    @Test
    void shouldCompareWithTheBaseline() {
        BenchReport report = report(audit(Map.of(), List.of()), load(null));
        JsonObject baseline = JsonReport.of(report).getJsonObject("baseline");
        assertEquals(0.0, baseline.getDouble("accepted_ratio"), "nothing was accepted on either side");
        assertTrue(TextReport.of(report).contains("Tradewind / bare"));
    }

    @Test
    void shouldCompareWithThePeer() {
        BenchReport report = report(audit(Map.of(), List.of()), null);
        JsonObject peer = JsonReport.of(report).getJsonObject("peer");
        assertEquals(50.0, peer.getDouble("completed_per_s"));
        // 1,000 in 4 s here, 100 in 2 s there.
        assertEquals(5.0, peer.getDouble("completed_ratio"));
        assertTrue(TextReport.of(report).contains("5.0 times its completed/s"), TextReport.of(report));
    }

    @Test
    void shouldSayHowFarPostgresIsBehind() {
        BenchReport report = report(audit(Map.of(), List.of()), null);
        String text = TextReport.of(report);
        assertTrue(text.contains("caught up in 12,345 ms"), text);
        assertTrue(text.contains("behind by up to 61,000 ms"), text);
        JsonObject sync = JsonReport.of(report).getJsonObject("sync");
        assertEquals(12_345, sync.getLong("caught_up_after_ms"));
        assertEquals(1_000, sync.getLong("lag_max_ms"));
    }

    @Test
    void shouldSayWhatStaysInTheHeapAndHowThatGrows() {
        BenchReport report = report(audit(Map.of(), List.of()), null);
        String text = TextReport.of(report);
        assertTrue(text.contains("130 MiB, the least of 1 collections"), text);
        assertTrue(text.contains("+30.0 MiB a minute"), text);
        JsonObject heap = JsonReport.of(report).getJsonObject("heap");
        assertEquals(900 << 20, heap.getLong("most_bytes"));
        assertEquals(30 << 20, heap.getDouble("slope_bytes_per_minute"));
        assertEquals(3, heap.getJsonArray("in_use").size());
    }

    @Test
    void shouldSayHowLongTheBacklogTook() {
        BenchReport report = report(audit(Map.of(), List.of()), null);
        String text = TextReport.of(report);
        assertTrue(text.contains("1,500 ms from the last answer to the last fill"), text);
        assertTrue(text.contains("2,500 ms from the last answer\n"), text);
        JsonObject completion = JsonReport.of(report).getJsonObject("completion");
        assertEquals(1_500, completion.getLong("drained_after_load_ms"));
        assertEquals(2_500, completion.getLong("in_postgres_after_load_ms"));
    }

    private static BenchReport report(AuditResult audit, LoadResult baseline) {
        Completion completion = new Completion(1_000, 2_000, 4_000, 1_500, 2_500, histogram());
        return new BenchReport(
                "run",
                "now",
                config(),
                Machine.here(),
                REDIS,
                POSTGRES,
                load(null),
                completion,
                null,
                audit,
                baseline,
                new BenchReport.Peer(load(null), 100, 2_000),
                SYNC,
                HEAP);
    }

    private static AuditResult audit(Map<Audit.Kind, Integer> differences, List<Audit.Difference> listed) {
        return new AuditResult(1_000, 0, 0, 1_000, 0, 1_000, 1_000, differences, listed);
    }

    private static LoadResult load(String behindSchedule) {
        return new LoadResult(
                1_000,
                new Tally(),
                new Tally(),
                new Outcomes(),
                histogram(),
                histogram(),
                TimeUnit.SECONDS.toNanos(1),
                0,
                behindSchedule,
                "nio");
    }

    private static Histogram histogram() {
        Histogram histogram = new Histogram(3);
        histogram.recordValue(500);
        histogram.recordValue(1_000);
        return histogram;
    }

    private static BenchConfig config() {
        return new BenchConfig(
                5_000,
                false,
                30,
                5,
                64,
                1,
                1,
                0,
                List.of("AAPL"),
                BigDecimal.ONE,
                true,
                60,
                10_000,
                5,
                false,
                false,
                1,
                null,
                0,
                false,
                null,
                false);
    }
}
