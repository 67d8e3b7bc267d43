package io.tradewind.systemtests.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A small Node.js project among the test sources, copied to the build directory and installed there from its lock file.
 * Blocking; one thread.
 */
public final class NodeProject {

    /** The oldest Node.js that clients under test run on. */
    private static final int MIN_NODE = 20;

    private static final Duration LOOK_LIMIT = Duration.ofSeconds(30);
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(3);

    private final Path folder;

    private NodeProject(Path folder) {
        this.folder = folder;
    }

    /** What a command printed, both streams together, and its exit code. */
    public record Outcome(int exitCode, String output) {}

    /** Why projects cannot be run on this machine; empty when they can. */
    public static Optional<String> missing() throws InterruptedException {
        try {
            String version = run(Path.of("."), Map.of(), LOOK_LIMIT, List.of("node", "--version"))
                    .output
                    .strip();
            run(Path.of("."), Map.of(), LOOK_LIMIT, List.of("npm", "--version"));
            int major = Integer.parseInt(version.replaceAll("^v(\\d+).*", "$1"));
            return major >= MIN_NODE
                    ? Optional.empty()
                    : Optional.of("Node.js is " + version + ", needed is " + MIN_NODE + " or later");
        } catch (IOException e) {
            return Optional.of("Node.js or npm is not installed: " + e.getMessage());
        }
    }

    /** The project {@code src/test/node/NAME}, copied to where it can be installed. */
    public static NodeProject copy(String name) throws IOException {
        Path source = Path.of("src/test/node", name);
        Path folder = Files.createDirectories(Path.of("target/node", name));
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return new NodeProject(folder);
    }

    /** Installs what the lock file names. */
    public Outcome install() throws IOException, InterruptedException {
        return run(folder, Map.of(), INSTALL_LIMIT, List.of("npm", "ci", "--no-audit", "--no-fund"));
    }

    public Outcome node(String script, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        return run(folder, environment, limit, List.of("node", script));
    }

    private static Outcome run(Path folder, Map<String, String> environment, Duration limit, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("node-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                return new Outcome(-1, "not within " + limit + ": " + Files.readString(output, StandardCharsets.UTF_8));
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
