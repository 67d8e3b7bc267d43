package io.tradewind.contracts.state.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.EntityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Positions as the program wrote them before it counted the result of a day. */
class PositionV3Test {

    private static final Path DOCUMENTS = Path.of("src", "test", "resources", "golden", "documents");
    private static final EntityKey KEY = new EntityKey("position", "alice", "AAPL");
    private final Schemas schemas = new Schemas(List.of(PositionV2.step(), PositionV3.step()));

    @Test
    void shouldBringTheGoldenPositionsOfEveryVersionToThoseOfVersionThree() throws IOException {
        List<String> after = Files.readAllLines(DOCUMENTS.resolve("position-v3.jsonl"));
        for (int version = 1; version <= 2; version++) {
            List<String> before = Files.readAllLines(DOCUMENTS.resolve("position-v" + version + ".jsonl"));
            assertEquals(after.size(), before.size());
            for (int i = 0; i < before.size(); i++) {
                assertEquals(
                        after.get(i),
                        schemas.upgrade(KEY, version, Json.of(before.get(i))).toString());
            }
        }
    }

    @Test
    void shouldKeepEveryFieldThatWasThere() throws IOException {
        for (String line : Files.readAllLines(DOCUMENTS.resolve("position-v2.jsonl"))) {
            Map<String, String> before = JsonObjects.read(Json.of(line));
            Map<String, String> after = JsonObjects.read(schemas.upgrade(KEY, 2, Json.of(line)));
            assertEquals(before.size() + 5, after.size());
            before.forEach((name, value) -> assertEquals(value, after.get(name), name));
        }
    }

    @Test
    void shouldRefuseWhatIsNoPosition() {
        assertEquals(
                "qty is missing",
                assertThrows(MigrationFailedException.class, () -> schemas.upgrade(KEY, 2, Json.of("{}")))
                        .reason());
    }
}
