package io.tradewind.benchmarks.load;

import java.util.BitSet;

/**
 * The outcome of every single order of a run, by sequence number: what the audit compares with the log. An order that
 * is none of these was not sent. Written on the generator's event loop, read by others only after the run.
 */
public final class Outcomes {

    private final BitSet acknowledged = new BitSet();
    private final BitSet denied = new BitSet();
    private final BitSet unknown = new BitSet();
    private int sent;

    public void sent(int seq) {
        sent = Math.max(sent, seq + 1);
    }

    public void acknowledged(int seq) {
        acknowledged.set(seq);
    }

    public void denied(int seq) {
        denied.set(seq);
    }

    public void unknown(int seq) {
        unknown.set(seq);
    }

    /** Orders 0 to this, exclusive, were sent. */
    public int sentCount() {
        return sent;
    }

    public boolean isAcknowledged(int seq) {
        return acknowledged.get(seq);
    }

    public boolean isDenied(int seq) {
        return denied.get(seq);
    }

    public boolean isUnknown(int seq) {
        return unknown.get(seq);
    }

    public int acknowledgedCount() {
        return acknowledged.cardinality();
    }

    public int unknownCount() {
        return unknown.cardinality();
    }

    public int deniedCount() {
        return denied.cardinality();
    }
}
