package io.tradewind.dbsync.domain;

import java.util.Objects;

/**
 * One durable commit as the log holds it.
 *
 * @param version the version in its stream id: that of its last transaction
 * @param body the encoded transactions; read only
 */
@SuppressWarnings("ArrayRecordComponent") // Carried through untouched; nobody compares entries.
public record LogEntry(long version, byte[] body) {

    public LogEntry {
        Objects.requireNonNull(body, "body");
    }
}
