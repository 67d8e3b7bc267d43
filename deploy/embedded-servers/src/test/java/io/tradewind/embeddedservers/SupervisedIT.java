package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor with small shell scripts in the place of servers. */
@Timeout(300)
class SupervisedIT {
    /** Decides only where a server refuses to end. */
    private static final Duration SHORT_GRACE = Duration.ofSeconds(1);

    private static final Duration LONG_GRACE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private ServerLog log;

    @BeforeEach
    void openLog() {
        log = new ServerLog(directory.resolve("server log.txt"));
    }

    private Supervised launch(String script, Duration grace, Supervised.Detach detach, String shell) {
        return Supervised.launch("script", List.of("sh", "-c", script), "TERM", log, grace, detach, shell);
    }

    private Supervised launch(String script) {
        return launch(script, LONG_GRACE, Supervised.Detach.available(), "sh");
    }

    /** Shell that waits: a server that has ended before anybody could look at it counts as one that did not start. */
    private String untilExists(String file) {
        return "while [ ! -e '" + directory.resolve(file) + "' ]; do sleep 0.1; done";
    }

    private static String processGroup(long pid) {
        return Commands.run(List.of("ps", "-o", "pgid=", "-p", Long.toString(pid)), "", Duration.ofMinutes(1))
                .output()
                .strip();
    }

    @Test
    void shouldLetAServerFinishWhenStopped() throws Exception {
        Supervised server = launch("trap 'echo finished; exit 0' TERM; echo started; while :; do sleep 0.1; done");
        Waiting.until("the script's start", () -> log.sinceStart().contains("started"));

        server.stop();

        assertFalse(server.isAlive());
        assertTrue(log.sinceStart().endsWith("finished"), log.sinceStart());
    }

    @Test
    void shouldKillAServerThatDoesNotStopInTime() throws Exception {
        Supervised server = launch(
                "trap '' TERM; echo started; while :; do sleep 0.1; done",
                SHORT_GRACE,
                Supervised.Detach.available(),
                "sh");
        Waiting.until("the script's start", () -> log.sinceStart().contains("started"));

        server.stop();

        assertFalse(server.isAlive());
    }

    @Test
    void shouldNoticeThatAServerEndedByItself() throws Exception {
        Supervised server = launch(untilExists("go") + "; exit 3");
        assertTrue(server.isAlive());
        Files.createFile(directory.resolve("go"));

        Waiting.until("its end", () -> !server.isAlive());
        server.stop();
    }

    @Test
    void shouldGiveTheServerAProcessGroupOfItsOwnWithEitherMeans() {
        String ours = processGroup(ProcessHandle.current().pid());
        Supervised inSession = launch("exec sleep 600", LONG_GRACE, Supervised.Detach.SESSION, "sh");
        assertNotEquals(ours, processGroup(inSession.pid()));
        inSession.kill();

        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the shell of macOS is bash");
        Supervised byJobControl = launch("exec sleep 600", LONG_GRACE, Supervised.Detach.JOB_CONTROL, "bash");
        assertEquals(Long.toString(byJobControl.pid()), processGroup(byJobControl.pid()));
        byJobControl.stop();
        assertFalse(byJobControl.isAlive());
    }

    @Test
    void shouldQuoteOnlyWhatTheLatestRunSaid() throws Exception {
        Supervised first = launch("echo one; " + untilExists("first"));
        Files.createFile(directory.resolve("first"));
        Waiting.until("its end", () -> !first.isAlive());
        Supervised second = launch("echo two >&2; " + untilExists("second"));
        Files.createFile(directory.resolve("second"));
        Waiting.until("its end", () -> !second.isAlive());

        assertEquals("two", log.sinceStart());
        assertTrue(log.quote().contains("  | two"), log.quote());
        first.stop();
        second.stop();
    }
}
