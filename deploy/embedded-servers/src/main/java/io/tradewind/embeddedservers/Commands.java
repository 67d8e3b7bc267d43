package io.tradewind.embeddedservers;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Short helper commands (initdb, version queries), run to their end on the calling thread, each with a deadline. */
final class Commands {
    /** Of a command's output, at most so much is kept for messages: enough for any error, never a whole log. */
    static final int MAX_OUTPUT_CHARS = 8_192;

    /** @param exitCode of the command, or -1 when it did not end within its deadline and was killed */
    record Result(int exitCode, String output) {
        boolean ok() {
            return exitCode == 0;
        }
    }

    private Commands() {}

    /**
     * @param stdin fed to the command, may be empty
     * @return never throws for what the command does; a command that cannot even be started has exit code 127
     */
    static Result run(List<String> command, String stdin, Duration deadline) {
        Path output = null;
        Process process = null;
        try {
            output = Files.createTempFile("tradewind-command", ".out");
            process = builder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            feed(process, stdin);
            boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Result(ended ? process.exitValue() : -1, tail(output));
        } catch (IOException e) {
            return new Result(127, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(-1, "interrupted while waiting for " + command.get(0));
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            deleteQuietly(output);
        }
    }

    /** A process builder whose environment and directory cannot lead a server astray. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        // PGPORT, PGDATA and friends of the user's shell would change what our Postgres does.
        environment.keySet().removeIf(name -> name.startsWith("PG"));
        environment.put("LC_ALL", "C");
        // Postgres wants to be able to enter its directory, which another user may not be with our own.
        builder.directory(new File("/"));
        return builder;
    }

    private static void feed(Process process, String stdin) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(stdin.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The command ended without reading its input; its exit code and output tell why.
            return;
        }
    }

    private static String tail(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        return text.length() <= MAX_OUTPUT_CHARS ? text : text.substring(text.length() - MAX_OUTPUT_CHARS);
    }

    private static void deleteQuietly(Path file) {
        if (file != null) {
            // Best effort: a left-over temporary file of some bytes is no reason to fail a start.
            boolean ignored = file.toFile().delete();
        }
    }
}
