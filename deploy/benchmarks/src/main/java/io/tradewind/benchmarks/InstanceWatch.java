package io.tradewind.benchmarks;

import io.tradewind.benchmarks.instance.AdminMetrics;
import io.tradewind.benchmarks.instance.FullCollection;
import io.tradewind.benchmarks.instance.PostgresPause;
import io.tradewind.benchmarks.report.HeapFigures;
import io.tradewind.benchmarks.report.SyncFigures;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Looks, during the measured part of a load, how far Postgres is behind and what stays in the heap; if wanted, makes
 * Postgres stand still for a while and measures how long it takes to catch up under the same load, or makes the heap be
 * collected in full at the ends of its thirds. Everything is done by tasks on one thread of its own, which {@link #close}
 * ends; a Postgres that stands still goes on at the latest then.
 */
final class InstanceWatch implements AutoCloseable {

    /** Of the measured part, before Postgres is made to stand still. */
    static final int LEAD_S = 5;

    private static final long LOOK_EVERY_MS = 250;
    private static final long CAUGHT_UP_MS = 1_000;
    private static final long MAX_LAG_MS = TimeUnit.HOURS.toMillis(2);
    private static final int DIGITS = 3;
    private static final long END_TIMEOUT_MS = 60_000;

    private enum Phase {
        WARM_UP,
        MEASURED,
        AWAY,
        CATCHING_UP
    }

    private final AdminMetrics metrics;
    private final PostgresPause pause;
    private final FullCollection collection;
    private final int awayS;
    private final long measuredFromNs;
    private final HeapParts heap;
    private final Histogram lagMs = new Histogram(MAX_LAG_MS, DIGITS);
    private final ScheduledExecutorService tasks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bench-instance-watch");
        thread.setDaemon(true);
        return thread;
    });

    // Of that thread.
    private Phase phase = Phase.WARM_UP;
    private RuntimeException failure;
    private long backNs;
    private long caughtUpMs = -1;
    private long awayLagMs;

    /** What it found. */
    record Found(SyncFigures sync, HeapFigures heap) {}

    /**
     * @param pause of the Postgres; {@code null} when it shall go on
     * @param collection of the instance's heap; {@code null} when it is left to itself
     * @param config of the load that begins now
     */
    static InstanceWatch begin(
            AdminMetrics metrics, PostgresPause pause, FullCollection collection, BenchConfig config) {
        InstanceWatch watch = new InstanceWatch(metrics, pause, collection, config);
        watch.schedule(config);
        return watch;
    }

    private InstanceWatch(AdminMetrics metrics, PostgresPause pause, FullCollection collection, BenchConfig config) {
        this.metrics = metrics;
        this.pause = pause;
        this.collection = collection;
        this.awayS = config.postgresAwayS();
        this.measuredFromNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(config.warmupS());
        this.heap = new HeapParts(config.seconds(), collection != null);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what fails is kept, for the end
    private void schedule(BenchConfig config) {
        long warmupMs = TimeUnit.SECONDS.toMillis(config.warmupS());
        at(warmupMs, () -> phase = Phase.MEASURED);
        if (pause != null) {
            long awayMs = warmupMs + TimeUnit.SECONDS.toMillis(LEAD_S);
            at(awayMs, this::away);
            at(awayMs + TimeUnit.SECONDS.toMillis(awayS), this::back);
        }
        if (collection != null) {
            for (int part = 0; part < HeapParts.PARTS; part++) {
                at(warmupMs + TimeUnit.SECONDS.toMillis(config.seconds()) * part / HeapParts.PARTS, this::collect);
            }
        }
        tasks.scheduleWithFixedDelay(guarded(this::look), 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void at(long delayMs, Runnable task) {
        tasks.schedule(guarded(task), delayMs, TimeUnit.MILLISECONDS);
    }

    /** The load is over. Fails when Postgres could not be paused, or the heap not be collected. */
    Found end() {
        try {
            tasks.submit(guarded(this::finish)).get(END_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw BenchException.failed("the watch over the instance did not come to its end: " + e);
        }
        if (failure != null) {
            throw failure;
        }
        return new Found(new SyncFigures(lagMs, awayS, caughtUpMs, awayLagMs), heap.figures());
    }

    /** Also when the load failed: a Postgres that stands still must not stay so. */
    @Override
    public void close() {
        tasks.shutdownNow();
        try {
            // Nobody touches the pause any more; if that takes too long, it is ended all the same.
            tasks.awaitTermination(END_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (pause != null) {
            pause.close();
        }
    }

    // Everything below runs on the thread of the tasks.

    /** A task that throws would not be run again, and nobody would hear of it. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        };
    }

    private void finish() {
        if (phase == Phase.AWAY) {
            back();
        }
        if (collection != null && phase != Phase.WARM_UP) {
            collect();
        }
    }

    private void away() {
        phase = Phase.AWAY;
        pause.begin();
    }

    private void back() {
        pause.close();
        phase = Phase.CATCHING_UP;
        backNs = System.nanoTime();
    }

    private void collect() {
        collection.run();
        look().ifPresent(look -> heap.seenAfterFull(measuredMs(), look));
    }

    private Optional<AdminMetrics.Look> look() {
        try {
            AdminMetrics.Look look = metrics.look();
            heap.seen(measuredMs(), look);
            double lag = look.sum("tradewind_dbsync_lag_ms");
            if (!Double.isNaN(lag)) {
                behind((long) lag);
            }
            return Optional.of(look);
        } catch (IOException e) {
            return Optional.empty(); // A busy process is no reason to end; the next look is due soon.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private long measuredMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - measuredFromNs);
    }

    private void behind(long lag) {
        if (phase == Phase.MEASURED) {
            lagMs.recordValue(Math.min(MAX_LAG_MS, lag));
        } else if (phase == Phase.CATCHING_UP) {
            awayLagMs = Math.max(awayLagMs, lag);
            if (lag < CAUGHT_UP_MS) {
                caughtUpMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - backNs);
                phase = Phase.MEASURED;
            }
        }
    }
}
