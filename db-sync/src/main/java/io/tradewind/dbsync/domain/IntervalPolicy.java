package io.tradewind.dbsync.domain;

/**
 * How long to pause between batches. With more waiting there is no pause. After changes the pause is as long as the
 * batch took, within the limits: a slow database gets larger batches, which coalesce more, rather than more of them.
 * After reads that found nothing the pause doubles up to the maximum; a hint that something changed cuts it short.
 *
 * <p>Used by one thread.
 */
public final class IntervalPolicy {

    /**
     * @param earliestMs a hint may end the pause from then on
     * @param latestMs without a hint it ends then
     */
    public record Pause(long earliestMs, long latestMs) {}

    private static final Pause NONE = new Pause(0, 0);

    private final long minMs;
    private final long maxMs;
    private long quietMs;

    public IntervalPolicy(long minMs, long maxMs) {
        if (minMs < 1 || maxMs < minMs) {
            throw new IllegalArgumentException("interval " + minMs + ".." + maxMs + " ms");
        }
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.quietMs = minMs;
    }

    /** After a batch was written. */
    public Pause afterBatch(boolean backlog, long batchMs) {
        quietMs = minMs;
        if (backlog) {
            return NONE;
        }
        long pause = Math.max(minMs, Math.min(maxMs, batchMs));
        return new Pause(pause, pause);
    }

    /** After a read that found nothing. */
    public Pause afterNothing() {
        Pause pause = new Pause(minMs, quietMs);
        quietMs = Math.min(maxMs, quietMs * 2);
        return pause;
    }
}
