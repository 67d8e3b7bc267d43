package io.tradewind.benchmarks.baseline;

import io.tradewind.benchmarks.Await;
import io.tradewind.benchmarks.BenchException;
import io.tradewind.benchmarks.audit.RedisLog;
import io.tradewind.benchmarks.load.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@link BareVertxBaseline} as a child process, and the keys that it leaves in Redis. Blocking, on the main thread;
 * closing stops the process and removes the keys.
 */
public final class BaselineProcess implements AutoCloseable {

    private static final long START_TIMEOUT_MS = 60_000;
    private static final long STOP_TIMEOUT_MS = 10_000;

    private final Process process;
    private final Target target;
    private final RedisLog redis;
    private final int loops;

    private BaselineProcess(Process process, Target target, RedisLog redis, int loops) {
        this.process = process;
        this.target = target;
        this.redis = redis;
        this.loops = loops;
    }

    /** @param redis to remove the keys with; stays the caller's */
    public static BaselineProcess start(String redisUri, int loops, RedisLog redis) {
        redis.delete(BareVertxBaseline.keys(BareVertxBaseline.MAX_LOOPS));
        Process process = launch(redisUri, loops);
        CompletableFuture<Integer> port = CompletableFuture.supplyAsync(() -> readPort(process));
        try {
            int listening = Await.get(port, START_TIMEOUT_MS, "starting the baseline server");
            return new BaselineProcess(process, new Target("127.0.0.1", listening), redis, loops);
        } catch (BenchException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    public Target target() {
        return target;
    }

    public int loops() {
        return loops;
    }

    private static Process launch(String redisUri, int loops) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-Xms256m",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                BareVertxBaseline.class.getName(),
                redisUri,
                Integer.toString(loops));
        try {
            return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + java, e);
        }
    }

    private static int readPort(Process process) {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(BareVertxBaseline.LISTENING)) {
                    return Integer.parseInt(line, BareVertxBaseline.LISTENING.length(), line.length(), 10);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading from the baseline server", e);
        }
        throw BenchException.failed("the baseline server ended before it was ready; its standard error says why");
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        redis.delete(BareVertxBaseline.keys(loops));
    }
}
