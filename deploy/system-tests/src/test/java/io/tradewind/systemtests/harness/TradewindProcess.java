package io.tradewind.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./tradewind up} as a process of its own: the script as users type it, told not to build; it replaces itself by
 * the JVM, so the process is the program. Blocking; one thread. Whoever started it closes it, which leaves no process
 * behind, whatever happened.
 */
public final class TradewindProcess implements Audited, AutoCloseable {

    /** A first start unpacks binaries and creates a database, on a busy machine. */
    private static final Duration START_LIMIT = Duration.ofMinutes(4);

    private static final Duration KILL_LIMIT = Duration.ofMinutes(1);
    private static final Duration CHILDREN_LIMIT = Duration.ofMinutes(1);
    private static final int QUOTED_CHARS = 6_000;
    private static final String MEMORY = "-Xmx768m";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What lets a machine be busy with something else, or its disk: no deadline of the program is under test then. */
    private static final List<String> PATIENCE = List.of(
            "runtime.stop-timeout=1m",
            "redis.command-timeout=30s",
            "order-queue.state-timeout=45s",
            "gateway.query-deadline=1m",
            "gateway.command-deadline=1m");

    private final Path data;
    private final Path output;
    private final Process process;
    private final long startedNs;
    private final List<ProcessHandle> children = new ArrayList<>();
    private JsonNode endpoints;

    private TradewindProcess(Path data, Path output, Process process, long startedNs) {
        this.data = data;
        this.output = output;
        this.process = process;
        this.startedNs = startedNs;
    }

    /** Starts on a free port and returns when it is ready. */
    public static TradewindProcess start(Path data, String... options) {
        return launchOn(Workspace.freePort(), data, options).readyOrClosed();
    }

    private TradewindProcess readyOrClosed() {
        try {
            return ready();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Options with which no deadline of the program's own decides a test, and {@code more}. */
    public static String[] patient(String... more) {
        List<String> options = new ArrayList<>();
        PATIENCE.forEach(setting -> options.addAll(List.of("--set", setting)));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    /** Returns when it is ready. */
    public TradewindProcess ready() {
        awaitReady();
        return this;
    }

    /** Starts on an explicit free port and returns at once. */
    public static TradewindProcess launchOn(int port, Path data, String... options) {
        return launch(data, up(port, data, options), MEMORY);
    }

    /** The same on a JVM that a {@link Debugger} can attach to. */
    public static TradewindProcess startDebugged(int debuggerPort, Path data, String... options) {
        return launch(
                        data,
                        up(Workspace.freePort(), data, options),
                        MEMORY + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
                                + debuggerPort)
                .readyOrClosed();
    }

    private static List<String> up(int port, Path data, String... options) {
        List<String> all = new ArrayList<>(List.of("up", "--data", data.toString(), "--port", Integer.toString(port)));
        all.addAll(List.of(options));
        return all;
    }

    /** Runs the script with just these arguments; {@code data} is where its traces are looked for. */
    public static TradewindProcess launch(Path data, List<String> arguments) {
        return launch(data, arguments, MEMORY);
    }

    private static TradewindProcess launch(Path data, List<String> arguments, String jvmOptions) {
        try {
            Path folder = Files.createDirectories(data.toAbsolutePath().getParent());
            Path output = Files.createTempFile(folder, "up-", ".out");
            List<String> command = new ArrayList<>();
            if (System.getProperty("os.name").equals("Linux")) {
                // A job in the background inherits that SIGINT is ignored, and so would its children.
                command.addAll(List.of("env", "--default-signal=INT"));
            }
            command.addAll(List.of("bash", Workspace.script().toString()));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("TRADEWIND_"));
            builder.environment().put("TRADEWIND_BUILD", "never");
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("TRADEWIND_JVM_OPTS", jvmOptions);
            long startedNs = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            return new TradewindProcess(data, output, process, startedNs);
        } catch (IOException e) {
            throw new UncheckedIOException("./tradewind " + arguments + " cannot be run", e);
        }
    }

    private void awaitReady() {
        endpoints = Waiting.valueOf(
                "ready on " + data,
                START_LIMIT,
                () -> {
                    if (!process.isAlive()) {
                        // An Error, so that the wait ends at once.
                        throw new AssertionError(
                                "ended with " + process.exitValue() + " before it was ready" + quoted());
                    }
                    JsonNode found = readJson(data.resolve("endpoints.json"));
                    // A killed predecessor leaves its file behind.
                    return found != null && found.path("pid").asLong() == process.pid() ? found : null;
                },
                found -> found != null);
        rememberChildren();
    }

    private void rememberChildren() {
        redisPid().ifPresent(this::remember);
        postgresPid().ifPresent(this::remember);
    }

    private void remember(long pid) {
        ProcessHandle.of(pid).ifPresent(children::add);
    }

    private static JsonNode readJson(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    public Path data() {
        return data;
    }

    public URI gateway() {
        return URI.create(endpoints.path("gateway").asText());
    }

    public URI admin() {
        return URI.create(endpoints.path("admin").asText());
    }

    @Override
    public URI redis() {
        return URI.create(endpoints.path("redis").asText());
    }

    @Override
    public URI postgres() {
        return URI.create(endpoints.path("postgres").asText());
    }

    /** What {@code credentials.json} holds under {@code key_id} and {@code secret_key}. */
    public String credential(String name) {
        try {
            return JSON.readTree(Files.readAllBytes(data.resolve("credentials.json")))
                    .path(name)
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException("no credentials in " + data, e);
        }
    }

    @Override
    public ApiClient client() {
        return new ApiClient(gateway(), credential("key_id"), credential("secret_key"));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long msSinceStart() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
    }

    /** The Redis that the pid file names, if that process runs. */
    public OptionalLong redisPid() {
        return running(data.resolve("redis/redis.pid"));
    }

    /** The Postgres that the pid file names, if that process runs. */
    public OptionalLong postgresPid() {
        return running(data.resolve("postgres/cluster/postmaster.pid"));
    }

    private static OptionalLong running(Path pidFile) {
        if (!Files.isRegularFile(pidFile)) {
            return OptionalLong.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.get(0).strip());
            return isRunning(pid) ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (NoSuchFileException | NumberFormatException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("pid file " + pidFile, e);
        }
    }

    /** Whether the process runs; one that has ended and waits to be collected does not. */
    public static boolean isRunning(long pid) {
        if (pid <= 0 || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (IOException e) {
            // Gone in the meantime, or no /proc (macOS).
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        }
    }

    /** SIGKILL to the program, and to nothing else; returns when it is gone. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit(KILL_LIMIT);
    }

    /** SIGTERM. */
    public void askToStop() {
        process.destroy();
    }

    /** SIGINT, as Ctrl-C sends it. */
    public void interrupt() {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
            if (!kill.waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("kill -INT does not work");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill -INT does not work", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** SIGTERM; returns the exit code. */
    public int terminate(Duration limit) {
        askToStop();
        return awaitExit(limit);
    }

    /** The exit code of a process that ends by itself. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + limit.toMillis() + " ms" + quoted());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the program ends", e);
        }
    }

    /** All that it printed. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException("output of the program", e);
        }
    }

    @Override
    public String quoted() {
        StringBuilder text = new StringBuilder("\n--- printed:\n").append(end(output()));
        Path log = data.resolve("logs/tradewind.log");
        try {
            if (Files.exists(log)) {
                text.append("\n--- logged:\n").append(end(Files.readString(log)));
            }
        } catch (IOException e) {
            text.append("\n--- log cannot be read: ").append(e);
        }
        return text.toString();
    }

    private static String end(String text) {
        return text.length() <= QUOTED_CHARS ? text : "…" + text.substring(text.length() - QUOTED_CHARS);
    }

    /** Returns when the Redis and the Postgres that it was ready with are gone. */
    public void awaitChildrenGone() {
        for (ProcessHandle child : children) {
            Waiting.until("child " + child.pid() + " is gone", CHILDREN_LIMIT, () -> !isRunning(child.pid()));
        }
    }

    @Override
    public void close() {
        // Also those of a start that failed half-way, or that were started again since.
        rememberChildren();
        if (process.isAlive()) {
            process.destroy();
        }
        try {
            if (!process.waitFor(CHILDREN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            awaitChildrenGone();
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
