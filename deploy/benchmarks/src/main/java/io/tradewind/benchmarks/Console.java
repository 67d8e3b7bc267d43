package io.tradewind.benchmarks;

import io.tradewind.benchmarks.load.BatchGenerator;
import io.tradewind.benchmarks.load.Load;
import io.tradewind.benchmarks.load.LoadGenerator;
import io.tradewind.benchmarks.load.LoadResult;
import io.tradewind.benchmarks.load.OrderRequests;
import io.tradewind.benchmarks.load.Pace;
import io.tradewind.benchmarks.load.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tells the user what is going on, apart from the report. On the main thread. */
final class Console {

    private static final long REPORT_EVERY_MS = 5_000;

    /** Beyond the longest that a run can take by its own bounds. */
    private static final long SLACK_MS = 30_000;

    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    void say(String text) {
        out.println(text);
    }

    /** Runs the load against {@code target} and tells how far it is. */
    LoadResult follow(String name, Target target, BenchConfig config, OrderRequests requests) {
        Pace pace = config.pace();
        Load generator = config.batch() > 1
                ? new BatchGenerator(
                        target,
                        pace,
                        requests,
                        config.connections(),
                        config.batch(),
                        config.timeoutMs(),
                        config.maxBehindMs())
                : new LoadGenerator(
                        target,
                        pace,
                        requests,
                        new LoadGenerator.Settings(
                                config.connections(), config.pipeline(), config.timeoutMs(), config.maxBehindMs()));
        say("sending orders to " + name + " for " + TimeUnit.NANOSECONDS.toSeconds(pace.endNs()) + " s");
        CompletableFuture<LoadResult> run = generator.run();
        long deadline = System.nanoTime()
                + pace.endNs()
                + TimeUnit.MILLISECONDS.toNanos(config.maxBehindMs() + config.timeoutMs() + SLACK_MS);
        while (true) {
            try {
                return run.get(REPORT_EVERY_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw BenchException.failed("the load generator did not come to its end");
                }
                var now = generator.progress();
                say(String.format(
                        Locale.ROOT,
                        "  %d s: %,d sent, %,d acknowledged",
                        TimeUnit.MILLISECONDS.toSeconds(now.elapsedMs()),
                        now.sent(),
                        now.acknowledged()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof IOException)) {
                    throw new IllegalStateException("the load generator failed", e.getCause());
                }
                throw BenchException.notReachable(
                        name + " at " + target.host() + ":" + target.port() + " does not take " + config.connections()
                                + " connections: " + e.getCause().getMessage(),
                        e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw BenchException.failed("interrupted");
            }
        }
    }
}
