package io.tradewind.orderqueue.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * Which partitions change their worker, so that no worker has much more to do than the others. A move costs its accounts a
 * moment in which they are turned away: there are few, and only those from which the busiest worker gains.
 *
 * <p>Each move makes the busier of two workers less busy by a least part of the average, so that under a steady load the
 * moves come to an end, and none is ever taken back. Pure.
 */
public final class WorkerPlan {

    /** The busiest worker may have so much more than the average, as a part of it. */
    static final double TOLERANCE = 0.2;

    /** What a move takes off the busiest worker at least, as a part of the average. */
    static final double LEAST_GAIN = 0.1;

    /** Orders per second below which a worker has not enough to do to be worth a move. */
    static final double IDLE = 20;

    /** Moves at a time: the next look sees what came of them. */
    static final int MAX_MOVES = 4;

    /** One partition, and the workers from and to which it goes. */
    public record Move(int partition, int from, int to) {}

    private WorkerPlan() {}

    /**
     * @param loads orders per second of each partition
     * @param workerOf the worker that has each partition
     * @param available whether each worker can take and give partitions
     */
    public static List<Move> moves(double[] loads, int[] workerOf, boolean[] available) {
        int[] at = workerOf.clone();
        double[] busy = new double[available.length];
        for (int partition = 0; partition < at.length; partition++) {
            busy[at[partition]] += loads[partition];
        }
        double sum = 0;
        int workers = 0;
        for (int worker = 0; worker < busy.length; worker++) {
            if (available[worker]) {
                sum += busy[worker];
                workers++;
            }
        }
        List<Move> moves = new ArrayList<>();
        Move next;
        while (moves.size() < MAX_MOVES && (next = next(loads, at, busy, available, sum / workers)) != null) {
            moves.add(next);
            at[next.partition()] = next.to();
            busy[next.from()] -= loads[next.partition()];
            busy[next.to()] += loads[next.partition()];
        }
        return moves;
    }

    /** The move from the busiest worker to the idlest one after which the busier of both has least. */
    private static Move next(double[] loads, int[] at, double[] busy, boolean[] available, double average) {
        int from = -1;
        int to = -1;
        for (int worker = 0; worker < busy.length; worker++) {
            if (available[worker]) {
                from = from < 0 || busy[worker] > busy[from] ? worker : from;
                to = to < 0 || busy[worker] < busy[to] ? worker : to;
            }
        }
        if (from < 0 || from == to || busy[from] < IDLE || busy[from] <= average * (1 + TOLERANCE)) {
            return null;
        }
        Move best = null;
        double lowest = busy[from] - average * LEAST_GAIN;
        for (int partition = 0; partition < at.length; partition++) {
            if (at[partition] == from) {
                double busier = Math.max(busy[from] - loads[partition], busy[to] + loads[partition]);
                boolean sameForLess = best != null && busier == lowest && loads[partition] < loads[best.partition()];
                if (busier < lowest || sameForLess) {
                    lowest = busier;
                    best = new Move(partition, from, to);
                }
            }
        }
        return best;
    }
}
