package io.tradewind.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One service in a process of its own, started by its own main with {@code --cluster}. Blocking; one thread. */
public final class ServiceProcess {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration END_LIMIT = Duration.ofMinutes(1);
    private static final int QUOTED_CHARS = 3_000;
    private static final Pattern ADMIN = Pattern.compile("health and metrics at (\\S+)");

    private final String name;
    private final Path log;
    private final Process process;
    private boolean paused;

    private ServiceProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Returns when it says that its service is up. */
    static ServiceProcess start(Class<?> main, Path log, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=logback-process.xml",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                "--cluster"));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("TRADEWIND_"));
            builder.directory(log.toAbsolutePath().getParent().toFile());
            ServiceProcess started = new ServiceProcess(main.getSimpleName(), log, builder.start());
            started.awaitUp();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(main + " cannot be started", e);
        }
    }

    private void awaitUp() {
        try {
            Waiting.until(name + " is up", START_LIMIT, () -> {
                if (!process.isAlive()) {
                    throw new AssertionError(name + " ended with " + process.exitValue() + quoted());
                }
                return logged(" is up after ");
            });
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Whether this is the process that calls itself {@code member}. */
    boolean isMember(String member) {
        return logged("this process is member " + member);
    }

    private boolean logged(String text) {
        try {
            return Files.readString(log).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(log + " cannot be read", e);
        }
    }

    /** What it says at {@code /health}; fails while it does not answer. */
    public JsonNode health() throws IOException {
        Matcher admin = ADMIN.matcher(Files.readString(log));
        if (!admin.find()) {
            throw new IOException(name + " has not said yet where its health is");
        }
        return new ApiClient(URI.create(admin.group(1)), null, null)
                .get("/health")
                .json();
    }

    /** SIGSTOP: it stands still, and its connections stay open. */
    public void pause() {
        signal("-STOP");
        paused = true;
    }

    /** SIGCONT: it goes on as if no time had passed. */
    public void resume() {
        signal("-CONT");
        paused = false;
    }

    boolean isPaused() {
        return paused;
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill " + signal + " " + process.pid() + " (" + name + "): " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + name + " gets a signal", e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; returns when it is gone. */
    public void kill9() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + name + " ends", e);
        }
    }

    @Override
    public String toString() {
        return name + " " + process.pid();
    }

    String quoted() {
        try {
            String text = Files.readString(log);
            return "\n--- " + log.getFileName() + ":\n"
                    + (text.length() <= QUOTED_CHARS ? text : "…" + text.substring(text.length() - QUOTED_CHARS));
        } catch (IOException e) {
            return "\n--- " + log + " cannot be read: " + e;
        }
    }
}
