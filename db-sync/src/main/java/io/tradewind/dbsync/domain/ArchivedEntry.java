package io.tradewind.dbsync.domain;

import java.util.Objects;

/**
 * A log entry that goes to the archive as it is.
 *
 * @param firstVersion of its first transaction
 * @param lastVersion of its last transaction; the id of the entry
 * @param firstAtMs when its first transaction was committed, milliseconds since the epoch
 * @param lastAtMs when its last transaction was committed
 * @param body the bytes in the log; read only
 */
@SuppressWarnings("ArrayRecordComponent") // Carried through untouched; nobody compares entries.
public record ArchivedEntry(
        int partition, long firstVersion, long lastVersion, long firstAtMs, long lastAtMs, byte[] body) {

    public ArchivedEntry {
        Objects.requireNonNull(body, "body");
        if (firstVersion < 1 || lastVersion < firstVersion) {
            throw new IllegalArgumentException(
                    "partition " + partition + ": no entry from version " + firstVersion + " to " + lastVersion);
        }
    }
}
