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
@Timeout(60)
class SupervisedIT {
    private static final Duration GRACE = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private ServerLog log;

    @BeforeEach
    void openLog() {
        log = new ServerLog(directory.resolve("server log.txt"));
    }

    private Supervised launch(String script, Supervised.Detach detach, String shell) {
        return Supervised.launch("script", List.of("sh", "-c", script), "TERM", log, GRACE, detach, shell);
    }

    private Supervised launch(String script) {
        return launch(script, Supervised.Detach.available(), "sh");
    }

    private static String processGroup(long pid) {
        return Commands.run(List.of("ps", "-o", "pgid=", "-p", Long.toString(pid)), "", Duration.ofSeconds(5))
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
        Supervised server = launch("trap '' TERM; echo started; while :; do sleep 0.1; done");
        Waiting.until("the script's start", () -> log.sinceStart().contains("started"));

        server.stop();

        assertFalse(server.isAlive());
    }

    @Test
    void shouldNoticeThatAServerEndedByItself() throws Exception {
        Supervised server = launch("sleep 0.3; exit 3");

        Waiting.until("its end", () -> !server.isAlive());
        server.stop();
    }

    @Test
    void shouldGiveTheServerAProcessGroupOfItsOwnWithEitherMeans() {
        String ours = processGroup(ProcessHandle.current().pid());
        Supervised inSession = launch("exec sleep 60", Supervised.Detach.SESSION, "sh");
        assertNotEquals(ours, processGroup(inSession.pid()));
        inSession.kill();

        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the shell of macOS is bash");
        Supervised byJobControl = launch("exec sleep 60", Supervised.Detach.JOB_CONTROL, "bash");
        assertEquals(Long.toString(byJobControl.pid()), processGroup(byJobControl.pid()));
        byJobControl.stop();
        assertFalse(byJobControl.isAlive());
    }

    @Test
    void shouldQuoteOnlyWhatTheLatestRunSaid() throws Exception {
        Supervised first = launch("echo one");
        Waiting.until("its end", () -> !first.isAlive());
        Supervised second = launch("echo two >&2; sleep 0.2");
        Waiting.until("its end", () -> !second.isAlive());

        assertEquals("two", log.sinceStart());
        assertTrue(log.quote().contains("  | two"), log.quote());
        first.stop();
        second.stop();
    }
}
