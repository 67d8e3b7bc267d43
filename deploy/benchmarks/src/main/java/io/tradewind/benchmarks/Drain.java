package io.tradewind.benchmarks;

import io.tradewind.benchmarks.audit.OrderTrails;
import io.tradewind.benchmarks.audit.PostgresTables;
import io.tradewind.benchmarks.audit.RedisLog;
import io.tradewind.benchmarks.instance.StreamFollower;
import io.tradewind.benchmarks.load.Outcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The wait, after the load, until all that was acknowledged has come to its end. Bounded; whether the end was reached is
 * part of the result, and what is missing is then for the audit to say.
 *
 * @param complete whether every acknowledged order was seen as filled
 * @param atMs when the last look began, milliseconds since the epoch
 */
record Drain(boolean complete, long atMs) {

    private static final long POLL_MS = 100;

    /** A look costs the machine that is still busy draining: between two there is this many times its length. */
    private static final int REST_FACTOR = 4;

    /** Orders of unknown outcome may follow behind the acknowledged ones; so long nothing more has to come. */
    private static final long QUIET_MS = 2_000;

    /** Asks Postgres for the number of filled orders, again and again. */
    static Drain await(PostgresTables postgres, String idPrefix, Outcomes outcomes, int seconds) {
        return await(() -> postgres.filled(idPrefix), outcomes, seconds);
    }

    /** Asks for the number of filled orders, again and again. */
    static Drain await(LongSupplier filledOrders, Outcomes outcomes, int seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long before = -1;
        long quietSince = System.nanoTime();
        while (true) {
            long began = System.nanoTime();
            long atMs = System.currentTimeMillis();
            long filled = filledOrders.getAsLong();
            if (filled != before) {
                before = filled;
                quietSince = began;
            }
            boolean complete = filled >= outcomes.acknowledgedCount();
            boolean quiet = outcomes.unknownCount() == 0
                    || System.nanoTime() - quietSince > TimeUnit.MILLISECONDS.toNanos(QUIET_MS);
            if ((complete && quiet) || System.nanoTime() - deadline > 0) {
                return new Drain(complete, atMs);
            }
            rest(System.nanoTime() - began);
        }
    }

    /** Until the stream has brought every acknowledged order as filled, or has ended. */
    static void await(StreamFollower follower, Outcomes outcomes, int seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (follower.filled() < outcomes.acknowledgedCount()
                && follower.ended() == null
                && System.nanoTime() - deadline < 0) {
            rest(0);
        }
    }

    /** Without Postgres: reads the log as it grows, until it holds every acknowledged order as filled. */
    static List<String> scan(RedisLog redis, long[] from, OrderTrails trails, Outcomes outcomes, int seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<String> problems = new ArrayList<>();
        long[] last = from;
        while (true) {
            long began = System.nanoTime();
            long[] heads = redis.heads();
            problems.addAll(redis.scan(last, heads, trails::logged));
            last = heads;
            if (trails.filled() >= outcomes.acknowledgedCount()
                    || !problems.isEmpty()
                    || System.nanoTime() - deadline > 0) {
                return problems;
            }
            rest(System.nanoTime() - began);
        }
    }

    private static void rest(long lookNs) {
        LockSupport.parkNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(POLL_MS), lookNs * REST_FACTOR));
    }
}
