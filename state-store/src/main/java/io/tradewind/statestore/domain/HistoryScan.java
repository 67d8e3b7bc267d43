package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for the changes of one entity through entries of the log, newest first. It accepts only what joins on without a
 * gap, so that wherever entries come from (log, archive, both overlapping, one of them trimmed meanwhile), nothing is
 * passed over and nothing is told twice.
 *
 * <p>Pure. One request, one thread at a time.
 */
public final class HistoryScan {

    /** Bytes of documents in one answer; one more change may take it over. */
    static final int MAX_BYTES = 1024 * 1024;

    private final EntityKey key;
    private final int limit;
    private final List<EntityChange> changes = new ArrayList<>();
    private long next;
    private long bytes;

    /**
     * @param fromVersion the newest version to look at; 0: there is nothing to look at
     * @param limit changes wanted
     */
    public HistoryScan(EntityKey key, long fromVersion, int limit) {
        this.key = key;
        this.next = fromVersion;
        this.limit = limit;
    }

    /** The newest version not looked at; 0: all are. */
    public long next() {
        return next;
    }

    /** Down to this version everything has been looked at. */
    public long lookedBackTo() {
        return next + 1;
    }

    /** Whether as much is found as one answer may hold. */
    public boolean isFull() {
        return changes.size() >= limit || bytes >= MAX_BYTES;
    }

    /** Whether there is nothing left to do. */
    public boolean isDone() {
        return next == 0 || isFull();
    }

    /** Newest first. */
    public List<EntityChange> changes() {
        return List.copyOf(changes);
    }

    /**
     * Looks through one entry.
     *
     * @param entry transactions whose versions follow each other
     * @return whether it held the next version; {@code false} when it is newer, and then ignored, or older: then what is
     *     between is missing where it comes from
     */
    public boolean look(List<CommittedTransaction> entry) {
        long first = entry.get(0).version();
        long last = entry.get(entry.size() - 1).version();
        if (first > next || last < next) {
            return false;
        }
        for (int i = (int) (next - first); i >= 0 && !isFull(); i--) {
            CommittedTransaction tx = entry.get(i);
            look(tx);
            next = tx.version() - 1;
        }
        return true;
    }

    private void look(CommittedTransaction tx) {
        List<Mutation> mutations = tx.mutations();
        for (int i = mutations.size() - 1; i >= 0; i--) {
            Mutation mutation = mutations.get(i);
            if (mutation.key().equals(key)) {
                changes.add(new EntityChange(tx.version(), tx.timeMs(), tx.id(), tx.cause(), mutation.json()));
                bytes += mutation.isDelete() ? 0 : mutation.json().size();
                return;
            }
        }
    }
}
