package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.systemtests.harness.Audit;
import io.tradewind.systemtests.harness.Books;
import io.tradewind.systemtests.harness.Burst;
import io.tradewind.systemtests.harness.FirstOrder;
import io.tradewind.systemtests.harness.Ledger;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import io.tradewind.systemtests.harness.ServiceProcess;
import io.tradewind.systemtests.harness.TradewindCluster;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One process per service, and several state-stores: orders flow while the store that owns their partitions is killed,
 * again and again. Defends: what was acknowledged is there once, what was refused is not, nothing is executed twice, no
 * version is missing, money follows from fills, and Postgres agrees.
 */
@Timeout(1200)
class ClusterFlowIT {

    /** More of them find more: -Dtradewind.rounds=20. */
    private static final int ROUNDS = Integer.getInteger("tradewind.rounds", 2);

    private static final int STORES = 2;
    private static final int MIN_ORDERS = 100;
    private static final Duration SOON = Duration.ofSeconds(90);

    @Test
    void shouldKeepEveryAcknowledgedOrderOnceWhenStoresAreKilled() throws Exception {
        long seed = Long.getLong("tradewind.seed", System.nanoTime());
        System.out.println("cluster: seed " + seed + " (-Dtradewind.seed=" + seed + " repeats the choices)");
        Random random = new Random(seed);
        Ledger ledger = new Ledger();
        try (Workspace workspace = Workspace.open("cluster");
                TradewindCluster cluster =
                        TradewindCluster.start(workspace, Path.of("target", "process-logs", "cluster"), STORES)) {
            for (int round = 0; round < ROUNDS; round++) {
                FirstOrder.place(cluster.client(), ledger, "first-" + round, SOON);
                killUnderLoad(cluster, ledger, round, random);
                Books books = Audit.check(cluster, ledger);
                assertTrue(books.orders().size() >= ledger.count(Outcome.ACKNOWLEDGED), ledger.toString());
                cluster.startStore();
            }
            FirstOrder.place(cluster.client(), ledger, "first-" + ROUNDS, SOON);
            Audit.check(cluster, ledger);
            System.out.println("cluster: " + ROUNDS + " stores killed: " + ledger);
        }
    }

    private static void killUnderLoad(TradewindCluster cluster, Ledger ledger, int round, Random random)
            throws Exception {
        int known = ledger.count(Outcome.ACKNOWLEDGED);
        Burst burst = Burst.start(cluster.client(), ledger, "r" + round, random.nextLong(), false);
        Waiting.until("the burst is under way", SOON, () -> ledger.count(Outcome.ACKNOWLEDGED) > known + MIN_ORDERS);
        // The moment of the crash: no condition to wait for, any will do.
        TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
        int partition = Partitions.of(Audit.ACCOUNT);
        ServiceProcess victim = Waiting.valueOf(
                        "an owner of partition " + partition,
                        SOON,
                        () -> cluster.ownerOf(partition),
                        Optional::isPresent)
                .orElseThrow();
        victim.kill9();
        int atCrash = ledger.count(Outcome.ACKNOWLEDGED);
        Waiting.until("orders flow again", SOON, () -> ledger.count(Outcome.ACKNOWLEDGED) > atCrash + MIN_ORDERS);
        burst.stop();
        System.out.println("cluster: round " + round + ", " + burst);
    }
}
