package io.tradewind.dbsync.domain;

import java.util.List;

/**
 * What one read found behind the offset of a partition.
 *
 * @param head last version of the log, taken just before the entries; 0 when the log is empty or not there
 * @param entries in version order, at most as many as were asked for
 * @param full whether as many entries came as were asked for, so that more may follow
 */
public record PartitionRead(int partition, long head, List<LogEntry> entries, boolean full) {

    public PartitionRead {
        entries = List.copyOf(entries);
    }

    /** Size of the entries as they are stored. */
    long bytes() {
        return entries.stream().mapToLong(entry -> entry.body().length).sum();
    }
}
