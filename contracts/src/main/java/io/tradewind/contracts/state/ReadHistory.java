package io.tradewind.contracts.state;

/**
 * Query: the changes of one entity, from a version back. One answer does a bounded amount of work: it may hold fewer
 * changes than asked for, even none, and say where to go on; see {@link HistoryPage#end}.
 *
 * @param fromVersion the newest version of interest; {@link #NEWEST} for the end of the log
 * @param limit changes wanted, within 1 and {@link #MAX_LIMIT}
 * @param stateOnly whether only version, time and document are wanted. Then the state itself may answer, even when log
 *     and archive are out of reach; a change answered so has no transaction id and an empty cause
 */
public record ReadHistory(EntityKey key, long fromVersion, int limit, boolean stateOnly) {

    /** Changes in one answer. */
    public static final int MAX_LIMIT = 500;

    /** Before any version that can be: whatever the newest one is. */
    public static final long NEWEST = Long.MAX_VALUE;

    public ReadHistory {
        if (fromVersion < 1) {
            throw new IllegalArgumentException("fromVersion " + fromVersion + ": must be at least 1");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + ": must be within 1.." + MAX_LIMIT);
        }
    }

    /** The newest changes. */
    public static ReadHistory of(EntityKey key, int limit) {
        return new ReadHistory(key, NEWEST, limit, false);
    }

    /** The change that made the entity what it was at {@code version}. */
    public static ReadHistory asOf(EntityKey key, long version) {
        return new ReadHistory(key, version, 1, true);
    }

    /** The same from another version back. */
    public ReadHistory from(long version) {
        return new ReadHistory(key, version, limit, stateOnly);
    }
}
