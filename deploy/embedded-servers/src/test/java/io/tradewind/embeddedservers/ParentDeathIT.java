package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The servers belong to their JVM: they go with it, and not before it. */
@Timeout(300)
class ParentDeathIT {
    @TempDir
    Path directory;

    private Path output;
    private Process parent;
    private long redis;
    private long postgres;

    @BeforeEach
    void startParent() throws Exception {
        output = Files.createFile(directory.resolve("output.txt"));
        parent = Waiting.jvm(output, ServersMain.class, directory.toString());
        redis = Long.parseLong(Waiting.said(output, "redis"));
        postgres = Long.parseLong(Waiting.said(output, "postgres"));
    }

    @AfterEach
    void endAll() {
        parent.destroyForcibly();
        ProcessHandle.of(redis).ifPresent(ProcessHandle::destroyForcibly);
        ProcessHandle.of(postgres).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void shouldEndTheServersWhenTheirJvmIsKilled() throws Exception {
        parent.destroyForcibly();

        Waiting.until("the end of Redis", () -> Waiting.isGone(redis));
        Waiting.until("the end of Postgres", () -> Waiting.isGone(postgres));
        assertTrue(Files.notExists(directory.resolve("redis/redis.pid")), "Redis should have stopped in good order");
        assertTrue(
                Files.notExists(directory.resolve("postgres/cluster/postmaster.pid")),
                "Postgres should have stopped in good order");
    }

    @Test
    void shouldKeepServingUntilTheJvmHasDrainedWhenTheTerminalInterrupts() throws Exception {
        // What the terminal does on Ctrl-C: the signal goes to the whole process group.
        Commands.Result sent =
                Commands.run(List.of("sh", "-c", "kill -s INT -- -" + parent.pid()), "", Duration.ofMinutes(1));

        assertTrue(sent.ok(), sent.output());
        assertEquals("true", Waiting.said(output, "drained"), () -> "see " + output);
        assertTrue(parent.waitFor(60, TimeUnit.SECONDS), "the parent should end");
        assertTrue(Waiting.isGone(redis) && Waiting.isGone(postgres), "the servers should be gone with it");
    }
}
