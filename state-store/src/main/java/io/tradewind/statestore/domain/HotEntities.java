package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Entity;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Entities of a shelf that are held unpacked. Found by hash, because most changes are to entities that are there and
 * comparing long ids all the way down a tree is most of what they would cost; kept in order besides, which only coming
 * and going entities touch, for whoever goes through them in the order of their ids.
 *
 * <p>Not thread safe: owned by its shelf.
 */
final class HotEntities {

    /** The place of one entity, known to both ways of finding it. */
    private static final class Place {
        private Entity entity;

        Place(Entity entity) {
            this.entity = entity;
        }
    }

    private Map<String, Place> byId = new HashMap<>();
    private final SortedChunks<Place> inOrder = new SortedChunks<>();

    Entity get(String id) {
        Place place = byId.get(id);
        return place == null ? null : place.entity;
    }

    /** @return what it replaces, or {@code null} */
    Entity put(Entity entity) {
        String id = entity.key().id();
        Place place = byId.get(id);
        if (place != null) {
            Entity before = place.entity;
            place.entity = entity;
            return before;
        }
        Place added = new Place(entity);
        byId.put(id, added);
        inOrder.add(id, added);
        return null;
    }

    /** @return what was there, or {@code null} */
    Entity remove(String id) {
        Place place = byId.remove(id);
        if (place == null) {
            return null;
        }
        inOrder.remove(id);
        if (byId.isEmpty()) {
            // A hash table never shrinks: that of a shelf gone cold is let go.
            byId = new HashMap<>();
        }
        return place.entity;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Those behind {@code afterId}, or all when it is {@code null}, in order; valid until one comes or goes. */
    Iterable<Entity> behind(String afterId) {
        return () -> entities(inOrder.ascending(afterId, null));
    }

    /** Those behind {@code afterId} up to {@code untilId}, in order; {@code null} for no limit. */
    Iterable<Entity> range(String afterId, String untilId) {
        return () -> entities(inOrder.ascending(afterId, untilId));
    }

    /** Those before {@code beforeId}, or all when it is {@code null}, from the last one on. */
    Iterable<Entity> before(String beforeId) {
        return () -> entities(inOrder.descending(beforeId));
    }

    private static Iterator<Entity> entities(Iterator<Place> places) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return places.hasNext();
            }

            @Override
            public Entity next() {
                return places.next().entity;
            }
        };
    }
}
