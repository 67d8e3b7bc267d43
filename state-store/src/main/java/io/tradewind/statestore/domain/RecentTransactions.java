package io.tradewind.statestore.domain;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which transaction ids made which versions, so that a retry returns the first answer. Holds the latest
 * {@link #CAPACITY}; a retry comes within seconds, and these reach back much further. Rebuilt by replay.
 */
final class RecentTransactions {

    /** Transaction ids remembered per partition. */
    static final int CAPACITY = 65_536;

    private final Map<String, Long> versions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > CAPACITY;
        }
    };

    /** @return the version that the transaction made, or {@code null} when it is not known */
    Long versionOf(String id) {
        return versions.get(id);
    }

    void remember(String id, long version) {
        versions.put(id, version);
    }

    void forget(String id) {
        versions.remove(id);
    }
}
