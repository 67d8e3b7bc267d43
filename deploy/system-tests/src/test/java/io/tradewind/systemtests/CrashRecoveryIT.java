package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.Audit;
import io.tradewind.systemtests.harness.Books;
import io.tradewind.systemtests.harness.Burst;
import io.tradewind.systemtests.harness.FirstOrder;
import io.tradewind.systemtests.harness.Ledger;
import io.tradewind.systemtests.harness.Ledger.Entry;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * kill -9 of the program in the middle of a burst, again and again on one data directory. Defends: every acknowledged
 * order is there exactly once with the right status, nothing that was refused is there, no order is executed twice, no
 * version is missing, position and cash follow from the fills, and Postgres agrees.
 */
@Timeout(1200)
class CrashRecoveryIT {

    /** More of them find more: -Dtradewind.rounds=50. */
    private static final int ROUNDS = Integer.getInteger("tradewind.rounds", 4);

    private static final int MIN_ORDERS = 150;
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String[] RICH = {"--set", "order-queue.paper.cash=1000000000"};

    @Test
    void shouldKeepEveryAcknowledgedOrderOnceThroughKill9() throws Exception {
        long seed = Long.getLong("tradewind.seed", System.nanoTime());
        System.out.println("crash recovery: seed " + seed + " (-Dtradewind.seed=" + seed + " repeats the choices)");
        Random random = new Random(seed);
        Ledger ledger = new Ledger();
        try (Workspace workspace = Workspace.open("crash")) {
            for (int round = 0; round < ROUNDS; round++) {
                killInABurst(workspace, ledger, round, random);
                if (random.nextBoolean()) {
                    killWhileItStarts(workspace, random);
                }
            }
            try (TradewindProcess program = TradewindProcess.start(workspace.data(), RICH)) {
                long firstOrderMs = firstOrder(program, ledger, ROUNDS);
                System.out.println("crash recovery: first order accepted " + firstOrderMs
                        + " ms after the start of the process, over the orders of " + ROUNDS + " crashes: " + ledger);
                Books books = Audit.check(program, ledger);
                assertServed(program, ledger, books);
            }
        }
    }

    private static void killInABurst(Workspace workspace, Ledger ledger, int round, Random random) throws Exception {
        long servers;
        try (TradewindProcess program = TradewindProcess.start(workspace.data(), RICH)) {
            firstOrder(program, ledger, round);
            servers = program.redisPid().getAsLong();
            if (round > 0) {
                // What the last crash left, before anything new can hide it.
                Audit.check(program, ledger);
            }
            int known = ledger.count(Outcome.ACKNOWLEDGED);
            Burst burst = Burst.start(program.client(), ledger, "r" + round, random.nextLong(), true);
            Waiting.until(
                    "the burst is under way", SOON, () -> ledger.count(Outcome.ACKNOWLEDGED) > known + MIN_ORDERS);
            // The moment of the crash: no condition to wait for, any will do.
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1_200));
            program.kill9();
            burst.stop();
            System.out.println("crash recovery: round " + round + ", " + burst);
        }
        // close() above has waited for them: nothing of a killed program lingers.
        assertFalse(TradewindProcess.isRunning(servers), "Redis " + servers + " still runs");
        assertTrue(ledger.count(Outcome.ACKNOWLEDGED) > MIN_ORDERS, ledger.toString());
    }

    /** A crash within the recovery from a crash. */
    private static void killWhileItStarts(Workspace workspace, Random random) throws Exception {
        try (TradewindProcess program = TradewindProcess.launchOn(Workspace.freePort(), workspace.data(), RICH)) {
            TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(2_200));
            program.kill9();
        }
    }

    /** @return milliseconds from the start of the process to the answer */
    private static long firstOrder(TradewindProcess program, Ledger ledger, int round) throws Exception {
        FirstOrder.place(program.client(), ledger, "first-" + round, SOON);
        return program.msSinceStart();
    }

    /** The API tells what the log says. */
    private static void assertServed(TradewindProcess program, Ledger ledger, Books books) throws Exception {
        ApiClient client = program.client();
        for (Entry entry : ledger.with(Outcome.ACKNOWLEDGED).subList(0, 50)) {
            var served = client.order(entry.orderId());
            assertEquals(
                    books.orders().get(entry.orderId()).status(),
                    served.path("status").asText());
            assertEquals(entry.clientOrderId(), served.path("client_order_id").asText());
        }
    }

    /** The next start comes so fast that the servers of the last one may still be there. */
    @Test
    void shouldStartAtOnceAfterKill9() throws Exception {
        try (Workspace workspace = Workspace.open("restart");
                TradewindProcess first = TradewindProcess.start(workspace.data())) {
            long redis = first.redisPid().getAsLong();
            long postgres = first.postgresPid().getAsLong();
            String order = ApiClient.market("AAPL", "buy", "1").toString();
            String id = Waiting.valueOf(
                            "first order", SOON, () -> first.client().post("/v2/orders", order), r -> r.status() == 200)
                    .json()
                    .path("id")
                    .asText();
            String secret = first.credential("secret_key");
            first.kill9();
            try (TradewindProcess second = TradewindProcess.start(workspace.data())) {
                assertEquals(secret, second.credential("secret_key"), "the key stays");
                assertNotEquals(redis, second.redisPid().getAsLong());
                assertNotEquals(postgres, second.postgresPid().getAsLong());
                assertFalse(TradewindProcess.isRunning(redis), "the old Redis still runs");
                assertFalse(TradewindProcess.isRunning(postgres), "the old Postgres still runs");
                Waiting.until(
                        "the order is filled",
                        SOON,
                        () -> second.client().order(id).path("status").asText().equals("filled"));
            }
        }
    }
}
