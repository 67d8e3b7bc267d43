package io.tradewind.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One service in a process of its own, started by its own main with {@code --cluster}. Blocking; one thread. */
public final class ServiceProcess {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration END_LIMIT = Duration.ofMinutes(1);
    private static final int QUOTED_CHARS = 3_000;

    private final String name;
    private final Path log;
    private final Process process;

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
