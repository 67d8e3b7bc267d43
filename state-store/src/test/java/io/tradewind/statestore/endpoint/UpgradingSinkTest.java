package io.tradewind.statestore.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.schema.Migration;
import io.tradewind.contracts.state.schema.MigrationFailedException;
import io.tradewind.contracts.state.schema.NewerSchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.statestore.domain.SnapshotSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpgradingSinkTest {

    private static final Schemas SCHEMAS = new Schemas(List.of(
            new Migration("fruit", 1, "weighs it", fruit -> fruit.set("weight", fruit.requiredDecimal("grams"))),
            new Migration("fruit", 2, "calls it ripe", fruit -> fruit.set("ripe", true))));

    private final List<String> came = new ArrayList<>();
    private final UpgradingSink sink = new UpgradingSink(SCHEMAS, new SnapshotSink() {
        @Override
        public void schemas(Map<String, Integer> versions) {
            came.add("schemas " + versions);
        }

        @Override
        public void entity(Entity entity) {
            came.add(entity.key() + " " + entity.version() + " " + entity.timeMs() + " " + entity.json());
        }

        @Override
        public void transaction(String id, long version) {
            came.add("transaction " + id + " " + version);
        }
    });

    private static Entity entity(String domain, String json) {
        return new Entity(new EntityKey(domain, "alice", "1"), 7, 8, Json.of(json));
    }

    @Test
    void shouldTakeASnapshotThatSaysNothingForSchemaOne() {
        sink.schemas(Map.of());
        sink.entity(entity("fruit", "{\"grams\":\"5\"}"));
        sink.entity(entity("other", "{}"));
        sink.transaction("t", 6);
        assertEquals(
                List.of(
                        "schemas {fruit=3}",
                        "fruit/alice/1 7 8 {\"grams\":\"5\",\"weight\":\"5\",\"ripe\":true}",
                        "other/alice/1 7 8 {}",
                        "transaction t 6"),
                came);
    }

    @Test
    void shouldGoOnFromTheVersionThatTheSnapshotSays() {
        sink.schemas(Map.of("fruit", 2));
        sink.entity(entity("fruit", "{}"));
        assertEquals("fruit/alice/1 7 8 {\"ripe\":true}", came.get(1));
    }

    @Test
    void shouldRefuseASnapshotOfANewerProgramBeforeAnythingOfItComesIn() {
        assertThrows(NewerSchemaException.class, () -> sink.schemas(Map.of("fruit", 4)));
        assertThrows(NewerSchemaException.class, () -> sink.schemas(Map.of("strange", 2)));
        assertEquals(List.of(), came);
    }

    @Test
    void shouldNeverSkipADocumentThatAStepCannotHandle() {
        sink.schemas(Map.of());
        MigrationFailedException failed =
                assertThrows(MigrationFailedException.class, () -> sink.entity(entity("fruit", "{}")));
        assertEquals("grams is missing", failed.reason());
        assertTrue(failed.getMessage().startsWith("fruit/alice/1 "), failed.getMessage());
    }

    @Test
    void shouldRefuseToGuessTheShape() {
        assertThrows(IllegalStateException.class, () -> sink.entity(entity("fruit", "{}")));
    }
}
