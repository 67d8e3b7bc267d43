package io.tradewind.embeddedservers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One running server under the shell script {@code supervisor.sh}. Blocking, any thread. Whoever launched it calls {@link #stop} or
 * {@link #kill}.
 *
 * <p>When this JVM dies, by whatever means, the system closes the pipe that the script reads from, and the script stops the
 * server. Both are in a session of their own, so that Ctrl-C at the terminal reaches the JVM only.
 */
final class Supervised {
    /** What a server gets to write down what it has before it is killed. */
    static final Duration GRACE = Duration.ofSeconds(30);
    /** After SIGKILL: the system only has to take the process apart, but for that waits until its disk has answered. */
    static final Duration KILL_DEADLINE = Duration.ofMinutes(1);
    /** The script looks once a second whether the server is gone, and has to be scheduled. */
    private static final Duration SCRIPT_SLACK = Duration.ofSeconds(3);

    private final String name;
    private final Process supervisor;
    private final ProcessHandle server;
    private final Duration grace;

    private Supervised(String name, Process supervisor, ProcessHandle server, Duration grace) {
        this.name = name;
        this.supervisor = supervisor;
        this.server = server;
        this.grace = grace;
    }

    /** How the server is kept out of reach of the terminal's signals. */
    enum Detach {
        /** {@code setsid}, where it exists (Linux): supervisor and server get a session of their own. */
        SESSION,
        /** The shell's job control (macOS): the server gets a process group, the supervisor ignores the signals. */
        JOB_CONTROL;

        static Detach available() {
            String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
            return Pattern.compile(":")
                            .splitAsStream(path)
                            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "setsid")))
                    ? SESSION
                    : JOB_CONTROL;
        }
    }

    /**
     * @param stopSignal without SIG, asks the server to stop in good order
     * @param log its output is appended there
     */
    static Supervised launch(String name, List<String> command, String stopSignal, ServerLog log) {
        return launch(name, command, stopSignal, log, GRACE, Detach.available(), "sh");
    }

    static Supervised launch(
            String name,
            List<String> command,
            String stopSignal,
            ServerLog log,
            Duration grace,
            Detach detach,
            String shell) {
        List<String> all = new ArrayList<>();
        if (detach == Detach.SESSION) {
            all.add("setsid");
        }
        all.addAll(List.of(shell, "-c", script(), "tradewind-supervisor"));
        all.addAll(
                List.of(stopSignal, Long.toString(grace.toSeconds()), log.file().toString()));
        all.addAll(command);
        log.startNewRun();
        ProcessBuilder builder = Commands.builder(all)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
        builder.environment().put("TRADEWIND_JOB_CONTROL", detach == Detach.JOB_CONTROL ? "yes" : "no");
        try {
            Process supervisor = builder.start();
            ProcessHandle server = server(supervisor);
            if (server == null) {
                supervisor.destroyForcibly();
                throw new EmbeddedServerException(name + " ended as soon as it was started." + log.quote());
            }
            return new Supervised(name, supervisor, server, grace);
        } catch (IOException e) {
            throw new EmbeddedServerException(name + " cannot be started by " + all.get(0) + ": " + e.getMessage(), e);
        }
    }

    private static String script() {
        try (InputStream in = Supervised.class.getResourceAsStream("supervisor.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new EmbeddedServerException("supervisor.sh of embedded-servers cannot be read", e);
        }
    }

    private static ProcessHandle server(Process supervisor) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(supervisor.getInputStream(), StandardCharsets.US_ASCII));
        String pid = out.readLine();
        return pid == null ? null : ProcessHandle.of(Long.parseLong(pid)).orElse(null);
    }

    /** The server's own process id, not the supervisor's. */
    long pid() {
        return server.pid();
    }

    boolean isAlive() {
        return Processes.isRunning(server);
    }

    /** Asks the server to stop, and kills it when it has not within the grace it was launched with. Returns when it is gone. */
    void stop() {
        try {
            supervisor.getOutputStream().close();
            supervisor.waitFor(grace.plus(SCRIPT_SLACK).toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // The pipe is broken, so the supervisor is gone already; what is left is the server itself.
            server.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Somebody may have ended the supervisor; its guard then still stops the server.
        if (Thread.currentThread().isInterrupted() || !Processes.gone(server, SCRIPT_SLACK)) {
            kill();
        }
    }

    /** SIGKILL to the server, and nothing written down. Returns when it is gone. */
    void kill() {
        boolean interrupted = Thread.interrupted();
        try {
            server.destroyForcibly();
            // The supervisor collects the dead server and goes; until then the system still lists it.
            boolean collected = supervisor.waitFor(KILL_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            if (!collected || isAlive()) {
                throw new EmbeddedServerException(name + " (pid " + server.pid() + ") did not end within "
                        + KILL_DEADLINE.toSeconds() + " s of SIGKILL; is its disk hanging?");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            supervisor.destroyForcibly();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
