package io.tradewind.statestore.domain;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How much of a partition's log may go: only what every kept snapshot, the database and the resume window have passed.
 * The window is a number of transactions and a time; both must have passed. Time is what the driver says it is.
 */
public final class TrimRule {

    /** Samples of version over time; with more of them than this, the window is a little longer than asked for. */
    static final int MAX_SAMPLES = 128;

    private record Sample(long timeMs, long version) {}

    private final long keepTransactions;
    private final long keepMs;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long passed;

    /**
     * @param keepTransactions the latest transactions, which always stay; from 0
     * @param keepMs how long every transaction stays at least, in milliseconds; from 0
     */
    public TrimRule(long keepTransactions, long keepMs) {
        this.keepTransactions = keepTransactions;
        this.keepMs = keepMs;
    }

    /** Notes where the partition is; call it now and then. */
    public void sample(long nowMs, long version) {
        while (!samples.isEmpty() && samples.peekFirst().timeMs() <= nowMs - keepMs) {
            passed = Math.max(passed, samples.removeFirst().version());
        }
        if (samples.isEmpty() || nowMs - samples.peekLast().timeMs() >= keepMs / MAX_SAMPLES) {
            samples.addLast(new Sample(nowMs, version));
        }
        if (keepMs == 0) {
            passed = version;
        }
    }

    /**
     * The highest version that may leave the log, together with all before it.
     *
     * @param version the partition's last durable one
     * @param snapshotted version of the oldest snapshot that recovery may have to fall back on; 0 when there is none
     * @param synced the last version that the database has, {@link Long#MAX_VALUE} when there is no database
     * @param scarce whether memory for the log is scarce: then subscribers have to read afresh sooner
     */
    public long upTo(long version, long snapshotted, long synced, boolean scarce) {
        long window = scarce ? version - 1 : Math.min(passed, version - keepTransactions);
        // The last entry always stays: it says where the log ends.
        return Math.max(0, Math.min(Math.min(window, version - 1), Math.min(snapshotted, synced)));
    }
}
