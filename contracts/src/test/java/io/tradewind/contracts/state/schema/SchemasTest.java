package io.tradewind.contracts.state.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemasTest {

    private static final EntityKey FRUIT = new EntityKey("fruit", "alice", "apple");
    private static final Json OLD = Json.of("{\"colour\":\"red\"}");

    private static final Migration ONE = step("fruit", 1, fruit -> fruit.rename("colour", "color"));
    private static final Migration TWO = step("fruit", 2, fruit -> fruit.set("ripe", true));
    private static final Schemas FRUITS = new Schemas(List.of(TWO, ONE));

    private static Migration step(String domain, int from, Migration.Step step) {
        return new Migration(domain, from, "changes version " + from, step);
    }

    @Test
    void shouldHaveEveryDomainInVersionOneUnlessAStepSaysOtherwise() {
        assertEquals(1, FRUITS.version("nobody-knows"));
        assertEquals(3, FRUITS.version("fruit"));
        assertEquals(Map.of("fruit", 3), FRUITS.raised());
        assertEquals(Map.of(), new Schemas(List.of()).raised());
    }

    @Test
    void shouldRunTheStepsInOrderFromWhereverADocumentIs() {
        assertEquals(
                "{\"color\":\"red\",\"ripe\":true}",
                FRUITS.upgrade(FRUIT, 1, OLD).toString());
        Json second = Json.of("{\"color\":\"red\"}");
        assertEquals(
                "{\"color\":\"red\",\"ripe\":true}",
                FRUITS.upgrade(FRUIT, 2, second).toString());
        assertEquals(List.of(ONE, TWO), FRUITS.steps("fruit", 1));
        assertEquals(List.of(TWO), FRUITS.steps("fruit", 2));
        assertEquals(List.of(), FRUITS.steps("fruit", 3));
        assertEquals("{\"colour\":\"red\"}", OLD.toString(), "what was handed in stays as it was");
    }

    @Test
    void shouldHandBackACurrentDocumentItself() {
        Json odd = Json.of("not even JSON");
        assertSame(odd, FRUITS.upgrade(FRUIT, 3, odd));
        assertSame(odd, FRUITS.upgrade(new EntityKey("other", "alice", "1"), 1, odd));
        Entity entity = new Entity(FRUIT, 7, 8, odd);
        assertSame(entity, FRUITS.upgrade(entity, Map.of("fruit", 3)));
    }

    @Test
    void shouldUpgradeEntitiesOfASnapshotAndKeepTheirVersionAndTime() {
        Entity entity = new Entity(FRUIT, 7, 8, OLD);
        Json current = Json.of("{\"color\":\"red\",\"ripe\":true}");
        assertEquals(new Entity(FRUIT, 7, 8, current), FRUITS.upgrade(entity, Map.of()), "says nothing: version 1");
        assertEquals(new Entity(FRUIT, 7, 8, current), FRUITS.upgrade(entity, Map.of("fruit", 1, "other", 1)));
    }

    @Test
    void shouldRefuseANewerVersionThanItKnows() {
        NewerSchemaException refused = assertThrows(NewerSchemaException.class, () -> FRUITS.upgrade(FRUIT, 4, OLD));
        assertEquals("fruit", refused.domain());
        assertEquals(4, refused.found());
        assertEquals(3, refused.known());
        assertEquals(
                "documents of domain 'fruit' have schema version 4; this program knows versions up to 3: run the"
                        + " release that wrote them, or a newer one",
                refused.getMessage());
        assertThrows(NewerSchemaException.class, () -> FRUITS.check(Map.of("fruit", 3, "strange", 2)));
        assertThrows(NewerSchemaException.class, () -> FRUITS.steps("strange", 2));
        FRUITS.check(Map.of("fruit", 3, "strange", 1));
        FRUITS.check(Map.of());
    }

    @Test
    void shouldRefuseVersionsThatThereCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> FRUITS.upgrade(FRUIT, 0, OLD));
        assertThrows(IllegalArgumentException.class, () -> FRUITS.check(Map.of("fruit", -1)));
        assertThrows(IllegalArgumentException.class, () -> step("fruit", 0, fruit -> {}));
        assertThrows(IllegalArgumentException.class, () -> new Migration("fruit", 1, " ", fruit -> {}));
    }

    @Test
    void shouldRefuseAChainWithAHoleOrAForkWhenItIsMade() {
        Migration four = step("fruit", 4, fruit -> {});
        assertEquals(
                "domain 'fruit' has a step from version 4 but none from version 3",
                assertThrows(IllegalArgumentException.class, () -> new Schemas(List.of(ONE, TWO, four)))
                        .getMessage());
        assertEquals(
                "domain 'fruit' has a step from version 2 but none from version 1",
                assertThrows(IllegalArgumentException.class, () -> new Schemas(List.of(TWO)))
                        .getMessage());
        Migration other = new Migration("fruit", 1, "something else", fruit -> {});
        assertEquals(
                "domain 'fruit' has two steps from version 1: 'changes version 1' and 'something else'",
                assertThrows(IllegalArgumentException.class, () -> new Schemas(List.of(ONE, other)))
                        .getMessage());
    }

    @Test
    void shouldNameTheDocumentTheStepAndTheReasonWhenAStepFails() {
        Migration picky = new Migration("fruit", 1, "counts pips", fruit -> fruit.requiredDecimal("pips"));
        Schemas schemas = new Schemas(List.of(picky, TWO));
        MigrationFailedException failed =
                assertThrows(MigrationFailedException.class, () -> schemas.upgrade(FRUIT, 1, OLD));
        assertEquals(FRUIT, failed.key());
        assertEquals(picky, failed.step());
        assertEquals("pips is missing", failed.reason());
        assertEquals(
                "fruit/alice/apple cannot be brought from schema version 1 to 2 (counts pips): pips is missing; run a"
                        + " release whose step can handle this document",
                failed.getMessage());
    }

    @Test
    void shouldFailOnADocumentThatIsNoObjectAndOnAnyBugInAStep() {
        for (String text : List.of("", "[]", "7", "{", "{\"a\":", "{} {}", "{\"a\":[1,}", "{'a':1}", "{\"a\":NaN}")) {
            MigrationFailedException failed =
                    assertThrows(MigrationFailedException.class, () -> FRUITS.upgrade(FRUIT, 1, Json.of(text)), text);
            assertTrue(failed.getMessage().startsWith(FRUIT + " cannot be brought"), failed.getMessage());
        }
        Schemas bug = new Schemas(List.of(step("fruit", 1, fruit -> {
            throw new UnsupportedOperationException();
        })));
        assertEquals(
                "java.lang.UnsupportedOperationException",
                assertThrows(MigrationFailedException.class, () -> bug.upgrade(FRUIT, 1, OLD))
                        .reason());
    }

    /** Every released step, with all its kind: it is there, says what it does, and never goes away. */
    @Test
    void shouldKnowTheStepsOfThisProgram() {
        List<String> steps = new ArrayList<>();
        Schemas.current().all().forEach(step -> steps.add(step.domain() + " " + step.fromVersion()));
        assertEquals(List.of("position 1", "position 2"), steps);
        assertEquals(3, Schemas.current().version("position"));
    }
}
