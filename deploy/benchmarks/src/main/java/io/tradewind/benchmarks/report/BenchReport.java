package io.tradewind.benchmarks.report;

import io.tradewind.benchmarks.BenchConfig;
import io.tradewind.benchmarks.audit.AuditResult;
import io.tradewind.benchmarks.load.LoadResult;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Everything that a run found out.
 *
 * @param redis durability settings of Redis; empty when it was not asked
 * @param postgres durability settings of Postgres; empty when it was not asked
 * @param completion {@code null} without audit
 * @param stream {@code null} when the event stream was not followed
 * @param audit {@code null} without audit
 * @param baseline {@code null} when the bare server was not asked for
 * @param peer {@code null} when the peer was not asked for
 * @param sync {@code null} when the instance does not say
 * @param heap {@code null} when the instance does not say
 */
public record BenchReport(
        String runId,
        String startedAt,
        BenchConfig config,
        Machine machine,
        Map<String, String> redis,
        Map<String, String> postgres,
        LoadResult load,
        Completion completion,
        Stream stream,
        AuditResult audit,
        LoadResult baseline,
        Peer peer,
        SyncFigures sync,
        HeapFigures heap) {

    /**
     * How the orders of the whole run, warm-up included, got to their end. From the times in the log: that of the
     * transaction which accepted the first order, and that of the one which filled the last.
     *
     * @param filledMs from the first acceptance to the last fill
     * @param inPostgresMs from the first acceptance until Postgres was seen to hold every acknowledged order as filled;
     *     -1 when that was not seen
     * @param drainedMs from the last answer to the last fill; 0 when that came first
     * @param postgresDrainedMs from the last answer until Postgres was seen to hold them; -1 when that was not seen
     * @param fillMs from the acceptance of an order to its fill
     */
    public record Completion(
            int filled, long filledMs, long inPostgresMs, long drainedMs, long postgresDrainedMs, Histogram fillMs) {

        public double filledPerS() {
            return filledMs <= 0 ? 0 : filled * 1000.0 / filledMs;
        }

        /** Accepted, filled and in Postgres; 0 when not seen. */
        public double completedPerS() {
            return inPostgresMs <= 0 ? 0 : filled * 1000.0 / inPostgresMs;
        }
    }

    /**
     * Fills as one subscriber of the event stream saw them.
     *
     * @param ended why the stream ended too early, or {@code null}
     */
    public record Stream(int filled, String ended) {}

    /**
     * The same load, sent to what a team would otherwise write.
     *
     * @param filled orders of the whole run, warm-up included, that it filled and wrote, before the wait was over
     * @param elapsedMs from the beginning of the load to the end of that
     */
    public record Peer(LoadResult load, long filled, long elapsedMs) {

        public double completedPerS() {
            return elapsedMs <= 0 ? 0 : filled * 1000.0 / elapsedMs;
        }
    }

    /** Whether the figures can be believed and nothing went wrong. */
    public boolean passed() {
        return load.isClean() && (audit == null || audit.holds()) && (baseline == null || baseline.isClean());
    }

    /** Accepted per second here, as a share of the bare server's. */
    public double baselineRatio() {
        return baseline == null ? 0 : ratio(load.acknowledgedPerS(), baseline.acknowledgedPerS());
    }

    /** Accepted per second here, as a multiple of the peer's. */
    public double peerAcceptedRatio() {
        return peer == null ? 0 : ratio(load.acknowledgedPerS(), peer.load().acknowledgedPerS());
    }

    /** Accepted, filled and in Postgres per second here, as a multiple of the peer's; 0 when not seen. */
    public double peerCompletedRatio() {
        return peer == null || completion == null ? 0 : ratio(completion.completedPerS(), peer.completedPerS());
    }

    private static double ratio(double here, double there) {
        return there == 0 ? 0 : here / there;
    }
}
