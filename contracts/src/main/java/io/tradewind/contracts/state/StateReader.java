package io.tradewind.contracts.state;

import io.tradewind.contracts.Failure;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads state, and remembers what it read: when the owner cannot be reached, the caller gets the last answer to the same
 * question, marked stale and as old as it is, or the failure, if there is none. Remembers a bounded number of answers and
 * bytes; those not asked for longest go first.
 *
 * <p>One per event loop, used on it only. Nothing to close; a crash forgets what was remembered.
 */
public final class StateReader {

    /** Heap of an answer and of each entity in it, beside the documents; about, and rather more. */
    private static final long OVERHEAD_BYTES = 256;

    /** One answer may take this part of all the bytes; a larger one is not remembered, it would displace too many. */
    private static final int MAX_PART = 8;

    private final StateClient client;
    private final int maxAnswers;
    private final long maxBytes;
    private final Map<ReadEntities, EntitiesPage> known = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * @param maxAnswers remembered
     * @param maxBytes of heap that they may take, about
     */
    public StateReader(StateClient client, int maxAnswers, long maxBytes) {
        this.client = client;
        this.maxAnswers = maxAnswers;
        this.maxBytes = maxBytes;
    }

    /** As {@link StateClient#read}; fails only when the owner cannot be reached and nothing is remembered. */
    public Future<EntitiesPage> read(ReadEntities query) {
        ReadEntities question = query.noOlderThan(ReadEntities.ANY_AGE);
        return client.read(query).onSuccess(page -> remember(question, page)).recover(failure -> {
            EntitiesPage last = mayBeRemembered(failure) ? known.get(question) : null;
            return last == null
                    ? Future.failedFuture(failure)
                    : Future.succeededFuture(last.known(last.asOfMs(), true));
        });
    }

    /** Answers remembered now. */
    public int answers() {
        return known.size();
    }

    /** Heap that they take, about. */
    public long bytes() {
        return bytes;
    }

    /** A wrong question has no answer, remembered or not. */
    private static boolean mayBeRemembered(Throwable failure) {
        return Failure.of(failure) != Failure.INVALID;
    }

    private void remember(ReadEntities question, EntitiesPage page) {
        forget(known.remove(question));
        long size = size(page);
        if (size > maxBytes / MAX_PART) {
            return;
        }
        known.put(question, page);
        bytes += size;
        var oldest = known.entrySet().iterator();
        while (known.size() > maxAnswers || bytes > maxBytes) {
            EntitiesPage gone = oldest.next().getValue();
            oldest.remove();
            forget(gone);
        }
    }

    private void forget(EntitiesPage page) {
        bytes -= page == null ? 0 : size(page);
    }

    private static long size(EntitiesPage page) {
        long size = OVERHEAD_BYTES;
        for (Entity entity : page.entities()) {
            size += OVERHEAD_BYTES + entity.json().size();
        }
        return size;
    }
}
