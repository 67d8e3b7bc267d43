package io.tradewind.contracts.state;

import java.util.List;

/**
 * Answer to {@link ReadEntities}.
 *
 * @param version the durable version of the partition that this was read at
 * @param asOfMs when the owner last knew that this is the newest state, milliseconds since the epoch, by its clock: when it
 *     asked the log for the last thing that the log confirmed to it
 * @param stale whether nobody could confirm that nothing newer exists: the log is out of reach of the owner, or the owner
 *     out of reach of whoever gave this from memory
 * @param more whether entities follow behind the last one of this page
 */
public record EntitiesPage(long version, long asOfMs, boolean stale, List<Entity> entities, boolean more) {

    public EntitiesPage {
        entities = List.copyOf(entities);
    }

    /** The same entities, known otherwise. */
    public EntitiesPage known(long sinceMs, boolean isStale) {
        return new EntitiesPage(version, sinceMs, isStale, entities, more);
    }
}
