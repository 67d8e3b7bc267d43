package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that an earlier run left behind on our data directory. Two servers on one directory destroy it, so the older one is
 * stopped, and only then is ours started. Blocking, the caller's thread.
 *
 * <p>The process id comes from a file that outlives a crash, so it may by now belong to anyone. A process is only touched
 * if it runs the right program and works in our directory.
 */
final class StaleServer {
    private static final Logger LOG = LoggerFactory.getLogger(StaleServer.class);
    /** A supervisor may be stopping it at this very moment and allows {@link Supervised#GRACE} itself. */
    private static final Duration STOP_DEADLINE = Supervised.GRACE.plusSeconds(5);

    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(30);
    /** Start times are counted from the boot time, which follows corrections of the clock. */
    private static final Duration START_TIME_TOLERANCE = Duration.ofSeconds(2);

    private StaleServer() {}

    /**
     * Stops the server named in a pid file, if there is one.
     *
     * @param pidFile its first line is the process id
     * @param directory that the server works in, symbolic links resolved
     * @param stopSignal without SIG, asks for an orderly stop
     */
    static void stop(String name, Path pidFile, String program, Path directory, String stopSignal) {
        ProcessHandle stale = find(pidFile, program, directory).orElse(null);
        if (stale == null) {
            return;
        }
        LOG.warn("A {} of an earlier run (pid {}) still serves {}; stopping it first", name, stale.pid(), directory);
        Commands.run(
                List.of("sh", "-c", "kill -s \"$0\" \"$1\"", stopSignal, Long.toString(stale.pid())),
                "",
                COMMAND_DEADLINE);
        if (!Processes.gone(stale, STOP_DEADLINE)) {
            LOG.warn("It did not stop within {} s; killing it", STOP_DEADLINE.toSeconds());
            stale.destroyForcibly();
            if (!Processes.gone(stale, Supervised.KILL_DEADLINE)) {
                throw new EmbeddedServerException("A " + name + " of an earlier run (pid " + stale.pid()
                        + ") still serves " + directory + " and cannot be killed. End it, then start again.");
            }
        }
    }

    static Optional<ProcessHandle> find(Path pidFile, String program, Path directory) {
        try {
            if (!Files.exists(pidFile)) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
            String pid = lines.isEmpty() ? "" : lines.get(0).strip();
            if (!pid.matches("[1-9][0-9]{0,17}")) {
                return Optional.empty();
            }
            Instant written = Files.getLastModifiedTime(pidFile).toInstant();
            return ProcessHandle.of(Long.parseLong(pid))
                    .filter(Processes::isRunning)
                    .filter(process -> runs(process, program))
                    .filter(process -> worksIn(process, directory, written));
        } catch (IOException e) {
            throw new EmbeddedServerException("Pid file " + pidFile + " cannot be read: " + Folders.reason(e), e);
        }
    }

    private static boolean runs(ProcessHandle process, String program) {
        // Both servers rewrite their titles (redis-server 127.0.0.1:6379, postgres: ...): there the name is still
        // found.
        String title = commandLine(process).orElseGet(() -> titleFromPs(process.pid()));
        return title.contains(program) || process.info().command().orElse("").contains(program);
    }

    private static String titleFromPs(long pid) {
        Commands.Result ps =
                Commands.run(List.of("ps", "-o", "command=", "-p", Long.toString(pid)), "", COMMAND_DEADLINE);
        return ps.ok() ? ps.output() : "";
    }

    private static Optional<String> commandLine(ProcessHandle process) {
        try {
            Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            return Files.exists(file)
                    ? Optional.of(
                            Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' '))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean worksIn(ProcessHandle process, Path directory, Instant pidFileWritten) {
        Path link = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return link.toRealPath().equals(directory);
        } catch (IOException e) {
            // No /proc (macOS). A process that got the number of a dead server started after that one wrote its file.
            Instant latest = pidFileWritten.plus(START_TIME_TOLERANCE);
            return process.info()
                    .startInstant()
                    .map(start -> start.isBefore(latest))
                    .orElse(false);
        }
    }
}
