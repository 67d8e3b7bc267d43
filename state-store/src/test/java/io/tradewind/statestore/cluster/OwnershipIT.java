package io.tradewind.statestore.cluster;

import static io.tradewind.statestore.cluster.Waiting.await;
import static io.tradewind.statestore.cluster.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.ChangeFollower;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Partitions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ownership over real processes: what was acknowledged stays, once, whoever serves. {@code -Dtradewind.rounds=n} repeats
 * the crashes; a run in CI is short.
 */
@Timeout(1_700)
class OwnershipIT {

    private static final int ROUNDS = Integer.getInteger("tradewind.rounds", 1);
    private static final List<Integer> ALL =
            IntStream.range(0, Partitions.COUNT).boxed().toList();

    @TempDir
    Path directory;

    private StoreCluster cluster;
    private Writers writers;
    private final List<Heard> followers = new ArrayList<>();
    private PublicEars ears;

    /** What a follower in another process hears of one partition. */
    private static final class Heard implements ChangeFollower.Listener {
        final List<Long> versions = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onChanges(List<CommittedTransaction> transactions) {
            transactions.forEach(tx -> versions.add(tx.version()));
        }

        @Override
        public void onReset(long headVersion) {
            versions.add(-headVersion);
        }
    }

    @BeforeEach
    void open(TestInfo test) {
        cluster = new StoreCluster(directory, test.getTestMethod().orElseThrow().getName());
        writers = new Writers(cluster.kit().vertx(), cluster.client());
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void follow() {
        for (int p = 0; p < Partitions.COUNT; p++) {
            Heard heard = new Heard();
            followers.add(heard);
            await(new ChangeFollower(cluster.kit().vertx(), cluster.client(), p, heard).start(0));
        }
        ears = new PublicEars(cluster.kit().vertx(), Writers.DOMAIN);
        ears.open();
    }

    /** Everything acknowledged is in the log once, and followers and subscribers heard all of it in order, once. */
    private void audit() {
        writers.stop();
        new LogAudit(cluster.client()).check(writers);
        for (int p = 0; p < followers.size(); p++) {
            int number = p;
            int count = writers.acknowledged(p).size();
            List<Long> all = LongStream.rangeClosed(1, count).boxed().toList();
            List<Long> heard = followers.get(p).versions;
            until("the follower of partition " + p + " has heard all", () -> heard.size() >= count);
            assertEquals(all, List.copyOf(heard), () -> "partition " + number);
            List<Long> told = ears.heard(p);
            until("a subscriber of events of partition " + p + " has heard all", () -> told.size() >= count);
            assertEquals(all, List.copyOf(told), () -> "public events of partition " + number);
        }
    }

    private void untilWritten(String what) {
        long now = System.nanoTime();
        until("every partition takes writes " + what, () -> writers.haveWritten(ALL, now));
    }

    @Test
    void shouldSpreadPartitionsOverThreeMembersEachServedOnce() {
        StoreProcess first = cluster.start();
        StoreProcess second = cluster.start();
        StoreProcess third = cluster.start();
        cluster.untilSpreadOver(first, second, third);

        TreeSet<Integer> served = new TreeSet<>();
        for (StoreProcess store : List.of(first, second, third)) {
            cluster.ownedBy(store).forEach(p -> assertTrue(served.add(p), "partition " + p + " has two owners"));
        }
        assertEquals(Partitions.COUNT, served.size());
        writers.start();
        untilWritten("with three members");
        audit();
    }

    @Test
    void shouldTakeOverWhatAKilledOwnerHadAndLoseNothing() {
        cluster.start();
        StoreProcess victim = cluster.start();
        StoreProcess spare = cluster.start();
        follow();
        writers.start();
        for (int round = 0; round < ROUNDS; round++) {
            until("the victim owns something", () -> cluster.owners().equals(Spread.over(cluster.stores())));
            untilWritten("before the crash");
            List<Integer> orphans = cluster.ownedBy(victim);
            long killedNs = System.nanoTime();
            victim.kill();
            printTakeover("kill -9", orphans, victim, killedNs);
            victim = spare;
            if (round + 1 < ROUNDS) {
                spare = cluster.start();
            }
        }
        audit();
    }

    /** How long each stage of a takeover took; a test of time would fail on a slow machine. */
    private void printTakeover(String what, List<Integer> orphans, StoreProcess victim, long sinceNs) {
        until("it is seen that the owner is gone", () -> !cluster.stores().contains(victim.member()));
        long seenNs = System.nanoTime();
        until("every partition has another owner", () -> cluster.ownedBy(victim).isEmpty());
        long ownedNs = System.nanoTime();
        until("writes are accepted again", () -> writers.haveWritten(orphans, sinceNs));
        long writtenNs = System.nanoTime();
        System.out.println(what + " of the owner of " + orphans.size() + " partitions: seen after "
                + TimeUnit.NANOSECONDS.toMillis(seenNs - sinceNs) + " ms, acquired by others after "
                + TimeUnit.NANOSECONDS.toMillis(ownedNs - sinceNs) + " ms, all of them write again after "
                + TimeUnit.NANOSECONDS.toMillis(writtenNs - sinceNs) + " ms");
    }

    @Test
    void shouldHandOverInOrderWhenMembersJoinAndLeave() {
        StoreProcess first = cluster.start();
        follow();
        writers.start();
        untilWritten("with one member");
        for (int round = 0; round < ROUNDS; round++) {
            StoreProcess second = cluster.start();
            cluster.untilSpreadOver(first, second);
            untilWritten("with two members");
            StoreProcess third = cluster.start();
            cluster.untilSpreadOver(first, second, third);
            untilWritten("with three members");
            assertEquals(0, second.stop(), "a clean stop");
            cluster.untilSpreadOver(first, third);
            untilWritten("after one has left");
            assertEquals(0, first.stop(), "a clean stop");
            cluster.untilSpreadOver(third);
            untilWritten("after two have left");
            first = third;
        }
        audit();
        System.out.println("joining and leaving: " + writers.acknowledged() + " transactions, told to try again: "
                + writers.failures());
    }

    @Test
    void shouldRefuseAnOwnerThatWasPausedUntilItSeesTheClusterAgain() {
        StoreProcess first = cluster.start();
        StoreProcess second = cluster.start();
        cluster.untilSpreadOver(first, second);
        follow();
        writers.start();
        for (int round = 0; round < ROUNDS; round++) {
            untilWritten("before the pause");
            List<Integer> orphans = cluster.ownedBy(second);
            long pausedNs = System.nanoTime();
            second.pause();
            printTakeover("SIGSTOP", orphans, second, pausedNs);
            second.resume();
            untilWritten("beside the one that woke up");
            // It steps down at once, and gets its share back in order when the cluster has merged again.
            cluster.untilSpreadOver(first, second);
            untilWritten("after the merge");
        }
        audit();
    }
}
