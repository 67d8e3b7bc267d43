package io.tradewind.benchmarks.report;

import io.tradewind.benchmarks.BenchConfig;
import io.tradewind.benchmarks.audit.AuditResult;
import io.tradewind.benchmarks.load.LoadResult;
import io.tradewind.benchmarks.load.Tally;
import io.tradewind.benchmarks.report.BenchReport.Completion;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The report for people. One writer per report; not for reuse. */
public final class TextReport {

    private static final int MEBIBYTE = 1 << 20;

    private final StringBuilder out = new StringBuilder();

    private TextReport() {}

    public static String of(BenchReport report) {
        return new TextReport().write(report);
    }

    private String write(BenchReport report) {
        conditions(report);
        load("Orders", report.load());
        if (report.completion() != null) {
            completion(report);
        }
        if (report.stream() != null) {
            row(
                    "seen in the stream",
                    report.stream().filled() + " fills"
                            + (report.stream().ended() == null
                                    ? ""
                                    : "; it ended early: " + report.stream().ended()));
        }
        if (report.sync() != null) {
            sync(report.sync());
        }
        if (report.heap() != null && report.heap().mostBytes() > 0) {
            heap(report.heap(), report.load());
        }
        if (report.audit() != null) {
            audit(report.audit());
        }
        if (report.baseline() != null) {
            baseline(report);
        }
        if (report.peer() != null) {
            peer(report);
        }
        line("");
        line(report.passed() ? "PASSED" : "FAILED: " + why(report));
        return out.toString();
    }

    private void conditions(BenchReport report) {
        BenchConfig config = report.config();
        line("Run " + report.runId() + ", " + report.startedAt());
        row(
                "load",
                (config.saturate() ? "as fast as it goes" : count(config.ratePerS()) + " orders/s") + " for "
                        + config.seconds() + " s after " + config.warmupS() + " s of warm-up, " + config.connections()
                        + " connections × "
                        + (config.batch() > 1
                                ? config.batch() + " orders a request, "
                                : config.pipeline() + " in flight, ")
                        + percent(config.limitShare()) + " limit orders, "
                        + report.load().transport());
        row(
                "machine",
                report.machine().cores() + " cores (" + report.machine().processor() + "), "
                        + report.machine().os() + ", " + report.machine().java() + "; the load generator is on it too");
        row("durability", "Redis " + settings(report.redis()) + "; Postgres " + settings(report.postgres()));
    }

    private void load(String title, LoadResult load) {
        line("");
        line(title + " (measured part; warm-up: " + count(load.warmup().sent()) + " sent, "
                + count(load.warmup().acknowledged()) + " acknowledged)");
        Tally tally = load.measured();
        row("planned", count(load.measuredOrders()));
        row("sent", count(tally.sent()));
        row("acknowledged", count(tally.acknowledged()));
        outcomes("denied", tally.denied());
        outcomes("unknown", tally.unknown());
        outcomes("errors", tally.errors());
        if (!load.warmup().isClean()) {
            outcomes("warm-up: denied", load.warmup().denied());
            outcomes("warm-up: unknown", load.warmup().unknown());
        }
        row("accepted/s", count(Math.round(load.acknowledgedPerS())));
        line(String.format(
                Locale.ROOT, "  %-20s %10s %10s %10s %10s %10s", "milliseconds", "p50", "p90", "p99", "p99.9", "max"));
        millis("from planned time", load.latencyUs(), 1000);
        millis("from sending", load.serviceUs(), 1000);
        if (load.behindSchedule() != null) {
            row("", load.behindSchedule());
        }
    }

    private void completion(BenchReport report) {
        Completion completion = report.completion();
        line("");
        line("Completion (all orders, by the times in the log)");
        row("filled", count(completion.filled()));
        row("filled/s", count(Math.round(completion.filledPerS())));
        millis("accepted to filled", completion.fillMs(), 1);
        row("backlog drained", millisAfterLoad(completion.drainedMs()) + " to the last fill");
        if (!report.postgres().isEmpty()) {
            row(
                    "filled in Postgres",
                    completion.inPostgresMs() < 0
                            ? "not all, within " + report.config().drainS() + " s after the load"
                            : "all after " + completion.inPostgresMs() + " ms: "
                                    + count(Math.round(completion.completedPerS())) + "/s from the first to the last, "
                                    + millisAfterLoad(completion.postgresDrainedMs()));
        }
    }

    private static String millisAfterLoad(long ms) {
        return count(ms) + " ms from the last answer";
    }

    private void sync(SyncFigures sync) {
        line("");
        line("Postgres behind the logs (measured part, as db-sync says four times a second)");
        millis("lag", sync.lagMs(), 1);
        if (sync.awayS() > 0) {
            row(
                    "stood still",
                    sync.awayS() + " s; behind by up to " + count(sync.awayLagMs()) + " ms; "
                            + (sync.caughtUpMs() < 0
                                    ? "did not catch up before the load ended"
                                    : "caught up in " + count(sync.caughtUpMs()) + " ms under the same load"));
        }
    }

    private void heap(HeapFigures heap, LoadResult load) {
        line("");
        line("Heap (measured part)");
        row("at most", mebibytes(heap.mostBytes()) + ", garbage included");
        for (HeapFigures.Stay stay : heap.stays()) {
            row(
                    "in use at " + stay.atMs() / 1_000 + " s",
                    mebibytes(stay.bytes())
                            + (heap.full()
                                    ? " after a collection in full"
                                    : ", the least of " + count(stay.collections())
                                            + " collections of the old generation in its third"));
        }
        if (Double.isNaN(heap.slopePerMinute())) {
            row("slope", "not known: too few collections of the old generation; --collect asks for them");
        } else {
            row(
                    "slope",
                    String.format(
                            Locale.ROOT,
                            "%+.1f MiB a minute, %+.0f bytes an accepted order",
                            heap.slopePerMinute() / MEBIBYTE,
                            heap.slopePerMinute() / 60 / load.acknowledgedPerS()));
        }
        if (heap.full()) {
            row("", "the instance stood still for these collections: its latencies are no measure");
        }
    }

    private static String mebibytes(long bytes) {
        return count(bytes / MEBIBYTE) + " MiB";
    }

    private void audit(AuditResult audit) {
        line("");
        line("Audit");
        row("acknowledged", count(audit.acknowledged()));
        row("in the log", count(audit.inLog()));
        row("in Postgres", audit.inPostgres() < 0 ? "not checked, no address known" : count(audit.inPostgres()));
        row("unknown outcome", count(audit.unknown()) + ", of which in the log " + count(audit.unknownInLog()));
        if (audit.holds()) {
            row("verdict", "holds: nothing lost, nothing twice, nothing that nobody asked for");
            return;
        }
        row("verdict", "DOES NOT HOLD");
        audit.differences().forEach((kind, number) -> row(kind.name(), count(number)));
        line("  the first " + audit.listed().size() + ":");
        audit.listed()
                .forEach(difference -> line(
                        "    " + difference.kind() + " " + difference.clientOrderId() + ": " + difference.detail()));
    }

    private void baseline(BenchReport report) {
        load("Bare server: parse, one group-committed append, answer", report.baseline());
        row(
                "Tradewind / bare",
                percent(report.baselineRatio()) + " of its accepted/s"
                        + (report.config().saturate() ? "" : " (both were sent the same rate: --saturate tells more)"));
    }

    private void peer(BenchReport report) {
        load("Peer: Fastify, BullMQ and pg", report.peer().load());
        row(
                "filled in Postgres",
                count(report.peer().filled()) + " in " + report.peer().elapsedMs() + " ms: "
                        + count(Math.round(report.peer().completedPerS())) + "/s");
        row(
                "Tradewind / peer",
                times(report.peerAcceptedRatio()) + " its accepted/s, " + times(report.peerCompletedRatio())
                        + " its completed/s"
                        + (report.config().saturate() ? "" : " (both were sent the same rate: --saturate tells more)"));
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "%.1f times", ratio);
    }

    private static String why(BenchReport report) {
        if (report.audit() != null && !report.audit().holds()) {
            return "the audit does not hold";
        }
        if (report.load().behindSchedule() != null) {
            return "the schedule was not kept";
        }
        return report.load().isClean()
                ? "the bare server did not acknowledge everything"
                : "not every planned order was acknowledged";
    }

    private void outcomes(String name, Map<String, Long> outcomes) {
        if (outcomes.isEmpty()) {
            row(name, "0");
        }
        outcomes.forEach((what, number) -> row(name, count(number) + "  " + what));
    }

    /** @param unitsPerMs of the recorded values */
    private void millis(String name, Histogram histogram, int unitsPerMs) {
        double units = unitsPerMs;
        line(String.format(
                Locale.ROOT,
                "  %-20s %10.2f %10.2f %10.2f %10.2f %10.2f",
                name,
                histogram.getValueAtPercentile(50) / units,
                histogram.getValueAtPercentile(90) / units,
                histogram.getValueAtPercentile(99) / units,
                histogram.getValueAtPercentile(99.9) / units,
                histogram.getMaxValue() / units));
    }

    private void row(String name, String value) {
        line(String.format(Locale.ROOT, "  %-20s %s", name, value));
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private static String settings(Map<String, String> settings) {
        if (settings.isEmpty()) {
            return "not asked";
        }
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(value));
        return text.toString();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }
}
