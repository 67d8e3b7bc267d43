package io.tradewind.dbsync.domain;

/**
 * How far a batch takes a partition.
 *
 * @param from the version that Postgres holds before the batch; another value there refuses the batch
 * @param to the version that it holds after it
 * @param atMs when that version was committed, milliseconds since the epoch
 */
public record Advance(int partition, long from, long to, long atMs) {

    public Advance {
        if (to <= from) {
            throw new IllegalArgumentException("partition " + partition + ": no advance from " + from + " to " + to);
        }
    }
}
