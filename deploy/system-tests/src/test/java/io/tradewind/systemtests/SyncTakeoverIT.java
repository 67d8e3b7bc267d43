package io.tradewind.systemtests;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.systemtests.harness.Audit;
import io.tradewind.systemtests.harness.Burst;
import io.tradewind.systemtests.harness.FirstOrder;
import io.tradewind.systemtests.harness.Ledger;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import io.tradewind.systemtests.harness.PartitionLogs;
import io.tradewind.systemtests.harness.ServiceProcess;
import io.tradewind.systemtests.harness.Tables;
import io.tradewind.systemtests.harness.TradewindCluster;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import io.tradewind.systemtests.harness.WrittenOnce;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two db-syncs in one cluster, and the one that leads dies or stands still in the middle of a batch, under orders.
 * Defends: the other one goes on where the tables are, nothing is missing or twice in them, and what the first one still
 * wants to write when it wakes up has no effect.
 */
@Timeout(1200)
class SyncTakeoverIT {

    /** More of them find more: -Dtradewind.rounds=20. */
    private static final int ROUNDS = Integer.getInteger("tradewind.rounds", 2);

    private static final int STORES = 1;
    private static final int SYNCS = 2;
    private static final int MIN_ORDERS = 50;
    private static final int PARTITION = Partitions.of(Audit.ACCOUNT);
    private static final Duration SOON = Duration.ofMinutes(2);

    private final long seed = Long.getLong("tradewind.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Ledger ledger = new Ledger();
    private int bursts;

    @Test
    void shouldWriteEverythingOnceWhenTheLeadingSyncIsKilledOrStandsStill() throws Exception {
        System.out.println("sync takeover: seed " + seed + " (-Dtradewind.seed=" + seed + " repeats the choices)");
        try (Workspace workspace = Workspace.open("takeover");
                TradewindCluster cluster = TradewindCluster.start(
                        workspace, Path.of("target", "process-logs", "takeover"), STORES, SYNCS)) {
            FirstOrder.place(cluster.client(), ledger, "first", SOON);
            for (int round = 0; round < ROUNDS; round++) {
                killTheLeader(cluster);
                cluster.startSync();
            }
            pauseTheLeader(cluster);
            leader(cluster);
            Audit.check(cluster, ledger);
            WrittenOnce.check(cluster);
            System.out.println("sync takeover: " + ROUNDS + " killed, 1 paused: " + ledger);
        }
    }

    private void killTheLeader(TradewindCluster cluster) throws Exception {
        Burst burst = burst(cluster);
        try (Tables tables = Tables.open(cluster.postgres())) {
            ServiceProcess leader = leader(cluster);
            awaitBatch(tables);
            leader.kill9();
            long atTheCrash = head(cluster);
            System.out.println("sync takeover: killed " + leader + " at version " + atTheCrash);
            awaitOffset(tables, "the other one writes behind the crash", atTheCrash + 1);
        } finally {
            burst.stop();
        }
    }

    private void pauseTheLeader(TradewindCluster cluster) throws Exception {
        Burst before = burst(cluster);
        try (Tables tables = Tables.open(cluster.postgres())) {
            ServiceProcess leader = leader(cluster);
            awaitBatch(tables);
            leader.pause();
            long atThePause = head(cluster);
            System.out.println("sync takeover: paused " + leader + " at version " + atThePause);
            // Its place in the cluster lasts for some seconds more; there is no need of thousands of orders meanwhile.
            before.stop();
            leader(cluster);
            Burst after = burst(cluster);
            try {
                awaitOffset(tables, "the other one writes beside it", atThePause + 1);
                leader.resume();
                long whenItWoke = head(cluster);
                awaitOffset(tables, "it goes on after that one woke up", whenItWoke + 1);
            } finally {
                after.stop();
            }
        }
    }

    /** The one that leads, by its own word; after a pause or a merge there may be none or two for a while. */
    private static ServiceProcess leader(TradewindCluster cluster) {
        return Waiting.valueOf("one db-sync leads", SOON, cluster::leadingSyncs, leading -> leading.size() == 1)
                .get(0);
    }

    /** Returns while a batch is being written, or a moment later. */
    private static void awaitBatch(Tables tables) {
        Waiting.valueOf(
                "a batch is under way",
                SOON,
                () -> tables.rows("SELECT pid FROM pg_stat_activity WHERE application_name = 'tradewind-db-sync'"
                        + " AND xact_start IS NOT NULL"),
                sessions -> !sessions.isEmpty());
    }

    private static void awaitOffset(Tables tables, String what, long version) {
        Waiting.valueOf(what, SOON, () -> offset(tables), offset -> offset >= version);
    }

    private static long offset(Tables tables) throws SQLException {
        return Long.parseLong(tables.rows("SELECT version FROM sync_offsets WHERE partition = ?", PARTITION)
                .get(0)
                .get("version"));
    }

    private static long head(TradewindCluster cluster) throws IOException {
        try (PartitionLogs logs = PartitionLogs.open(cluster.redis())) {
            return logs.heads()[PARTITION];
        }
    }

    /** Returns when orders flow. */
    private Burst burst(TradewindCluster cluster) {
        int known = ledger.count(Outcome.ACKNOWLEDGED);
        Burst burst = Burst.start(cluster.client(), ledger, "b" + bursts++, random.nextLong(), false);
        Waiting.until("orders flow", SOON, () -> ledger.count(Outcome.ACKNOWLEDGED) > known + MIN_ORDERS);
        return burst;
    }
}
