package io.tradewind.benchmarks.baseline;

import io.tradewind.benchmarks.Await;
import io.tradewind.benchmarks.BenchException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * The server to compare with, as a process of its own: {@code BareVertxBaseline <redis uri> <event loops>}. Says
 * {@code listening <port>} on standard output when it is ready, and ends when its standard input does, so that it never
 * outlives the benchmark that started it.
 */
public final class BareVertxBaseline {

    static final String LISTENING = "listening ";
    static final int MAX_LOOPS = 16;

    private static final String KEY_PREFIX = "tradewind-bench:";
    private static final long START_TIMEOUT_MS = 60_000;

    private BareVertxBaseline() {}

    public static void main(String[] args) throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            int port = Await.get(
                    deploy(vertx, args[0], Integer.parseInt(args[1])).toCompletionStage(),
                    START_TIMEOUT_MS,
                    "starting the baseline server");
            System.out.println(LISTENING + port);
        } catch (BenchException e) {
            System.err.println(e.getMessage());
            System.exit(e.exitCode());
        }
        while (System.in.read() >= 0) {
            // Nothing is ever sent; only the end of the stream matters.
        }
        Await.get(vertx.close().toCompletionStage(), START_TIMEOUT_MS, "closing the baseline server");
    }

    /** Starts {@code loops} servers on one free port, and returns the port. */
    static Future<Integer> deploy(Vertx vertx, String redisUri, int loops) {
        Queue<BaselineVerticle> servers = new ConcurrentLinkedQueue<>();
        keys(loops).forEach(key -> servers.add(new BaselineVerticle(redisUri, key)));
        BaselineVerticle first = servers.element();
        Supplier<BaselineVerticle> next = servers::remove;
        return vertx.deployVerticle(next, new DeploymentOptions().setInstances(loops))
                .map(id -> first.port());
    }

    /** The streams of {@code loops} servers. */
    static List<String> keys(int loops) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            keys.add(KEY_PREFIX + i);
        }
        return keys;
    }
}
