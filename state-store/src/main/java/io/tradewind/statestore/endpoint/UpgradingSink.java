package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.domain.SnapshotSink;
import java.util.Map;

/**
 * Brings the entities of a snapshot to the shape of today on their way into a partition. One snapshot, one thread.
 * Throws a {@link io.tradewind.contracts.state.schema.SchemaException} when that cannot be done: the snapshot is good
 * then, but not for this program, and nothing may be loaded without it.
 */
final class UpgradingSink implements SnapshotSink {

    private final Schemas schemas;
    private final SnapshotSink into;
    private Map<String, Integer> found;

    UpgradingSink(Schemas schemas, SnapshotSink into) {
        this.schemas = schemas;
        this.into = into;
    }

    @Override
    public void schemas(Map<String, Integer> versions) {
        schemas.check(versions);
        found = Map.copyOf(versions);
        into.schemas(schemas.raised());
    }

    @Override
    public void entity(Entity entity) {
        if (found == null) {
            throw new IllegalStateException(
                    entity.key() + " comes before the schema versions of its snapshot: its shape cannot be known");
        }
        into.entity(schemas.upgrade(entity, found));
    }

    @Override
    public void transaction(String id, long version) {
        into.transaction(id, version);
    }
}
