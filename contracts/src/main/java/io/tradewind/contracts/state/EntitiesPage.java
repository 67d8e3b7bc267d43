package io.tradewind.contracts.state;

import java.util.List;

/**
 * Answer to {@link ReadEntities}.
 *
 * @param version the durable version of the partition that this was read at
 * @param asOfMs when that version was committed, milliseconds since the epoch; 0 for an empty partition
 * @param stale whether the owner could not confirm that nothing newer exists (its log is out of reach)
 * @param more whether entities follow behind the last one of this page
 */
public record EntitiesPage(long version, long asOfMs, boolean stale, List<Entity> entities, boolean more) {

    public EntitiesPage {
        entities = List.copyOf(entities);
    }
}
