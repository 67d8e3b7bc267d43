package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The table against a plain sorted map, through random changes, reads, walks and compression that finishes late. A
 * failing seed is printed and replays exactly: set it as {@code -Dseed=…}.
 */
class EntityTableTest {

    private static final int SEEDS = 1_000;
    private static final int STEPS = 150;

    private static final Comparator<EntityKey> ORDER = Comparator.comparing(EntityKey::domain)
            .thenComparing(EntityKey::partitionKey)
            .thenComparing(EntityKey::id);

    @Test
    void shouldBeAsAPlainMapWhateverIsCompressedWhen() {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? SEEDS : only;
        Seen seen = new Seen();
        // Training takes longer than a whole history: most of them share what one has learned.
        DictionarySchool taught = new DictionarySchool();
        for (long seed = first; seed <= last; seed++) {
            try {
                World world = new World(seed, seen, seed % 20 == 0 ? new DictionarySchool() : taught);
                for (int step = 0; step < STEPS; step++) {
                    world.step();
                }
                world.check();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + " (repeat with -Dseed=" + seed + "): " + failure, failure);
            }
        }
        assertTrue(
                only != null || (seen.walks > SEEDS && seen.cooled > SEEDS * 100L && seen.renewed > SEEDS / 10),
                () -> "the histories are too dull to prove anything: " + seen.walks + " walks, " + seen.cooled
                        + " entities compressed, " + seen.renewed + " blocks packed anew");
    }

    /** What all histories together have tried. */
    private static final class Seen {
        long walks;
        long cooled;
        long renewed;
    }

    private static final class World {
        final Random random;
        final Seen seen;
        final EntityTable table = new EntityTable();
        final NavigableMap<EntityKey, Entity> model = new TreeMap<>(ORDER);
        final DictionarySchool school;
        final int universe;
        long version;
        PackedJob late;
        TableWalk walk;
        Map<EntityKey, Entity> walkModel;
        Map<EntityKey, Entity> walked;
        int walkedCount;

        World(long seed, Seen seen, DictionarySchool school) {
            this.school = school;
            this.random = new Random(seed);
            this.seen = seen;
            this.universe = 20 + random.nextInt(400);
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> change();
                case 3 -> changeMany();
                case 4 -> removeMany();
                case 5, 6, 7 -> compress();
                case 8 -> get();
                case 9, 10 -> list();
                default -> walkOn();
            }
        }

        EntityKey key(int id) {
            return key(random.nextInt(3) == 0 ? "other" : "thing", "k" + random.nextInt(2), id);
        }

        EntityKey key(String domain, String partitionKey, int id) {
            return new EntityKey(domain, partitionKey, String.format("id-%04d-é", id));
        }

        void change() {
            EntityKey key = key(random.nextInt(universe));
            version++;
            if (random.nextInt(4) == 0) {
                table.remove(key);
                model.remove(key);
            } else {
                put(key);
            }
        }

        void changeMany() {
            EntityKey like = key(0);
            int from = random.nextInt(universe);
            int step = 1 + random.nextInt(3);
            for (int id = from; id < universe && id < from + 150; id += step) {
                version++;
                put(key(like.domain(), like.partitionKey(), id));
            }
        }

        void removeMany() {
            EntityKey like = key(0);
            int from = random.nextInt(universe);
            int count = random.nextInt(60);
            version++;
            for (int id = from; id < Math.min(universe, from + count); id++) {
                EntityKey key = key(like.domain(), like.partitionKey(), id);
                table.remove(key);
                model.remove(key);
            }
        }

        void put(EntityKey key) {
            Entity entity = new Entity(
                    key,
                    version,
                    version * 10,
                    Json.of("{\"id\":\"" + key.id() + "\",\"version\":" + version + ",\"noise\":"
                            + random.nextInt(1_000_000) + "}"));
            table.put(entity);
            model.put(key, entity);
        }

        /** Begins to compress, or finishes what was begun before other changes. */
        void compress() {
            if (late != null) {
                seen.cooled += table.install(late);
                late = null;
                return;
            }
            long coldMs = (version - random.nextInt(40)) * 10;
            PackJob job = table.coldScan().next(coldMs, 1 + random.nextInt(600));
            if (job == null) {
                return;
            }
            seen.renewed +=
                    job.runs().stream().filter(run -> run.entities().isEmpty()).count();
            assertNull(table.coldScan().next(Long.MAX_VALUE, 10), "one job at a time");
            if (random.nextInt(10) == 0) {
                table.coldScan().back();
                return;
            }
            late = job.pack(school);
            if (random.nextBoolean()) {
                compress();
            }
        }

        void get() {
            EntityKey key = key(random.nextInt(universe));
            assertEquals(model.get(key), table.get(key), key::toString);
        }

        void list() {
            EntityKey after = key(random.nextInt(universe));
            boolean descending = random.nextBoolean();
            int limit = 1 + random.nextInt(300);
            boolean fromStart = random.nextInt(3) == 0;
            assertEquals(
                    expected(after, fromStart, descending, limit, true),
                    table.list(after.domain(), after.partitionKey(), fromStart ? null : after.id(), descending, limit));
            assertEquals(
                    expected(after, fromStart, descending, limit, false),
                    table.listAll(
                            after.domain(),
                            fromStart ? null : after.partitionKey(),
                            fromStart ? null : after.id(),
                            descending,
                            limit));
        }

        List<Entity> expected(EntityKey after, boolean fromStart, boolean descending, int limit, boolean sameKey) {
            return (descending ? model.descendingMap() : model)
                    .values().stream()
                            .filter(e -> e.key().domain().equals(after.domain()))
                            .filter(e -> !sameKey || e.key().partitionKey().equals(after.partitionKey()))
                            .filter(e -> fromStart
                                    || (descending
                                            ? ORDER.compare(e.key(), after) < 0
                                            : ORDER.compare(e.key(), after) > 0))
                            .limit(limit)
                            .toList();
        }

        void walkOn() {
            if (walk == null) {
                walk = table.walk(version);
                walkModel = new HashMap<>(model);
                walked = new HashMap<>();
                walkedCount = 0;
            }
            List<EntityBatch> batches = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                EntityBatch batch = walk.next(1 + random.nextInt(60));
                if (batch == null) {
                    batches.forEach(this::take);
                    walked.entrySet().removeAll(Set.copyOf(walkModel.entrySet()));
                    assertEquals(walkModel.size(), walkedCount, "the walk sees everything that was there");
                    assertEquals(Map.of(), walked, "the walk sees nothing else");
                    walk = null;
                    seen.walks++;
                    return;
                }
                batches.add(batch);
                if (random.nextInt(3) == 0) {
                    // Batches are read later, while changes go on.
                    change();
                }
            }
            batches.forEach(this::take);
        }

        void take(EntityBatch batch) {
            batch.forEach(entity -> {
                walkedCount++;
                assertNull(walked.put(entity.key(), entity), () -> entity.key() + " was seen twice by one walk");
            });
        }

        void check() {
            while (walk != null) {
                walkOn();
            }
            assertEquals(model.size(), table.count());
            DomainUsage usage = table.usage().values().stream().reduce(DomainUsage.NONE, DomainUsage::plus);
            assertEquals(table.count(), usage.entities());
            long bytes = model.values().stream().mapToLong(e -> e.json().size()).sum();
            assertEquals(bytes, table.bytes());
            assertEquals(bytes, usage.documentBytes());
            for (String domain : List.of("thing", "other")) {
                assertEquals(
                        model.values().stream()
                                .filter(e -> e.key().domain().equals(domain))
                                .toList(),
                        table.listAll(domain, null, null, false, Integer.MAX_VALUE));
            }
            List.copyOf(model.keySet()).forEach(table::remove);
            DomainUsage rest = table.usage().values().stream().reduce(DomainUsage.NONE, DomainUsage::plus);
            assertEquals(DomainUsage.NONE, rest, "nothing is left of an empty table");
        }
    }

    @Test
    void shouldKeepColdEntitiesThreeTimesSmaller() {
        EntityTable table = new EntityTable();
        SampleOrders.of(20_000).forEach(table::put);
        DomainUsage hot = table.usage().get("order");

        compressAll(table, new DictionarySchool());

        DomainUsage cold = table.usage().get("order");
        assertEquals(hot.entities(), cold.cold());
        assertTrue(cold.heapBytes() * 3 < hot.heapBytes(), () -> hot + " → " + cold);
    }

    @Test
    void shouldLetBlocksGrowThatBeganSmall() {
        EntityTable table = new EntityTable();
        DictionarySchool school = new DictionarySchool();
        List<Entity> orders = SampleOrders.of(2_000);
        for (int i = 0; i < orders.size(); i += 5) {
            orders.subList(i, i + 5).forEach(table::put);
            compressAll(table, school);
        }
        Shelf shelf = table.shelf("order", orders.get(0).key().partitionKey());
        assertNotNull(shelf);
        int blocks = shelf.cold().size();
        assertTrue(blocks <= orders.size() / (ColdBlock.MAX_ENTITIES / 4), () -> blocks + " blocks");
    }

    static void compressAll(EntityTable table, DictionarySchool school) {
        long end = table.coldScan().passes() + 2;
        while (table.coldScan().passes() < end) {
            PackJob job = table.coldScan().next(Long.MAX_VALUE, ColdScan.MAX_CANDIDATES);
            if (job != null) {
                table.install(job.pack(school));
            }
        }
    }
}
