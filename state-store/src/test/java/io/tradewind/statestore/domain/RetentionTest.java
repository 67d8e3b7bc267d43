package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may leave the table, hot and compressed alike. A failing seed is printed: set it as {@code -Dseed=…}. */
class RetentionTest {

    private static final long DAY_MS = 86_400_000;
    private static final long NOW_MS = 100 * DAY_MS;
    private static final long ALL_SYNCED = Long.MAX_VALUE;

    private static final RetentionRules RULES = rules(Map.of(
            "order", "7d if status is filled|canceled",
            "activity", "7d unless order_id in order",
            "signal", "1d",
            "position", "never"));

    private final EntityTable table = new EntityTable();
    private long version;

    private static RetentionRules rules(Map<String, String> texts) {
        return RetentionRules.parse(texts, text -> Duration.parse("P" + text.toUpperCase(java.util.Locale.ROOT))
                .toMillis());
    }

    private void put(String domain, String id, double ageDays, String json) {
        table.put(new Entity(
                new EntityKey(domain, "account", id), ++version, NOW_MS - (long) (ageDays * DAY_MS), Json.of(json)));
    }

    private Set<String> expired(RetentionRules rules, long synced, int limit) {
        RetentionScan scan = new RetentionScan(table, rules, NOW_MS);
        Set<String> found = new HashSet<>();
        while (!scan.isAtEnd()) {
            for (Expectation gone : scan.next(synced, limit)) {
                assertEquals(gone.version(), table.get(gone.key()).version(), "the version that was looked at");
                assertTrue(found.add(gone.key().id()), () -> gone.key() + " twice");
            }
        }
        return found;
    }

    @Test
    void shouldLetGoOnlyOfWhatIsOldEnoughAndOfTheRightKind() {
        put("order", "old-filled", 8, "{\"status\":\"filled\"}");
        put("order", "old-open", 8, "{\"status\":\"new\"}");
        put("order", "old-odd", 8, "{}");
        put("order", "young-filled", 6.9, "{\"status\":\"filled\"}");
        put("signal", "old-signal", 1.1, "{}");
        put("position", "AAPL", 90, "{}");
        put("strategy", "momentum", 90, "{}");

        assertEquals(Set.of("old-filled", "old-signal"), expired(RULES, ALL_SYNCED, 10));
    }

    @Test
    void shouldKeepWhatTheDatabaseDoesNotHaveYet() {
        put("signal", "first", 5, "{}");
        put("signal", "second", 5, "{}");

        assertEquals(Set.of(), expired(RULES, 0, 10), "nobody said how far the database is");
        assertEquals(Set.of("first"), expired(RULES, 1, 10));
    }

    @Test
    void shouldKeepAnActivityAsLongAsItsOrder() {
        put("order", "open", 30, "{\"status\":\"partially_filled\"}");
        put("activity", "of-open", 20, "{\"order_id\":\"open\"}");
        put("activity", "of-gone", 20, "{\"order_id\":\"gone\"}");
        put("activity", "of-none", 20, "{}");

        assertEquals(Set.of("of-gone", "of-none"), expired(RULES, ALL_SYNCED, 10));
    }

    @Test
    void shouldShortenWindowsButLeaveTheKindAlone() {
        put("order", "filled", 0.5, "{\"status\":\"filled\"}");
        put("order", "open", 0.5, "{\"status\":\"new\"}");
        put("order", "young", 0.01, "{\"status\":\"filled\"}");

        assertEquals(Set.of("filled"), expired(RULES.within(DAY_MS / 24), ALL_SYNCED, 10));
    }

    @Test
    void shouldFindTheSameWhateverIsCompressedAndHoweverItIsSliced() {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? 60 : only); seed++) {
            Random random = new Random(seed);
            EntityTable mixed = new EntityTable();
            Set<String> expected = new HashSet<>();
            DictionarySchool school = new DictionarySchool();
            for (int i = 0; i < 600; i++) {
                boolean old = random.nextBoolean();
                boolean ended = random.nextBoolean();
                String id = String.format("o-%04d", i);
                mixed.put(new Entity(
                        new EntityKey("order", "k" + random.nextInt(3), id),
                        i + 1,
                        NOW_MS - (old ? 8 : 6) * DAY_MS,
                        Json.of("{\"status\":\"" + (ended ? "filled" : "new") + "\"}")));
                if (old && ended) {
                    expected.add(id);
                }
                if (random.nextInt(50) == 0) {
                    EntityTableTest.compressAll(mixed, school);
                }
            }
            Set<String> found = new HashSet<>();
            RetentionScan scan = new RetentionScan(mixed, RULES, NOW_MS);
            while (!scan.isAtEnd()) {
                List<Expectation> part = scan.next(ALL_SYNCED, 1 + random.nextInt(200));
                // They leave while the scan goes on.
                part.forEach(gone -> {
                    found.add(gone.key().id());
                    mixed.remove(gone.key());
                });
            }
            assertEquals(expected, found, "seed " + seed);
            assertEquals(600 - expected.size(), mixed.count(), "seed " + seed);
        }
    }

    @Test
    void shouldBoundASlice() {
        for (int i = 0; i < 5_000; i++) {
            put("signal", String.format("s-%05d", i), 5, "{}");
        }
        RetentionScan scan = new RetentionScan(table, RULES, NOW_MS);
        List<Integer> sizes = new ArrayList<>();
        while (!scan.isAtEnd()) {
            sizes.add(scan.next(ALL_SYNCED, 100).size());
        }
        assertTrue(sizes.stream().allMatch(size -> size <= 100), sizes::toString);
    }

    @Test
    void shouldSayWhichRuleCannotBeRead() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> rules(Map.of("order", "7d when status is filled")))
                .getMessage();
        assertTrue(message.contains("order: '7d when status is filled'"), message);
    }
}
