package io.tradewind.contracts.state.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.schema.MigrationReport.DomainReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrationRehearsalTest {

    private static final Migration RENAME =
            new Migration("fruit", 1, "spells color as the others do", fruit -> fruit.rename("colour", "color"));
    private static final Migration PIPS =
            new Migration("fruit", 2, "counts pips", fruit -> fruit.set("pips", fruit.requiredDecimal("weight")));

    private final MigrationRehearsal rehearsal = new MigrationRehearsal(new Schemas(List.of(RENAME, PIPS)));

    private void add(String domain, String id, int version, String json) {
        rehearsal.add(new EntityKey(domain, "alice", id), version, Json.of(json));
    }

    @Test
    void shouldSayWhatWouldChangeAndHow() {
        add("tree", "t1", 1, "{}");
        add("fruit", "f1", 1, "{\"colour\":\"red\",\"weight\":\"7\"}");
        add("fruit", "f2", 2, "{\"color\":\"red\",\"weight\":\"8\"}");
        add("fruit", "f3", 3, "{\"color\":\"red\",\"weight\":\"8\",\"pips\":\"8\"}");
        MigrationReport report = rehearsal.report();

        assertEquals(4, report.documents());
        assertEquals(2, report.changed());
        assertEquals(0, report.failed());
        DomainReport fruit = report.domains().get(0);
        assertEquals(3, fruit.documents());
        assertEquals(3, fruit.toVersion());
        assertEquals(Map.of(1, 1L, 2, 1L), fruit.changes());
        assertEquals(List.of(RENAME, PIPS), fruit.steps());
        assertEquals(
                List.of(
                        "4 documents; 2 would change, 0 cannot be migrated. Nothing was written.",
                        "fruit: 3 documents, schema version 3",
                        "  1 from version 1 to 3",
                        "  1 from version 2 to 3",
                        "  step 1 to 2: spells color as the others do",
                        "  step 2 to 3: counts pips",
                        "  fruit/alice/f1",
                        "    before: {\"colour\":\"red\",\"weight\":\"7\"}",
                        "    after:  {\"color\":\"red\",\"weight\":\"7\",\"pips\":\"7\"}",
                        "  fruit/alice/f2",
                        "    before: {\"color\":\"red\",\"weight\":\"8\"}",
                        "    after:  {\"color\":\"red\",\"weight\":\"8\",\"pips\":\"8\"}",
                        "tree: 1 documents, schema version 1; none would change"),
                report.lines());
    }

    @Test
    void shouldNameTheStepsThatWouldRunAndNoOthers() {
        add("fruit", "f2", 2, "{\"color\":\"red\",\"weight\":\"8\"}");
        assertEquals(List.of(PIPS), rehearsal.report().domains().get(0).steps());
    }

    @Test
    void shouldNameWhatCannotBeMigratedAndGoOn() {
        add("fruit", "f1", 1, "{\"colour\":\"red\"}");
        add("fruit", "f2", 9, "{}");
        add("strange", "s1", 2, "{}");
        add("fruit", "f3", 1, "{\"weight\":\"7\"}");
        MigrationReport report = rehearsal.report();
        assertEquals(1, report.changed());
        assertEquals(3, report.failed());
        DomainReport fruit = report.domains().get(0);
        assertEquals(
                new MigrationReport.Failure(new EntityKey("fruit", "alice", "f1"), 1, "step 2 to 3: weight is missing"),
                fruit.failures().get(0));
        assertTrue(
                fruit.failures().get(1).reason().contains("schema version 9; this program knows versions up to 3"),
                fruit.failures().get(1).reason());
        assertEquals(
                "  cannot be migrated: fruit/alice/f1 in version 1: step 2 to 3: weight is missing",
                report.lines().stream()
                        .filter(line -> line.contains("cannot be migrated: "))
                        .findFirst()
                        .orElseThrow());
        assertEquals(1, report.domains().get(1).failed());
    }

    @Test
    void shouldCountWithoutEndAndKeepOnlyTheFirst() {
        for (int i = 0; i < 1_000; i++) {
            add("fruit", "good-" + i, 1, "{\"weight\":\"7\"}");
            add("fruit", "bad-" + i, 1, "{}");
        }
        DomainReport fruit = rehearsal.report().domains().get(0);
        assertEquals(1_000, fruit.changed());
        assertEquals(1_000, fruit.failed());
        assertEquals(MigrationRehearsal.MAX_EXAMPLES, fruit.examples().size());
        assertEquals("good-0", fruit.examples().get(0).key().id());
        assertEquals(MigrationRehearsal.MAX_FAILURES, fruit.failures().size());
        List<String> lines = rehearsal.report().lines();
        assertEquals("  and 900 more that cannot be migrated", lines.get(lines.size() - 1));
    }

    @Test
    void shouldHaveNothingToSayAboutNothing() {
        assertEquals(
                List.of("0 documents; 0 would change, 0 cannot be migrated. Nothing was written."),
                rehearsal.report().lines());
    }
}
