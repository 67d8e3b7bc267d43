package io.tradewind.statestore.domain;

import java.util.Objects;

/**
 * A log entry as it is stored, not decoded.
 *
 * @param lastVersion of its last transaction
 * @param body read only
 */
@SuppressWarnings("ArrayRecordComponent") // Carried through untouched; nobody compares entries.
public record StoredEntry(long lastVersion, byte[] body) {

    public StoredEntry {
        Objects.requireNonNull(body, "body");
    }
}
