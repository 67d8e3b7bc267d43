package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Polls conditions with a deadline, and starts the small programs of the tests in JVMs of their own. */
final class Waiting {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private Waiting() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        Deadline deadline = Deadline.in(DEADLINE);
        while (!condition.call()) {
            if (deadline.passed()) {
                fail(what + " did not come true within " + DEADLINE.toSeconds() + " s");
            }
            Deadline.pause(what);
        }
    }

    static boolean isGone(long pid) {
        return ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true);
    }

    /** Another JVM in a session of its own, as if started in another terminal; its output goes to a file. */
    static Process jvm(Path output, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                // A job in the background inherits that SIGINT is ignored, and so would its children.
                "env",
                "--default-signal=INT",
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** What follows the word on its line of the output, once it is there. */
    static String said(Path output, String word) throws Exception {
        String[] found = new String[1];
        until("'" + word + "' in " + output, () -> {
            for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
                if (line.startsWith(word + " ") && line.endsWith(";")) {
                    found[0] = line.substring(word.length() + 1, line.length() - 1);
                }
            }
            return found[0] != null;
        });
        return found[0];
    }
}
