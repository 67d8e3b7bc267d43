package io.tradewind.benchmarks;

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
 * A server of the benchmark's own in a process of its own: says on standard output when it is ready, and ends when its
 * standard input does, so that it never outlives the benchmark. Blocking; on the main thread, which closes it.
 */
public final class ChildProcess implements AutoCloseable {

    private static final long START_TIMEOUT_MS = 60_000;
    private static final long STOP_TIMEOUT_MS = 10_000;

    private final Process process;
    private final String said;

    private ChildProcess(Process process, String said) {
        this.process = process;
        this.said = said;
    }

    /**
     * Returns when it is ready.
     *
     * @param folder to run in, {@code null} for that of this process
     * @param readyPrefix how the line begins that says so
     */
    public static ChildProcess start(String what, Path folder, List<String> command, String readyPrefix) {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder == null ? null : folder.toFile())
                    .redirectError(Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw BenchException.failed(what + " cannot be started: " + e.getMessage());
        }
        try {
            CompletableFuture<String> ready = CompletableFuture.supplyAsync(() -> readLine(what, process, readyPrefix));
            return new ChildProcess(process, Await.get(ready, START_TIMEOUT_MS, "starting " + what));
        } catch (BenchException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static String readLine(String what, Process process, String prefix) {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading from " + what, e);
        }
        throw BenchException.failed(what + " ended before it was ready; its standard error says why");
    }

    /** What followed the prefix on the line that said it was ready. */
    public String said() {
        return said;
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
    }
}
