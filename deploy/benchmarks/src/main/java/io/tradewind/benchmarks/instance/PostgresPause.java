package io.tradewind.benchmarks.instance;

import io.tradewind.benchmarks.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Stops the Postgres of a data directory for a while, all of its processes, as a machine that hangs does: connections stay
 * open and nobody answers. That is harder on those who wait for it than a Postgres that is gone, whose connections end. On
 * Unix only. {@link #close} always lets it go on.
 */
public final class PostgresPause implements AutoCloseable {

    private static final String PID_FILE = "postmaster.pid";
    private static final int SEARCH_DEPTH = 4;
    private static final long SIGNAL_TIMEOUT_S = 10;

    private final long pid;
    private List<Long> paused = List.of();

    private PostgresPause(long pid) {
        this.pid = pid;
    }

    /** @param data data directory of a running Tradewind with a Postgres of its own */
    public static PostgresPause of(Path data) {
        try (Stream<Path> files = Files.walk(data.resolve("postgres"), SEARCH_DEPTH)) {
            Path file = files.filter(path -> path.getFileName().toString().equals(PID_FILE))
                    .findFirst()
                    .orElseThrow(() -> BenchException.notReachable(
                            "no Postgres of its own runs in " + data + ": only such a one can be paused", null));
            return new PostgresPause(
                    Long.parseLong(Files.readAllLines(file).get(0).strip()));
        } catch (IOException | NumberFormatException e) {
            throw BenchException.notReachable("cannot tell which Postgres runs in " + data + ": " + e.getMessage(), e);
        }
    }

    /** First the one that starts others, then those that it has started. */
    public void begin() {
        signal("-STOP", List.of(pid));
        List<Long> stopped = new ArrayList<>(List.of(pid));
        paused = stopped;
        ProcessHandle.of(pid)
                .ifPresent(postmaster ->
                        postmaster.children().map(ProcessHandle::pid).forEach(stopped::add));
        signal("-STOP", stopped);
    }

    /** Lets it go on; nothing when it was not stopped. */
    @Override
    public void close() {
        List<Long> stopped = paused;
        paused = List.of();
        if (!stopped.isEmpty()) {
            signal("-CONT", stopped);
        }
    }

    private static void signal(String signal, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(each -> command.add(Long.toString(each)));
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_TIMEOUT_S, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            throw BenchException.failed("cannot run " + command + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
