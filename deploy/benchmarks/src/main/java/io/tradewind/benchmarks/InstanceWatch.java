package io.tradewind.benchmarks;

import io.tradewind.benchmarks.instance.AdminMetrics;
import io.tradewind.benchmarks.instance.PostgresPause;
import io.tradewind.benchmarks.report.SyncFigures;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Looks, during the measured part of a load, how far Postgres is behind; if wanted, makes it stand still for a while in
 * the middle and measures how long it takes to catch up under the same load. A thread of its own; {@link #end} ends it.
 */
final class SyncWatch {

    /** Of the measured part, before Postgres is made to stand still. */
    static final int LEAD_S = 5;

    private static final long LOOK_EVERY_MS = 250;
    private static final long CAUGHT_UP_MS = 1_000;
    private static final long MAX_LAG_MS = TimeUnit.HOURS.toMillis(2);
    private static final int DIGITS = 3;
    private static final long JOIN_MS = 30_000;

    private final AdminMetrics metrics;
    private final PostgresPause pause;
    private final int warmupS;
    private final int awayS;
    private final Thread thread = new Thread(this::watch, "bench-sync-watch");
    private final Histogram lagMs = new Histogram(MAX_LAG_MS, DIGITS);
    private volatile boolean ended;
    private long caughtUpMs = -1;
    private long awayLagMs;
    private long heapBytes;

    /**
     * @param pause of the Postgres; {@code null} when it shall go on
     * @param warmupS of the load that begins now
     */
    static SyncWatch begin(AdminMetrics metrics, PostgresPause pause, int warmupS, int awayS) {
        SyncWatch watch = new SyncWatch(metrics, pause, warmupS, awayS);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private SyncWatch(AdminMetrics metrics, PostgresPause pause, int warmupS, int awayS) {
        this.metrics = metrics;
        this.pause = pause;
        this.warmupS = warmupS;
        this.awayS = awayS;
    }

    /** The load is over. */
    SyncFigures end() {
        ended = true;
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new SyncFigures(lagMs, awayS, caughtUpMs, awayLagMs, heapBytes);
    }

    private void watch() {
        long startNs = System.nanoTime();
        try {
            lookUntil(startNs + TimeUnit.SECONDS.toNanos(warmupS), false);
            if (pause != null) {
                lookUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(LEAD_S), true);
                away();
            }
            lookUntil(Long.MAX_VALUE, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void away() throws InterruptedException {
        try (PostgresPause open = pause) {
            open.begin();
            lookUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(awayS), false);
        }
        long backNs = System.nanoTime();
        while (!ended && caughtUpMs < 0) {
            double lag = look(false);
            awayLagMs = Math.max(awayLagMs, (long) lag);
            if (lag < CAUGHT_UP_MS) {
                caughtUpMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - backNs);
            } else {
                Thread.sleep(LOOK_EVERY_MS);
            }
        }
    }

    private void lookUntil(long untilNs, boolean measured) throws InterruptedException {
        while (!ended && (untilNs == Long.MAX_VALUE || System.nanoTime() - untilNs < 0)) {
            look(measured);
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /** @return NaN when there was no answer: a busy process is no reason to end */
    private double look(boolean measured) throws InterruptedException {
        try {
            AdminMetrics.Look look = metrics.look();
            double lag = look.sum("tradewind_dbsync_lag_ms");
            double heap = look.sum("jvm_memory_used_bytes", "area=\"heap\"");
            heapBytes = Math.max(heapBytes, Double.isNaN(heap) ? 0 : (long) heap);
            if (measured && !Double.isNaN(lag)) {
                lagMs.recordValue(Math.min(MAX_LAG_MS, (long) lag));
            }
            return lag;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
