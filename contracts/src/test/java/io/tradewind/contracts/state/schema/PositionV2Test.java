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

/** Positions as the program wrote them before {@code asset_id}, {@code exchange} and {@code unrealized_plpc}. */
class PositionV2Test {

    private static final Path DOCUMENTS = Path.of("src", "test", "resources", "golden", "documents");
    private static final EntityKey KEY = new EntityKey("position", "alice", "AAPL");
    private final Schemas schemas = new Schemas(List.of(PositionV2.step()));

    @Test
    void shouldBringTheGoldenPositionsOfVersionOneToThoseOfVersionTwo() throws IOException {
        List<String> before = Files.readAllLines(DOCUMENTS.resolve("position-v1.jsonl"));
        List<String> after = Files.readAllLines(DOCUMENTS.resolve("position-v2.jsonl"));
        assertEquals(after.size(), before.size());
        for (int i = 0; i < before.size(); i++) {
            Json upgraded = schemas.upgrade(KEY, 1, Json.of(before.get(i)));
            assertEquals(after.get(i), upgraded.toString());
        }
    }

    @Test
    void shouldKeepEveryFieldThatWasThere() throws IOException {
        for (String line : Files.readAllLines(DOCUMENTS.resolve("position-v1.jsonl"))) {
            Map<String, String> before = JsonObjects.read(Json.of(line));
            Map<String, String> after = JsonObjects.read(schemas.upgrade(KEY, 1, Json.of(line)));
            assertEquals(before.size() + 3, after.size());
            before.forEach((name, value) -> assertEquals(value, after.get(name), name));
        }
    }

    @Test
    void shouldDeriveTheRatioFromResultAndCost() {
        assertEquals("0.5", ratio("100", "50"));
        assertEquals("-0.5", ratio("100", "-50"));
        assertEquals("0.5", ratio("-100", "50"), "a short position that fell has gained");
        assertEquals("0.333333333", ratio("3", "1"));
        assertEquals("0", ratio("0", "7"), "nothing was paid");
        assertEquals("0", ratio("12.5", "0.000"));
        assertEquals("0", ratio("1000000000000", "0.0000001"));
        assertEquals("100", ratio("1", "100"));
    }

    private String ratio(String cost, String result) {
        Json position =
                Json.of("{\"symbol\":\"AAPL\",\"cost_basis\":\"" + cost + "\",\"unrealized_pl\":\"" + result + "\"}");
        return JsonObjects.read(schemas.upgrade(KEY, 1, position)).get("unrealized_plpc");
    }

    @Test
    void shouldRefuseWhatIsNoPosition() {
        Map<String, String> reasons = Map.of(
                "{}", "symbol is missing",
                "{\"symbol\":\"A\"}", "cost_basis is missing",
                "{\"symbol\":\"A\",\"cost_basis\":\"1\",\"unrealized_pl\":null}", "unrealized_pl is missing");
        reasons.forEach((text, reason) -> assertEquals(
                reason,
                assertThrows(MigrationFailedException.class, () -> schemas.upgrade(KEY, 1, Json.of(text)))
                        .reason()));
    }
}
