package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.Audit;
import io.tradewind.systemtests.harness.Burst;
import io.tradewind.systemtests.harness.Ledger;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * kill -9 of the servers beneath a running program. Defends: it never acknowledges what Redis has not fsynced, it serves
 * again by itself, and Postgres catches up without a lost or doubled row.
 */
@Timeout(900)
class RedisKilledIT {

    private static final int KILLS = Integer.getInteger("tradewind.rounds", 3);
    private static final long SEED = 11;
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String[] RICH = {"--set", "order-queue.paper.cash=1000000000"};

    @Test
    void shouldServeAgainAndKeepWhatItAcknowledged() throws Exception {
        Ledger ledger = new Ledger();
        try (Workspace workspace = Workspace.open("servers");
                TradewindProcess program = TradewindProcess.start(workspace.data(), RICH)) {
            Burst burst = Burst.start(program.client(), ledger, "redis", SEED, false);
            for (int kill = 0; kill < KILLS; kill++) {
                awaitMoreOrders(ledger);
                long pid = program.redisPid().getAsLong();
                killServer(pid);
                long begunNs = System.nanoTime();
                Waiting.until(
                        "Redis is back",
                        SOON,
                        () -> program.redisPid().isPresent()
                                && program.redisPid().getAsLong() != pid);
                awaitMoreOrders(ledger);
                System.out.println("redis killed: orders flow again after "
                        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs) + " ms");
            }
            burst.stop();
            System.out.println("redis killed " + KILLS + " times: " + burst + "; " + ledger);
            assertTrue(program.isAlive());
            Audit.check(program, ledger);
            awaitHealthy(program);
        }
    }

    @Test
    void shouldTradeOnWithoutPostgresAndCatchUp() throws Exception {
        Ledger ledger = new Ledger();
        try (Workspace workspace = Workspace.open("postgres");
                TradewindProcess program = TradewindProcess.start(workspace.data(), TradewindProcess.patient(RICH))) {
            Burst burst = Burst.start(program.client(), ledger, "pg", SEED, false);
            awaitMoreOrders(ledger);
            long pid = program.postgresPid().getAsLong();
            killServer(pid);
            awaitMoreOrders(ledger);
            Waiting.until(
                    "Postgres is back",
                    SOON,
                    () -> program.postgresPid().isPresent()
                            && program.postgresPid().getAsLong() != pid);
            awaitMoreOrders(ledger);
            burst.stop();
            System.out.println("postgres killed: " + burst + "; " + ledger);
            assertEquals(0, ledger.count(Outcome.UNKNOWN), "no client noticed: " + burst);
            Audit.check(program, ledger);
            assertNotEquals(pid, program.postgresPid().getAsLong());
            awaitHealthy(program);
        }
    }

    /** Checks look every now and then, so they may learn last that all is well again. */
    private static void awaitHealthy(TradewindProcess program) {
        ApiClient client = program.client();
        Waiting.valueOf("it is healthy", SOON, () -> client.get("/health"), health -> health.status() == 200);
    }

    private static void awaitMoreOrders(Ledger ledger) {
        int before = ledger.count(Outcome.ACKNOWLEDGED);
        Waiting.until("orders are acknowledged", SOON, () -> ledger.count(Outcome.ACKNOWLEDGED) > before + 200);
    }

    private static void killServer(long pid) {
        assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
    }
}
