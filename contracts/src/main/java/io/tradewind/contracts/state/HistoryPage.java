package io.tradewind.contracts.state;

import java.util.ArrayList;
import java.util.List;

/**
 * Answer to {@link ReadHistory}.
 *
 * @param headVersion the durable version of the partition when this was read; a version above it is not there yet
 * @param changes newest first
 * @param lookedBackTo every change from the version asked for down to this one has been looked at; 1 = all there ever was
 * @param end what is below {@code lookedBackTo}
 * @param reason why it is out of reach, in words; {@code null} unless it is
 */
public record HistoryPage(long headVersion, List<EntityChange> changes, long lookedBackTo, End end, String reason) {

    /** Why an answer goes no further back. */
    public enum End {

        /** Enough found, or enough work for one answer: ask again from {@link HistoryPage#lookedBackTo} − 1. */
        MORE,

        /** There is nothing: the first transaction of the partition has been looked at. */
        BEGINNING,

        /** What is older is kept no longer. */
        NOT_KEPT,

        /** What is older is, if anywhere, in the archive, which is not configured or does not answer now. */
        OUT_OF_REACH
    }

    public HistoryPage {
        changes = List.copyOf(changes);
    }

    /** This page and the one behind it as one; the head stays that of the first. */
    HistoryPage then(HistoryPage older) {
        List<EntityChange> all = new ArrayList<>(changes);
        all.addAll(older.changes);
        return new HistoryPage(headVersion, all, older.lookedBackTo, older.end, older.reason);
    }

    public boolean hasMore() {
        return end == End.MORE;
    }
}
