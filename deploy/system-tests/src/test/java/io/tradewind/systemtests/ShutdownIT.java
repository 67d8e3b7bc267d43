package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.systemtests.harness.Audit;
import io.tradewind.systemtests.harness.Burst;
import io.tradewind.systemtests.harness.Ledger;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SIGTERM under load. Defends: the program ends by itself with 0 and leaves nothing behind; a client sees 503 or no
 * connection; what was acknowledged is there after the next start, what was refused is not.
 */
@Timeout(900)
class ShutdownIT {

    private static final long SEED = 7;
    private static final Duration SOON = Duration.ofSeconds(90);

    /** Beyond every limit of the program's own. */
    private static final Duration HARD_LIMIT = Duration.ofMinutes(2);

    private static final String[] PATIENT = TradewindProcess.patient();
    private static final String[] RICH =
            TradewindProcess.patient("--set", "order-queue.paper.cash=1000000000", "--set", "order-queue.workers=3");

    @Test
    void shouldDrainAndLeaveNothingBehind() throws Exception {
        Ledger ledger = new Ledger();
        try (Workspace workspace = Workspace.open("shutdown")) {
            try (TradewindProcess program = TradewindProcess.start(workspace.data(), RICH)) {
                Burst burst = Burst.start(program.client(), ledger, "drain", SEED, true);
                Waiting.until("the burst is under way", SOON, () -> ledger.count(Outcome.ACKNOWLEDGED) > 300);

                long begunNs = System.nanoTime();
                int exitCode = program.terminate(HARD_LIMIT);
                long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
                burst.stop();
                System.out.println("shutdown under load: " + tookMs + " ms; " + burst + "; " + ledger);

                assertEquals(0, exitCode, program::quoted);
                assertFalse(Files.exists(workspace.data().resolve("endpoints.json")));
                assertTrue(program.redisPid().isEmpty(), "Redis still runs");
                assertTrue(program.postgresPid().isEmpty(), "Postgres still runs");
                assertTrue(
                        Set.of(200, 403, 422, 503).containsAll(burst.statuses().keySet()),
                        "answers other than the usual ones and 503: " + burst);
            }
            try (TradewindProcess program = TradewindProcess.start(workspace.data(), RICH)) {
                Audit.check(program, ledger);
                program.interrupt();
                assertEquals(0, program.awaitExit(HARD_LIMIT), program::quoted);
                assertFalse(Files.exists(workspace.data().resolve("endpoints.json")));
            }
        }
    }

    @Test
    void shouldEndWhenStoppedWhileStarting() throws Exception {
        try (Workspace workspace = Workspace.open("early")) {
            // The very first start: the database is being created.
            stopWhileStarting(workspace);
            try (TradewindProcess program = TradewindProcess.start(workspace.data(), PATIENT)) {
                assertEquals(0, program.terminate(HARD_LIMIT), program::quoted);
            }
            assertEquals(0, stopWhileStarting(workspace));
        }
    }

    /** @return the exit code */
    private static int stopWhileStarting(Workspace workspace) throws Exception {
        try (TradewindProcess program = TradewindProcess.launchOn(Workspace.freePort(), workspace.data(), PATIENT)) {
            Waiting.until("it has begun", SOON, () -> program.redisPid().isPresent());
            int exitCode = program.terminate(HARD_LIMIT);
            assertFalse(Files.exists(workspace.data().resolve("endpoints.json")));
            Waiting.until(
                    "no child is left",
                    SOON,
                    () -> program.redisPid().isEmpty() && program.postgresPid().isEmpty());
            return exitCode;
        }
    }
}
