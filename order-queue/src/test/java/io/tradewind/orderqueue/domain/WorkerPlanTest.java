package io.tradewind.orderqueue.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.orderqueue.domain.WorkerPlan.Move;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerPlanTest {

    private static final int PARTITIONS = 16;
    private static final int ROUNDS = 2_000;
    private static final double ROUNDING = 1e-6;
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    @Test
    void shouldMoveHalfOfTheWorkOfTwoBusyPartitionsToAnIdleWorker() {
        double[] loads = {1000, 10, 1000, 10};
        assertEquals(List.of(new Move(0, 0, 1)), WorkerPlan.moves(loads, new int[] {0, 1, 0, 1}, all(2)));
    }

    @Test
    void shouldLeaveOneBusyPartitionWhereItIsWhenNobodyGains() {
        double[] loads = {1000, 0, 0, 0};
        assertEquals(List.of(), WorkerPlan.moves(loads, new int[] {0, 1, 0, 1}, all(2)));
    }

    @Test
    void shouldFreeTheWorkerOfABusyPartitionFromTheOthers() {
        double[] loads = {1000, 0, 400, 0};
        assertEquals(List.of(new Move(2, 0, 1)), WorkerPlan.moves(loads, new int[] {0, 1, 0, 1}, all(2)));
    }

    @Test
    void shouldNotMoveForALittle() {
        assertEquals(List.of(), WorkerPlan.moves(new double[] {110, 100}, new int[] {0, 1}, all(2)), "within bounds");
        double[] idle = {WorkerPlan.IDLE / 3, 0, WorkerPlan.IDLE / 3, 0};
        assertEquals(List.of(), WorkerPlan.moves(idle, new int[] {0, 1, 0, 1}, all(2)), "nobody has much to do");
        double[] fine = {200, 100, 5, 5, 5, 5, 5};
        assertEquals(
                List.of(), WorkerPlan.moves(fine, new int[] {0, 1, 0, 0, 0, 0, 0}, all(2)), "each gains too little");
    }

    @Test
    void shouldPassOverWorkersThatAreBeingReplaced() {
        double[] loads = {1000, 0, 1000, 0};
        int[] workerOf = {0, 1, 0, 2};
        assertEquals(List.of(new Move(0, 0, 2)), WorkerPlan.moves(loads, workerOf, new boolean[] {true, false, true}));
        assertEquals(List.of(), WorkerPlan.moves(loads, workerOf, new boolean[] {true, false, false}));
        assertEquals(List.of(), WorkerPlan.moves(loads, workerOf, new boolean[3]));
    }

    @Test
    void shouldComeToRestUnderAnySteadyLoadAndNeverTakeAMoveBack() {
        System.out.println("seed " + SEED + " (repeat with -Dseed=" + SEED + ")");
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            int workers = 1 + random.nextInt(PARTITIONS);
            double[] loads = loads(random);
            int[] workerOf = new int[PARTITIONS];
            Arrays.setAll(workerOf, p -> random.nextInt(workers));
            Set<String> seen = new HashSet<>();
            double busiest = busiest(loads, workerOf, workers);
            int total = 0;
            List<Move> moves = WorkerPlan.moves(loads, workerOf, all(workers));
            while (!moves.isEmpty()) {
                assertTrue(moves.size() <= WorkerPlan.MAX_MOVES, "round " + round);
                for (Move move : moves) {
                    assertEquals(workerOf[move.partition()], move.from(), "round " + round);
                    assertFalse(move.from() == move.to(), "round " + round);
                    workerOf[move.partition()] = move.to();
                    assertTrue(seen.add(Arrays.toString(workerOf)), "the same as before, round " + round);
                }
                total += moves.size();
                assertTrue(total <= PARTITIONS * 4, "too many moves, round " + round);
                double now = busiest(loads, workerOf, workers);
                assertTrue(now <= busiest, "the busiest got busier, round " + round);
                busiest = now;
                moves = WorkerPlan.moves(loads, workerOf, all(workers));
            }
            assertNoMoveHelpsMuch(loads, workerOf, workers, round);
        }
    }

    /** With many partitions of about the same load everybody ends within the tolerance. */
    @Test
    void shouldBringWorkersWithinTheToleranceWhenPartitionsAreAlike() {
        Random random = new Random(SEED);
        for (int workers : new int[] {2, 4, 8}) {
            double[] loads = new double[PARTITIONS];
            Arrays.setAll(loads, p -> 1_000 + random.nextInt(50));
            int[] workerOf = new int[PARTITIONS];
            for (int look = 0; look < PARTITIONS; look++) {
                WorkerPlan.moves(loads, workerOf, all(workers)).forEach(move -> workerOf[move.partition()] = move.to());
            }
            double average = Arrays.stream(loads).sum() / workers;
            assertTrue(
                    busiest(loads, workerOf, workers) <= average * (1 + WorkerPlan.TOLERANCE),
                    workers + " workers, seed " + SEED);
        }
    }

    @Test
    void shouldNotMoveBackAndForthWhenALoadTrembles() {
        Random random = new Random(SEED);
        double[] loads = loads(random);
        int[] workerOf = new int[PARTITIONS];
        Arrays.setAll(workerOf, p -> p % 4);
        PartitionLoads smooth = new PartitionLoads(PARTITIONS);
        int moves = 0;
        for (int look = 0; look < 1_000; look++) {
            long[] orders = new long[PARTITIONS];
            Arrays.setAll(orders, p -> Math.round(loads[p] * (0.98 + 0.04 * random.nextDouble())));
            smooth.looked(orders, 1_000);
            for (Move move : WorkerPlan.moves(smooth.perSecond(), workerOf, all(4))) {
                workerOf[move.partition()] = move.to();
                moves++;
            }
        }
        assertTrue(moves <= PARTITIONS * 2, moves + " moves, seed " + SEED);
    }

    private static void assertNoMoveHelpsMuch(double[] loads, int[] workerOf, int workers, int round) {
        double[] busy = busy(loads, workerOf, workers);
        double average = Arrays.stream(loads).sum() / workers;
        double most = Arrays.stream(busy).max().orElseThrow();
        double least = Arrays.stream(busy).min().orElseThrow();
        if (most < WorkerPlan.IDLE || most <= average * (1 + WorkerPlan.TOLERANCE)) {
            return;
        }
        for (int p = 0; p < PARTITIONS; p++) {
            if (busy[workerOf[p]] == most) {
                double after = Math.max(most - loads[p], least + loads[p]);
                assertTrue(
                        after >= most - average * WorkerPlan.LEAST_GAIN - ROUNDING,
                        "partition " + p + " in round " + round);
            }
        }
    }

    /** A few partitions have much, most have little, as accounts do. */
    private static double[] loads(Random random) {
        double[] loads = new double[PARTITIONS];
        Arrays.setAll(loads, p -> Math.pow(10, random.nextDouble() * 4));
        return loads;
    }

    private static double busiest(double[] loads, int[] workerOf, int workers) {
        return Arrays.stream(busy(loads, workerOf, workers)).max().orElseThrow();
    }

    private static double[] busy(double[] loads, int[] workerOf, int workers) {
        double[] busy = new double[workers];
        for (int p = 0; p < PARTITIONS; p++) {
            busy[workerOf[p]] += loads[p];
        }
        return busy;
    }

    private static boolean[] all(int workers) {
        boolean[] all = new boolean[workers];
        Arrays.fill(all, true);
        return all;
    }
}
