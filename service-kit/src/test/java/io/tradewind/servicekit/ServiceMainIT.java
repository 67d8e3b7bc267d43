package io.tradewind.servicekit;

import static io.tradewind.servicekit.Awaiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs real processes, because exit codes and signals cannot be tried inside one. */
@Timeout(300)
class ServiceMainIT {
    /** A process that ignored the request would never end; this only has to outlast a busy machine. */
    private static final int EXIT_LIMIT_SECONDS = 60;

    @TempDir
    Path dir;

    private Process process;

    private void start(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            // A job in the background inherits that SIGINT is ignored, and so would its children.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ToyMain.class.getName()));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectOutput(dir.resolve("out").toFile())
                .redirectError(dir.resolve("err").toFile())
                .start();
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    private int exit(int seconds) throws Exception {
        assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), () -> "still running: " + read("out") + read("err"));
        return process.exitValue();
    }

    private String read(String name) {
        try {
            return Files.readString(dir.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void untilReady() {
        until("ready: " + read("err"), () -> read("out").contains("is ready as") || !process.isAlive());
        assertTrue(process.isAlive(), () -> read("out") + read("err"));
    }

    @Test
    void shouldDrainAndExitCleanlyOnTerm() throws Exception {
        start("--debug", "--set", "admin.port=0", "--set", "runtime.stop-timeout=1m");
        untilReady();
        process.destroy();
        assertEquals(0, exit(EXIT_LIMIT_SECONDS), () -> read("out") + read("err"));
        assertTrue(read("out").contains("service toy has stopped"), () -> read("out"));
        assertTrue(read("out").contains("toy.behaviour = fine"), "effective configuration is logged");
    }

    @Test
    void shouldDrainAndExitCleanlyOnInterrupt() throws Exception {
        start("--debug", "--set", "admin.port=0", "--set", "runtime.stop-timeout=1m");
        untilReady();
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", "kill -INT " + process.pid())
                        .start()
                        .waitFor());
        assertEquals(0, exit(EXIT_LIMIT_SECONDS), () -> read("out") + read("err"));
    }

    @Test
    void shouldStopInTimeWithFailureWhenAServiceHangs() throws Exception {
        start("--debug", "--set", "admin.port=0", "--set", "toy.behaviour=hang-on-stop");
        untilReady();
        process.destroy();
        assertEquals(1, exit(EXIT_LIMIT_SECONDS));
    }

    @Test
    void shouldSayInOneSentenceWhyItDidNotStart() throws Exception {
        start("--set", "admin.port=0", "--set", "toy.behaviour=fail");
        assertEquals(1, exit(EXIT_LIMIT_SECONDS));
        assertEquals(
                "toy: service toy did not start: the battery is flat",
                read("err").strip());
    }

    @Test
    void shouldExitWithTwoForWrongConfiguration() throws Exception {
        start("--set", "admin.port=80", "--set", "toy.behavior=fine");
        assertEquals(2, exit(EXIT_LIMIT_SECONDS));
        assertTrue(read("err").contains("admin.port = 80: must be within 1024..65535"), () -> read("err"));
        assertTrue(read("err").contains("did you mean toy.behaviour?"), () -> read("err"));
    }

    @Test
    void shouldExitWithTwoForWrongOptions() throws Exception {
        start("--bogus");
        assertEquals(2, exit(EXIT_LIMIT_SECONDS));
        assertTrue(read("err").contains("--bogus"), () -> read("err"));
    }

    @Test
    void shouldTellItsVersion() throws Exception {
        start("--version");
        assertEquals(0, exit(EXIT_LIMIT_SECONDS));
        assertEquals("tradewind " + Version.current(), read("out").strip());
    }
}
