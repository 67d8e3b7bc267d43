package io.tradewind.allinone.backup;

import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.domain.SnapshotSink;
import java.util.Map;

/**
 * Takes a snapshot in as a load would, brings every document to its shape of today, and forgets it. What it throws is
 * a {@link io.tradewind.contracts.state.schema.SchemaException}: the snapshot is good, but not for this program.
 */
public final class LoadableCheck implements SnapshotSink {

    private final Schemas schemas;
    private Map<String, Integer> versions = Map.of();

    public LoadableCheck(Schemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public void schemas(Map<String, Integer> found) {
        schemas.check(found);
        versions = found;
    }

    @Override
    public void entity(Entity entity) {
        schemas.upgrade(entity, versions);
    }

    @Override
    public void transaction(String id, long version) {
        // Ids have no shape.
    }
}
