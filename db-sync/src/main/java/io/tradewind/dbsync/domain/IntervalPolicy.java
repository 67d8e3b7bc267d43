package io.tradewind.dbsync.domain;

import io.tradewind.contracts.state.Domains;
import java.util.Set;

/**
 * How long to pause between batches, from three things: backlog, how long a batch takes, and what changes.
 *
 * <ul>
 *   <li>With more waiting there is no pause.
 *   <li>After orders or fills the pause is a part of what the batch took, within the limits: a slow database gets larger
 *       batches, which coalesce more, rather than more of them. Not all of it: a database that is busy for more than half
 *       of the time would then get batches that grow without an end.
 *   <li>While nothing but the rest changes, quotes above all, the pause doubles with every batch, up to
 *       {@value #ORDINARY_FACTOR} times the minimum: those rows are written over and over, so waiting saves most of the
 *       work. An order or a fill cuts such a pause short; that is how they are pulled forward.
 *   <li>After reads that found nothing the pause doubles up to the maximum; a hint that something changed cuts it short.
 * </ul>
 *
 * <p>Used by one thread.
 */
public final class IntervalPolicy {

    /** What is never made to wait for more of its kind. */
    private static final Set<String> CRITICAL = Set.of(Domains.ORDER, Domains.ACTIVITY);

    /** Longest pause between batches of ordinary changes, in minimum intervals. */
    static final int ORDINARY_FACTOR = 8;

    /**
     * The pause behind a batch, as the part of it that this divides it into. A database that is busy for up to four fifths
     * of the time comes to rest with it, at batches that are as long as the minimum pause makes them.
     */
    static final int BATCH_PARTS = 4;

    /**
     * How long to pause. A pause is no longer than the first of these that applies.
     *
     * @param criticalMs when an order or a fill is known to wait
     * @param ordinaryMs when something else is known to wait
     * @param latestMs when nothing is
     */
    public record Pause(long criticalMs, long ordinaryMs, long latestMs) {

        /** A pause that nothing shortens. */
        public static Pause of(long ms) {
            return new Pause(ms, ms, ms);
        }
    }

    private static final Pause NONE = Pause.of(0);

    private final long minMs;
    private final long maxMs;
    private long quietMs;
    private long ordinaryMs;

    public IntervalPolicy(long minMs, long maxMs) {
        if (minMs < 1 || maxMs < minMs) {
            throw new IllegalArgumentException("interval " + minMs + ".." + maxMs + " ms");
        }
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.quietMs = minMs;
        this.ordinaryMs = minMs;
    }

    /** Whether a change of this domain is pulled forward. */
    public static boolean isCritical(String domain) {
        return CRITICAL.contains(domain);
    }

    /**
     * After a batch was written.
     *
     * @param critical whether there was an order or a fill in it
     */
    public Pause afterBatch(boolean backlog, long batchMs, boolean critical) {
        quietMs = minMs;
        if (backlog) {
            ordinaryMs = minMs;
            return NONE;
        }
        long needed = bounded(batchMs / BATCH_PARTS);
        if (critical) {
            ordinaryMs = minMs;
            return Pause.of(needed);
        }
        ordinaryMs = Math.min(bounded(minMs * ORDINARY_FACTOR), ordinaryMs * 2);
        long pause = Math.max(needed, ordinaryMs);
        return new Pause(needed, pause, pause);
    }

    /** After a read that found nothing. */
    public Pause afterNothing() {
        Pause pause = new Pause(minMs, Math.min(ordinaryMs, quietMs), quietMs);
        quietMs = Math.min(maxMs, quietMs * 2);
        return pause;
    }

    private long bounded(long ms) {
        return Math.max(minMs, Math.min(maxMs, ms));
    }
}
