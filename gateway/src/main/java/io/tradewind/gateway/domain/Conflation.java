package io.tradewind.gateway.domain;

import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a throttled client has not been sent yet: of each entity the latest change only. The changes of a partition stay
 * in order of their positions, so that a client that is cut between two of them resumes behind the first without losing
 * what it replaced or what comes behind. Belongs to one event loop.
 */
public final class Conflation {

    /** Entities held back at most; one more makes it due at once. */
    public static final int MAX_ENTITIES = 1_000;

    private final Map<EntityKey, StreamEvent> latest = new LinkedHashMap<>();

    /** @return whether it is full, so that it must be taken now */
    public boolean hold(StreamEvent event) {
        // Removed first, so that the change moves to the end: it has the highest position.
        latest.remove(event.key());
        latest.put(event.key(), event);
        return latest.size() >= MAX_ENTITIES;
    }

    public boolean isEmpty() {
        return latest.isEmpty();
    }

    /** Everything held back, which is forgotten here. */
    public List<StreamEvent> takeAll() {
        List<StreamEvent> taken = new ArrayList<>(latest.values());
        latest.clear();
        return taken;
    }

    /** Everything held back of one partition, which is forgotten here. */
    public List<StreamEvent> take(int partition) {
        List<StreamEvent> taken = new ArrayList<>();
        latest.values().removeIf(event -> event.partition() == partition && taken.add(event));
        return taken;
    }
}
